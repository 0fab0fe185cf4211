package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import sluice.engine.HostAccess;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.World;

/** Blocking sockets of hosts in virtual time: the same classes, another {@link HostAccess}. */
class VirtualTimeTest {
    private final World world = new World(7);
    private final SimHost a = world.host("a");
    private final SimHost b = world.host("b");
    private final SimLink link = world.link(a, b).delayMs(50);
    private final VirtualHosts hosts = new VirtualHosts(world);
    private final HostAccess ours = hosts.access(a);
    private final HostAccess theirs = hosts.access(b);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Serves one connection by {@code program} on a thread of the peer's host. */
    private interface Program {
        void run(Socket accepted) throws IOException;
    }

    private Thread serve(Program program) throws IOException {
        ServerSocket server = listen();
        return hosts.start(() -> {
            try (server; Socket s = server.accept()) {
                program.run(s);
            } catch (IOException e) {
                failure.set(e);
                throw new UncheckedIOException(e);
            }
        });
    }

    private ServerSocket listen() throws IOException {
        return SluiceSockets.of(theirs).serverSocketFactory().createServerSocket(80);
    }

    private InetSocketAddress server() {
        return Addresses.toInet(b.address(), 80);
    }

    private Socket connect() throws IOException {
        Socket s = SluiceSockets.of(ours).socket();
        s.connect(server());
        return s;
    }

    @Test
    void twoThreadsTalkOverADelayAndEachStepTakesItsTime() throws Exception {
        Thread server = serve(s -> {
            byte[] got = new byte[5];
            assertThat(s.getInputStream().read(got)).isEqualTo(5);
            s.getOutputStream().write(got);
            assertThat(s.getInputStream().read(got)).isEqualTo(-1);
        });
        try (Socket s = connect()) {
            assertThat(world.nowMs()).as("after the handshake, ms").isCloseTo(100, within(1.0));
            s.getOutputStream().write("hello".getBytes());
            byte[] back = new byte[5];
            assertThat(s.getInputStream().read(back)).isEqualTo(5);
            assertThat(new String(back)).isEqualTo("hello");
            assertThat(world.nowMs()).as("after the answer, ms").isCloseTo(200, within(1.0));
        }
        hosts.join(server);
        assertThat(failure.get()).isNull();
    }

    @Test
    void aReadTimesOutAfterAnHourThatTakesNoTime() throws Exception {
        long start = System.nanoTime();
        ServerSocket server = listen();
        try (Socket s = connect()) {
            double before = world.nowMs();
            s.setSoTimeout(3_600_000);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> s.getInputStream().read())
                    .withMessage("Read timed out");
            assertThat(world.nowMs() - before).as("virtual ms").isEqualTo(3_600_000.0);
        }
        server.close();
        assertThat(System.nanoTime() - start).as("real ns").isLessThan(60_000_000_000L);
    }

    @Test
    void connectingIntoABlackHoleTimesOut() throws Exception {
        link.cut();
        Socket s = SluiceSockets.of(ours).socket();
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> s.connect(server(), 10_000));
        assertThat(world.nowMs()).isEqualTo(10_000.0);
    }

    @Test
    void aWriterWaitsUntilTheReaderMakesRoom() throws Exception {
        byte[] much = new byte[8 << 20];
        Thread server = serve(s -> {
            s.setSoTimeout(60_000);
            byte[] got = new byte[1 << 16];
            long sum = 0;
            for (int n = s.getInputStream().read(got); n > 0; n = s.getInputStream().read(got)) {
                sum += n;
            }
            assertThat(sum).isEqualTo(much.length);
        });
        try (Socket s = connect()) {
            s.getOutputStream().write(much);
            assertThat(world.nowMs()).as("several round trips of slow start").isGreaterThan(300);
            s.shutdownOutput();
            assertThat(s.getInputStream().read()).isEqualTo(-1);
        }
        hosts.join(server);
        assertThat(failure.get()).isNull();
    }

    @Test
    void closingByAnotherThreadEndsABlockedRead() throws Exception {
        ServerSocket server = listen();
        Socket s = connect();
        Thread reader = hosts.start(() -> {
            try {
                s.getInputStream().read();
            } catch (IOException e) {
                failure.set(e);
            }
        });
        try (DatagramSocket clock = SluiceSockets.of(ours).datagramSocket()) {
            clock.bind(null);
            clock.setSoTimeout(1_000); // a second passes, with the reader blocked
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> clock.receive(new DatagramPacket(new byte[1], 1)));
        }
        assertThat(failure.get()).isNull();
        s.close();
        hosts.join(reader);
        assertThat(failure.get()).hasMessage("Socket closed");
        server.close();
    }
}

package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import sluice.core.tcp.data.SocketOptions;
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
        void run(SluiceSocket accepted) throws IOException;
    }

    private Thread serve(Program program) throws IOException {
        SluiceServerSocket server = new SluiceServerSocket(theirs, b.address(), 80, 16, new SocketOptions());
        return hosts.start(() -> {
            try (SluiceSocket s = server.accept()) {
                program.run(s);
            } catch (IOException e) {
                failure.set(e);
                throw new UncheckedIOException(e);
            } finally {
                server.close();
            }
        });
    }

    private SluiceSocket connect() throws IOException {
        SluiceSocket s = new SluiceSocket(ours);
        s.connect(b.address(), 80, Duration.ZERO);
        return s;
    }

    @Test
    void twoThreadsTalkOverADelayAndEachStepTakesItsTime() throws Exception {
        Thread server = serve(s -> {
            byte[] got = new byte[5];
            assertThat(s.read(got, 0, 5)).isEqualTo(5);
            s.write(got, 0, 5);
            assertThat(s.read(got, 0, 5)).isEqualTo(-1);
        });
        try (SluiceSocket s = connect()) {
            assertThat(world.nowMs()).as("after the handshake, ms").isCloseTo(100, within(1.0));
            s.write("hello".getBytes(), 0, 5);
            byte[] back = new byte[5];
            assertThat(s.read(back, 0, 5)).isEqualTo(5);
            assertThat(new String(back)).isEqualTo("hello");
            assertThat(world.nowMs()).as("after the answer, ms").isCloseTo(200, within(1.0));
        }
        hosts.join(server);
        assertThat(failure.get()).isNull();
    }

    @Test
    void aReadTimesOutAfterAnHourThatTakesNoTime() throws Exception {
        long start = System.nanoTime();
        SluiceServerSocket server = new SluiceServerSocket(theirs, b.address(), 80, 16, new SocketOptions());
        try (SluiceSocket s = connect()) {
            double before = world.nowMs();
            s.setSoTimeout(3_600_000);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> s.read(new byte[1], 0, 1))
                    .withMessage("Read timed out");
            assertThat(world.nowMs() - before).as("virtual ms").isEqualTo(3_600_000.0);
        }
        server.close();
        assertThat(System.nanoTime() - start).as("real ns").isLessThan(60_000_000_000L);
    }

    @Test
    void connectingIntoABlackHoleTimesOut() throws Exception {
        link.cut();
        SluiceSocket s = new SluiceSocket(ours);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> s.connect(b.address(), 80, Duration.ofSeconds(10)));
        assertThat(world.nowMs()).isEqualTo(10_000.0);
    }

    @Test
    void aWriterWaitsUntilTheReaderMakesRoom() throws Exception {
        byte[] much = new byte[8 << 20];
        Thread server = serve(s -> {
            s.setSoTimeout(60_000);
            byte[] got = new byte[1 << 16];
            long sum = 0;
            for (int n = s.read(got, 0, got.length); n > 0; n = s.read(got, 0, got.length)) {
                sum += n;
            }
            assertThat(sum).isEqualTo(much.length);
        });
        try (SluiceSocket s = connect()) {
            s.write(much, 0, much.length);
            assertThat(world.nowMs()).as("several round trips of slow start").isGreaterThan(300);
            s.shutdownOutput();
            assertThat(s.read(new byte[1], 0, 1)).isEqualTo(-1);
        }
        hosts.join(server);
        assertThat(failure.get()).isNull();
    }

    @Test
    void closingByAnotherThreadEndsABlockedRead() throws Exception {
        SluiceServerSocket server = new SluiceServerSocket(theirs, b.address(), 80, 16, new SocketOptions());
        SluiceSocket s = connect();
        Thread reader = hosts.start(() -> {
            try {
                s.read(new byte[1], 0, 1);
            } catch (IOException e) {
                failure.set(e);
            }
        });
        try (SluiceDatagramSocket clock = new SluiceDatagramSocket(ours, a.address(), 0)) {
            clock.setSoTimeout(1_000); // a second passes, with the reader blocked
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> clock.receive(new byte[1], 0, 1));
        }
        assertThat(failure.get()).isNull();
        s.close();
        hosts.join(reader);
        assertThat(failure.get()).hasMessage("Socket closed");
        server.close();
    }
}

package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.World;

/** The JDK's channels, selectors and sockets of hosts in virtual time: the same classes, another host access. */
class VirtualChannelsTest {
    private final World world = new World(7);
    private final SimHost a = world.host("a");
    private final SimHost b = world.host("b");
    private final SimLink link = world.link(a, b).delayMs(50);
    private final VirtualHosts hosts = new VirtualHosts(world);
    private final SluiceSelectorProvider ours = SluiceSelectorProvider.of(hosts.access(a));
    private final SluiceSelectorProvider theirs = SluiceSelectorProvider.of(hosts.access(b));
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private interface Program {
        void run() throws IOException;
    }

    private Thread start(Program program) {
        return hosts.start(() -> {
            try {
                program.run();
            } catch (Throwable t) {
                failure.set(t);
            }
        });
    }

    private InetSocketAddress server(int port) {
        return Addresses.toInet(b.address(), port);
    }

    private ServerSocketChannel listen() throws IOException {
        return theirs.openServerSocketChannel().bind(server(80));
    }

    @Test
    void aBlockingChannelTakesTheTimeOfItsPackets() throws Exception {
        ServerSocketChannel s = listen();
        Thread peer = start(() -> {
            try (SocketChannel c = s.accept()) {
                ByteBuffer in = ByteBuffer.allocateDirect(5);
                while (in.hasRemaining()) {
                    c.read(in);
                }
                c.write(in.flip());
            }
        });
        try (SocketChannel c = ours.openSocketChannel()) {
            c.connect(server(80));
            assertThat(world.nowMs()).as("after the handshake, ms").isCloseTo(100, within(1.0));
            c.write(ByteBuffer.wrap("hello".getBytes()));
            ByteBuffer in = ByteBuffer.allocate(5);
            while (in.hasRemaining()) {
                c.read(in);
            }
            assertThat(world.nowMs()).as("after the answer, ms").isCloseTo(200, within(1.0));
        }
        hosts.join(peer);
        assertThat(failure.get()).isNull();
    }

    @Test
    void aTimedSelectLastsItsTimeExactly() throws Exception {
        Selector s = ours.openSelector();
        double before = world.nowMs();
        assertThat(s.select(3_600_000)).isZero();
        assertThat(world.nowMs() - before).isEqualTo(3_600_000.0);
        assertThat(s.selectNow()).isZero();
        assertThat(world.nowMs() - before).isEqualTo(3_600_000.0);
        s.close();
    }

    @Test
    void anEventLoopServesInVirtualTime() throws Exception {
        ServerSocketChannel listener = listen();
        listener.configureBlocking(false);
        Selector s = theirs.openSelector();
        listener.register(s, SelectionKey.OP_ACCEPT);
        Thread loop = start(() -> echo(s, listener));
        for (int i = 0; i < 3; i++) {
            try (SocketChannel c = ours.openSocketChannel()) {
                c.connect(server(80));
                double before = world.nowMs();
                c.write(ByteBuffer.wrap(new byte[]{1}));
                assertThat(c.read(ByteBuffer.allocate(1))).isEqualTo(1);
                assertThat(world.nowMs() - before).as("one round trip").isCloseTo(100, within(1.0));
            }
        }
        hosts.join(loop);
        assertThat(failure.get()).isNull();
    }

    private static void echo(Selector s, ServerSocketChannel listener) throws IOException {
        ByteBuffer b = ByteBuffer.allocateDirect(100);
        for (int ended = 0; ended < 3;) {
            s.select();
            for (SelectionKey k : s.selectedKeys()) {
                if (k.isAcceptable()) {
                    listener.accept().configureBlocking(false).register(s, SelectionKey.OP_READ);
                } else if (((SocketChannel) k.channel()).read(b.clear()) < 0) {
                    k.channel().close();
                    ended++;
                } else {
                    ((SocketChannel) k.channel()).write(b.flip());
                }
            }
            s.selectedKeys().clear();
        }
    }

    @Test
    void wakeupEndsASelectAtTheSameInstant() throws Exception {
        Selector s = ours.openSelector();
        double[] woken = new double[1];
        Thread selecting = start(() -> {
            s.select();
            woken[0] = world.nowMs();
        });
        Selector clock = ours.openSelector();
        clock.select(500);
        s.wakeup();
        hosts.join(selecting);
        assertThat(woken[0]).isEqualTo(500.0);
    }

    @Test
    void aSocketTimesOutAfterAnHourThatTakesNoTime() throws Exception {
        SluiceSockets mine = SluiceSockets.of(hosts.access(a));
        ServerSocket s = SluiceSockets.of(hosts.access(b)).serverSocket();
        s.bind(server(80));
        try (Socket c = mine.socket()) {
            c.connect(server(80));
            double before = world.nowMs();
            c.setSoTimeout(3_600_000);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> c.getInputStream().read())
                    .withMessage("Read timed out");
            assertThat(world.nowMs() - before).isEqualTo(3_600_000.0);
        }
        s.close();
    }

    @Test
    void connectingIntoABlackHoleTimesOut() throws Exception {
        link.cut();
        Socket c = SluiceSockets.of(hosts.access(a)).socket();
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> c.connect(server(80), 10_000))
                .withMessage("Connect timed out");
        assertThat(world.nowMs()).isEqualTo(10_000.0);
        Socket ofChannel = ours.openSocketChannel().socket();
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> ofChannel.connect(server(80), 10_000))
                .withMessage("Connect timed out");
        assertThat(world.nowMs()).isEqualTo(20_000.0);
    }

    @Test
    void closingByAnotherThreadEndsABlockedRead() throws Exception {
        listen();
        SocketChannel c = ours.openSocketChannel();
        c.connect(server(80));
        Thread reader = start(() -> c.read(ByteBuffer.allocate(1)));
        try (Selector clock = ours.openSelector()) {
            clock.select(1_000);
        }
        assertThat(failure.get()).isNull();
        c.close();
        hosts.join(reader);
        assertThat(failure.get()).isExactlyInstanceOf(AsynchronousCloseException.class);
    }
}

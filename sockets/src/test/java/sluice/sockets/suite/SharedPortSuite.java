package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** SO_REUSEPORT: several listeners, or datagram channels, with one address and port. */
abstract class SharedPortSuite extends Suite {
    private static final int MANY = 64;

    private ServerSocketChannel sharing(int port) throws IOException {
        ServerSocketChannel s = unboundServer();
        s.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        s.bind(new InetSocketAddress(backend.serverAddress(), port));
        s.configureBlocking(false);
        return s;
    }

    private DatagramChannel sharingDatagrams(int port) throws IOException {
        DatagramChannel c = closing(backend.server().openDatagramChannel());
        c.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        c.bind(new InetSocketAddress(backend.serverAddress(), port));
        c.configureBlocking(false);
        return c;
    }

    private static int port(NetworkChannel c) throws IOException {
        return ((InetSocketAddress) c.getLocalAddress()).getPort();
    }

    /** Who of two non-blocking channels has something, which comes soon. */
    private interface Look {
        boolean at(int which) throws IOException;
    }

    private static int which(Look look) throws IOException {
        long end = System.nanoTime() + SOON_MS * 1_000_000L;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 2; i++) {
                if (look.at(i)) {
                    return i;
                }
            }
            LockSupport.parkNanos(100_000);
        }
        throw new AssertionError("nobody has it");
    }

    @Test
    void theOptionIsKept() throws Exception {
        for (NetworkChannel c : new NetworkChannel[]{socket(), unboundServer(),
            closing(backend.server().openDatagramChannel())}) {
            assertThat(c.supportedOptions()).contains(StandardSocketOptions.SO_REUSEPORT);
            assertThat(c.getOption(StandardSocketOptions.SO_REUSEPORT)).isFalse();
            c.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            assertThat(c.getOption(StandardSocketOptions.SO_REUSEPORT)).isTrue();
        }
        ServerSocket s = closing(backend.newServerSocket());
        s.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        assertThat(s.getOption(StandardSocketOptions.SO_REUSEPORT)).isTrue();
    }

    @Test
    void listenersShareTheConnections() throws Exception {
        ServerSocketChannel[] both = {sharing(0), null};
        both[1] = sharing(port(both[0]));
        int[] accepted = new int[2];
        for (int i = 0; i < MANY; i++) {
            SocketChannel c = socket();
            c.connect(at(both[0]));
            accepted[which(w -> accept(both[w], c))]++;
        }
        // One of 2^63 times all go to one.
        assertThat(accepted[0]).isBetween(1, MANY - 1);
        assertThat(both[0].accept()).as("more than connected").isNull();
        assertThat(both[1].accept()).as("more than connected").isNull();
    }

    private boolean accept(ServerSocketChannel s, SocketChannel from) throws IOException {
        @Nullable SocketChannel a = s.accept();
        if (a != null) {
            assertThat(closing(a).getRemoteAddress()).isEqualTo(from.getLocalAddress());
        }
        return a != null;
    }

    @Test
    void theOneThatIsLeftTakesThemAll() throws Exception {
        ServerSocketChannel first = sharing(0);
        ServerSocketChannel second = sharing(port(first));
        InetSocketAddress to = at(second);
        first.close();
        second.configureBlocking(true);
        for (int i = 0; i < 8; i++) {
            SocketChannel c = socket();
            c.connect(to);
            assertThat(closing(second.accept()).getRemoteAddress()).isEqualTo(c.getLocalAddress());
        }
        assertThat(port(sharing(to.getPort()))).as("a newcomer's").isEqualTo(to.getPort());
    }

    @Test
    void aListenerThatSharesNothingStandsInTheWay() throws Exception {
        ServerSocketChannel sharing = sharing(0);
        ServerSocketChannel alone = unboundServer();
        fails(BindException.class, "Address already in use", () -> alone.bind(at(sharing)));
        ServerSocketChannel s = server();
        fails(BindException.class, "Address already in use", () -> sharing(port(s)));
    }

    @Test
    void datagramsOfAPeerGoToOne() throws Exception {
        DatagramChannel[] both = {sharingDatagrams(0), null};
        both[1] = sharingDatagrams(port(both[0]));
        int[] got = new int[2];
        for (int i = 0; i < MANY; i++) {
            DatagramChannel c = closing(backend.client().openDatagramChannel());
            c.bind(new InetSocketAddress(backend.clientAddress(), 0));
            int one = send(c, both);
            assertThat(send(c, both)).as("the second of the same").isEqualTo(one);
            got[one]++;
            c.close();
        }
        assertThat(got[0]).isBetween(1, MANY - 1);
    }

    private static int send(DatagramChannel c, DatagramChannel[] both) throws IOException {
        c.send(bytes("x"), both[0].getLocalAddress());
        ByteBuffer b = ByteBuffer.allocate(10);
        return which(w -> both[w].receive(b) != null);
    }

    @Test
    void aConnectedOneHasWhatItsPeerSends() throws Exception {
        DatagramChannel first = sharingDatagrams(0);
        DatagramChannel second = sharingDatagrams(port(first));
        DatagramChannel c = closing(backend.client().openDatagramChannel());
        c.bind(new InetSocketAddress(backend.clientAddress(), 0));
        first.connect(c.getLocalAddress());
        first.configureBlocking(true);
        for (int i = 0; i < 8; i++) {
            c.send(bytes("x"), second.getLocalAddress());
            assertThat(first.receive(ByteBuffer.allocate(10))).isEqualTo(c.getLocalAddress());
        }
    }

    @Test
    void aDatagramChannelThatSharesNothingStandsInTheWay() throws Exception {
        DatagramChannel sharing = sharingDatagrams(0);
        DatagramChannel alone = closing(backend.server().openDatagramChannel());
        fails(BindException.class, "Address already in use", () -> alone.bind(sharing.getLocalAddress()));
        alone.bind(new InetSocketAddress(backend.serverAddress(), 0));
        fails(BindException.class, "Address already in use", () -> sharingDatagrams(port(alone)));
    }
}

package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.sockets.SluiceSocketOptions;

/** What a channel of the default provider decides by which address, on a host whose network is 10.0.0.0/24. */
class EitherChannelsTest extends Suite {
    private static final int READ = SelectionKey.OP_READ;

    private InetAddress kernelAddress;

    @Override
    Backend open() {
        return MemoryBackend.either();
    }

    @BeforeEach
    void findKernelAddress() {
        InetAddress a = EitherMovedTest.kernelAddress();
        assumeTrue(a != null, "the kernel has no address but loopback");
        kernelAddress = a;
    }

    private ServerSocketChannel kernelServer() throws IOException {
        return closing(SelectorProvider.provider().openServerSocketChannel())
                .bind(new InetSocketAddress(kernelAddress, 0));
    }

    @Test
    void oneProviderReachesBoth() throws Exception {
        ServerSocketChannel ours = server();
        ServerSocketChannel kernels = kernelServer();
        for (ServerSocketChannel s : new ServerSocketChannel[]{ours, kernels}) {
            SocketChannel c = socket();
            assertThat(c.connect(at(s))).isTrue();
            SocketChannel peer = closing(s.accept());
            c.write(bytes("to it"));
            assertThat(read(peer, 5)).isEqualTo("to it");
            peer.write(bytes("back"));
            assertThat(read(c, 4)).isEqualTo("back");
            assertThat(c.getRemoteAddress()).isEqualTo(s.getLocalAddress());
        }
    }

    @Test
    void optionsThatWereSetBeforeAreKept() throws Exception {
        SocketChannel c = socket();
        c.setOption(StandardSocketOptions.TCP_NODELAY, true);
        c.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        c.setOption(StandardSocketOptions.SO_LINGER, 7);
        c.setOption(SluiceSocketOptions.CORK, true);
        c.connect(at(kernelServer()));
        assertThat(c.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(c.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
        assertThat(c.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(7);
        assertThat(c.supportedOptions()).doesNotContain(SluiceSocketOptions.CORK);
    }

    @Test
    void thePortOfAWildcardBindIsKept() throws Exception {
        SocketChannel c = socket().bind(null);
        for (int i = 0; i < 50 && !isFreeInTheKernel(c); i++) { // of which other tests' connections have some
            c = socket().bind(null);
        }
        int port = ((InetSocketAddress) c.getLocalAddress()).getPort();
        assertThat(port).isPositive();
        c.connect(at(kernelServer()));
        assertThat(c.getLocalAddress()).isEqualTo(new InetSocketAddress(kernelAddress, port));
    }

    private boolean isFreeInTheKernel(SocketChannel bound) throws IOException {
        int port = ((InetSocketAddress) bound.getLocalAddress()).getPort();
        try (ServerSocketChannel s = SelectorProvider.provider().openServerSocketChannel()) {
            s.setOption(StandardSocketOptions.SO_REUSEADDR, false).bind(new InetSocketAddress(kernelAddress, port));
            return true;
        } catch (BindException e) {
            return false;
        }
    }

    @Test
    void aPortThatWasAskedForAndIsTakenThereFails() throws Exception {
        ServerSocketChannel kernels = kernelServer();
        SocketChannel c = socket().bind(new InetSocketAddress(at(kernels).getPort()));
        ServerSocketChannel all = closing(SelectorProvider.provider().openServerSocketChannel())
                .bind(new InetSocketAddress(0));
        SocketChannel d = socket().bind(new InetSocketAddress(at(all).getPort()));
        fails(BindException.class, "Address already in use", () -> d.connect(at(kernels)));
        assertThat(c.isOpen()).isTrue();
    }

    @Test
    void theBlockingModeIsKept() throws Exception {
        SocketChannel c = socket();
        c.configureBlocking(false);
        ServerSocketChannel s = kernelServer();
        c.connect(at(s));
        Selector selector = selector();
        SelectionKey k = c.register(selector, SelectionKey.OP_CONNECT);
        select(selector, k, SelectionKey.OP_CONNECT);
        assertThat(c.finishConnect()).isTrue();
        assertThat(c.read(ByteBuffer.allocate(1))).isZero();
        k.cancel();
        c.configureBlocking(true);
        FutureTask<String> reads = start(() -> read(c, 1));
        closing(s.accept()).write(bytes("x"));
        assertThat(get(reads)).isEqualTo("x");
    }

    @Test
    void aKeyThatWasRegisteredBeforeMovesAlong() throws Exception {
        ServerSocketChannel s = kernelServer();
        SocketChannel c = socket();
        c.configureBlocking(false);
        Selector selector = selector();
        SelectionKey k = c.register(selector, 0, "mine");
        FutureTask<Integer> waits = new FutureTask<>(() -> selector.select());
        k.interestOps(SelectionKey.OP_CONNECT | READ);
        selector.selectNow(); // an unconnected channel is ready for all, as on Linux
        selector.selectedKeys().clear();
        k.interestOps(0);
        assertThat(selector.selectNow()).isZero();
        awaitBlocked(Thread.ofPlatform().daemon().start(waits));
        k.interestOps(SelectionKey.OP_CONNECT);
        c.connect(at(s));
        selector.wakeup();
        get(waits);
        select(selector, k, SelectionKey.OP_CONNECT);
        assertThat(c.finishConnect()).isTrue();
        k.interestOps(READ);
        selector.selectedKeys().clear();
        closing(s.accept()).write(bytes("x"));
        select(selector, k, READ);
        assertThat(k.attachment()).isEqualTo("mine");
        assertThat(k.channel()).isSameAs(c);
        c.close();
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
        assertThat(c.isRegistered()).isFalse();
    }

    @Test
    void aSelectionThatWaitsIsToldOfTheMove() throws Exception {
        ServerSocketChannel s = kernelServer();
        DatagramChannel d = closing(backend.client().openDatagramChannel());
        d.configureBlocking(false);
        Selector selector = selector();
        SelectionKey k = d.register(selector, READ);
        FutureTask<Integer> waits = new FutureTask<>(() -> selector.select());
        awaitBlocked(Thread.ofPlatform().daemon().start(waits));
        DatagramChannel peer = closing(SelectorProvider.provider().openDatagramChannel())
                .bind(new InetSocketAddress(kernelAddress, at(s).getPort()));
        d.send(bytes("x"), peer.getLocalAddress());
        SocketAddress from = peer.receive(ByteBuffer.allocate(1));
        peer.send(bytes("back"), new InetSocketAddress(kernelAddress, ((InetSocketAddress) from).getPort()));
        assertThat(get(waits)).isOne();
        assertThat(selector.selectedKeys()).containsExactly(k);
    }

    @Test
    void aDatagramChannelDecidesByItsFirstDestination() throws Exception {
        DatagramChannel kernels = closing(SelectorProvider.provider().openDatagramChannel())
                .bind(new InetSocketAddress(kernelAddress, 0));
        DatagramChannel ours = closing(backend.server().openDatagramChannel())
                .bind(new InetSocketAddress(backend.serverAddress(), 0));
        for (DatagramChannel peer : new DatagramChannel[]{kernels, ours}) {
            DatagramChannel d = closing(backend.client().openDatagramChannel()).bind(null);
            d.send(bytes("x"), peer.getLocalAddress());
            InetSocketAddress from = (InetSocketAddress) peer.receive(ByteBuffer.allocate(1));
            assertThat(from.getPort()).isEqualTo(((InetSocketAddress) d.getLocalAddress()).getPort());
        }
    }

    @Test
    void aWildcardServerIsTheHosts() throws Exception {
        ServerSocketChannel s = unboundServer().bind(new InetSocketAddress(0));
        SocketChannel c = socket();
        c.connect(new InetSocketAddress(backend.serverAddress(), at(s).getPort()));
        assertThat(closing(s.accept()).getRemoteAddress()).isEqualTo(c.getLocalAddress());
        fails(java.net.ConnectException.class, "Connection refused",
                () -> closing(SelectorProvider.provider().openSocketChannel())
                        .connect(new InetSocketAddress(kernelAddress, at(s).getPort())));
    }

    @Test
    void aServerAtThePlatformsAddressIsThePlatforms() throws Exception {
        ServerSocketChannel s = unboundServer().bind(new InetSocketAddress(kernelAddress, 0));
        try (Socket kernels = new Socket(kernelAddress, at(s).getPort()); SocketChannel peer = s.accept()) {
            peer.write(bytes("hello"));
            assertThat(new String(kernels.getInputStream().readNBytes(5))).isEqualTo("hello");
            assertThat(peer.provider()).isSameAs(backend.server());
        }
    }

    @Test
    void loopbackIsTheHostsOwn() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ServerSocketChannel s = closing(backend.client().openServerSocketChannel())
                .bind(new InetSocketAddress(loopback, 0));
        SocketChannel c = socket();
        c.connect(at(s));
        assertThat(closing(s.accept()).getRemoteAddress()).isEqualTo(c.getLocalAddress());
        fails(java.net.ConnectException.class, "Connection refused", () -> new Socket(loopback, at(s).getPort()));
    }

    @Test
    void theAdaptorsDecideToo() throws Exception {
        ServerSocketChannel s = kernelServer();
        SocketChannel c = socket();
        Socket socket = c.socket();
        socket.setTcpNoDelay(true);
        socket.connect(s.getLocalAddress(), SOON_MS);
        assertThat(socket.getChannel()).isSameAs(c);
        assertThat(socket.getTcpNoDelay()).isTrue();
        SocketChannel peer = closing(s.accept());
        peer.write(bytes("hello"));
        assertThat(new String(socket.getInputStream().readNBytes(5))).isEqualTo("hello");
        socket.setSoTimeout(20);
        fails(java.net.SocketTimeoutException.class, "Read timed out", () -> socket.getInputStream().read());
        socket.getOutputStream().write("back".getBytes());
        assertThat(read(peer, 4)).isEqualTo("back");
        assertThat(socket.getPort()).isEqualTo(at(s).getPort());
    }
}

package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sockets of channels: {@code channel.socket()}. */
abstract class AdaptorSuite extends Suite {
    @Test
    void aChannelHasOneSocket() throws Exception {
        SocketChannel c = socket();
        Socket s = c.socket();
        assertThat(c.socket()).isSameAs(s);
        assertThat(s.getChannel()).isSameAs(c);
        ServerSocketChannel ssc = unboundServer();
        assertThat(ssc.socket()).isSameAs(ssc.socket());
        assertThat(ssc.socket().getChannel()).isSameAs(ssc);
    }

    @Test
    void aSocketIsWhatItsChannelIs() throws Exception {
        SocketChannel c = socket();
        Socket s = c.socket();
        assertThat(s.isBound() || s.isConnected() || s.isClosed()).isFalse();
        assertThat(s.toString()).isEqualTo("Socket[unconnected]");
        assertThat(s.getPort()).isZero();
        assertThat(s.getLocalPort()).isEqualTo(-1);
        assertThat(s.getInetAddress()).isNull();
        assertThat(s.getLocalAddress().isAnyLocalAddress()).isTrue();
        ServerSocketChannel server = server();
        s.connect(at(server));
        assertThat(c.isConnected() && s.isConnected() && s.isBound()).isTrue();
        assertThat(s.getRemoteSocketAddress()).isEqualTo(c.getRemoteAddress());
        assertThat(s.getLocalSocketAddress()).isEqualTo(c.getLocalAddress());
        assertThat(s.getPort()).isEqualTo(at(server).getPort());
        assertThat(s.toString()).isEqualTo("Socket[addr=" + s.getInetAddress() + ",port=" + s.getPort()
                + ",localport=" + s.getLocalPort() + "]");
        s.close();
        assertThat(c.isOpen()).isFalse();
        assertThat(s.isClosed()).isTrue();
    }

    @Test
    void serverAndClientTalk() throws Exception {
        ServerSocket server = unboundServer().socket();
        server.bind(new InetSocketAddress(backend.serverAddress(), 0));
        Socket c = socket().socket();
        c.connect(server.getLocalSocketAddress(), 5_000);
        Socket a = closing(server.accept());
        assertThat(a.getChannel()).isNotNull();
        c.getOutputStream().write("hello".getBytes());
        c.shutdownOutput();
        assertThat(new String(a.getInputStream().readAllBytes())).isEqualTo("hello");
        a.getOutputStream().write('x');
        assertThat(c.getInputStream().read()).isEqualTo('x');
        assertThat(c.isOutputShutdown()).isTrue();
    }

    @Test
    void timeouts() throws Exception {
        Pair p = pair();
        Socket s = p.client().socket();
        s.setSoTimeout(30);
        InputStream in = s.getInputStream();
        long begin = System.nanoTime();
        fails(SocketTimeoutException.class, "Read timed out", in::read);
        assertThat(System.nanoTime() - begin).as("waited").isGreaterThan(25_000_000L);
        p.server().write(bytes("a"));
        assertThat(in.read()).isEqualTo('a');
        ServerSocket server = server().socket();
        server.setSoTimeout(30);
        fails(SocketTimeoutException.class, "Accept timed out", server::accept);
        fails(IllegalArgumentException.class, "timeout < 0", () -> s.setSoTimeout(-1));
    }

    @Test
    void failures() throws Exception {
        Socket s = socket().socket();
        fails(SocketException.class, "Socket is not connected", s::getInputStream);
        fails(SocketException.class, "Socket is not connected", s::shutdownInput);
        fails(IllegalArgumentException.class, "connect: The address can't be null", () -> s.connect(null));
        fails(SocketException.class, "Unsupported address type", () -> s.connect(new OtherAddress()));
        fails(ConnectException.class, "Connection refused", () -> s.connect(backend.nobody()));
        assertThat(s.isClosed()).isTrue();
        Socket other = socket().socket();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                () -> other.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 9))))
                .isInstanceOf(UnknownHostException.class);
        assertThat(other.isClosed()).isTrue();
        fails(SocketException.class, "Already connected", () -> {
            ServerSocketChannel server = server();
            Socket again = socket().socket();
            again.connect(at(server));
            again.connect(at(server));
        });
        fails(SocketException.class, "Socket is not bound yet", () -> unboundServer().socket().accept());
        fails(SocketException.class, "Already bound", () -> server().socket().bind(null));
    }

    @Test
    void closedOnesComplain() throws Exception {
        Pair p = pair();
        Socket s = p.client().socket();
        InputStream in = s.getInputStream();
        OutputStream out = s.getOutputStream();
        p.client().close();
        fails(SocketException.class, "Socket is closed", s::getInputStream);
        fails(SocketException.class, "Socket is closed", () -> s.setSoTimeout(1));
        fails(SocketException.class, "Socket is closed", () -> s.setTcpNoDelay(true));
        fails(java.nio.channels.ClosedChannelException.class, null, in::read);
        fails(java.nio.channels.ClosedChannelException.class, null, () -> out.write(1));
    }

    @Test
    void nonBlockingChannelsHaveNoStreams() throws Exception {
        Pair p = pair();
        Socket s = p.client().socket();
        InputStream in = s.getInputStream();
        OutputStream out = s.getOutputStream();
        p.client().configureBlocking(false);
        fails(IllegalBlockingModeException.class, null, in::read);
        fails(IllegalBlockingModeException.class, null, () -> out.write(1));
        ServerSocketChannel server = server();
        server.configureBlocking(false);
        fails(IllegalBlockingModeException.class, null, () -> server.socket().accept());
        SocketChannel c = socket();
        c.configureBlocking(false);
        fails(IllegalBlockingModeException.class, null, () -> c.socket().connect(at(server)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingEndsARead(boolean virtual) throws Exception {
        SocketChannel c = pair().client();
        InputStream in = c.socket().getInputStream();
        FutureTask<Integer> reading = new FutureTask<>(in::read);
        awaitBlocked((virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(reading));
        c.socket().close();
        failed(AsynchronousCloseException.class, null, failure(reading));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void interruptEndsARead(boolean virtual) throws Exception {
        SocketChannel c = pair().client();
        InputStream in = c.socket().getInputStream();
        FutureTask<Integer> reading = new FutureTask<>(in::read);
        Thread t = (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(reading);
        awaitBlocked(t);
        t.interrupt();
        failed(ClosedByInterruptException.class, null, failure(reading));
        assertThat(c.isOpen()).isFalse();
    }

    @Test
    void options() throws Exception {
        Socket s = pair().client().socket();
        s.setTcpNoDelay(true);
        s.setKeepAlive(true);
        s.setOOBInline(true);
        s.setReuseAddress(true);
        s.setSoLinger(true, 3);
        s.setTrafficClass(8);
        assertThat(s.getTcpNoDelay() && s.getKeepAlive() && s.getOOBInline() && s.getReuseAddress()).isTrue();
        assertThat(s.getSoLinger()).isEqualTo(3);
        assertThat(s.getTrafficClass()).isEqualTo(8);
        s.setSoLinger(false, 3);
        assertThat(s.getSoLinger()).isEqualTo(-1);
        fails(IllegalArgumentException.class, "Invalid send size", () -> s.setSendBufferSize(0));
        fails(IllegalArgumentException.class, "Invalid receive size", () -> s.setReceiveBufferSize(-1));
        ServerSocket server = unboundServer().socket();
        fails(IllegalArgumentException.class, "size cannot be 0 or negative", () -> server.setReceiveBufferSize(0));
        server.setReuseAddress(false);
        assertThat(server.getReuseAddress()).isFalse();
    }

    @Test
    void urgentData() throws Exception {
        Pair p = pair();
        Socket s = p.client().socket();
        s.getOutputStream().write('a');
        s.sendUrgentData('!');
        s.getOutputStream().write('b');
        s.shutdownOutput();
        assertThat(new String(p.server().socket().getInputStream().readAllBytes())).isEqualTo("ab");
    }

    @Test
    void streamsCloseTheChannel() throws Exception {
        Pair p = pair();
        p.client().socket().getInputStream().close();
        assertThat(p.client().isOpen()).isFalse();
        p.server().socket().getOutputStream().close();
        assertThat(p.server().isOpen()).isFalse();
    }

    @Test
    void availableBytes() throws Exception {
        Pair p = pair();
        InputStream in = p.server().socket().getInputStream();
        p.client().write(bytes("abc"));
        assertThat(in.read()).isEqualTo('a');
        assertThat(in.available()).isEqualTo(2);
    }

}

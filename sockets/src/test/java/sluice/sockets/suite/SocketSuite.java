package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Socket} and {@link ServerSocket}, as java.net makes them. */
abstract class SocketSuite extends NetSuite {
    private static Thread.Builder kind(boolean virtual) {
        return virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    }

    /** A call that blocks: its outcome and its thread. */
    private record Blocked(Thread thread, FutureTask<?> task) {}

    private static Blocked block(boolean virtual, Callable<?> call) {
        FutureTask<?> task = new FutureTask<>(call);
        Thread t = kind(virtual).start(task);
        awaitBlocked(t);
        return new Blocked(t, task);
    }

    // ----- opening

    @Test
    void aNewSocketIsNothingYet() throws Exception {
        Socket s = client();
        assertThat(s.isBound()).isFalse();
        assertThat(s.isConnected()).isFalse();
        assertThat(s.isClosed()).isFalse();
        assertThat(s.getPort()).isZero();
        assertThat(s.getLocalPort()).isEqualTo(-1);
        assertThat(s.getInetAddress()).isNull();
        assertThat(s.getRemoteSocketAddress()).isNull();
        assertThat(s.getLocalSocketAddress()).isNull();
        assertThat(s.getLocalAddress().isAnyLocalAddress()).isTrue();
        assertThat(s.getChannel()).isNull();
        assertThat(s.toString()).isEqualTo("Socket[unconnected]");
    }

    @Test
    void aNewServerSocketIsNothingYet() throws Exception {
        ServerSocket s = closing(backend.newServerSocket());
        assertThat(s.isBound()).isFalse();
        assertThat(s.getLocalPort()).isEqualTo(-1);
        assertThat(s.getInetAddress()).isNull();
        assertThat(s.getLocalSocketAddress()).isNull();
        assertThat(s.toString()).isEqualTo("ServerSocket[unbound]");
        fails(SocketException.class, "Socket is not bound yet", s::accept);
    }

    @Test
    void connectAndAcceptKnowEachOther() throws Exception {
        Two t = two();
        assertThat(t.client().isConnected() && t.client().isBound()).isTrue();
        assertThat(t.server().isConnected() && t.server().isBound()).isTrue();
        assertThat(t.client().getRemoteSocketAddress()).isEqualTo(t.server().getLocalSocketAddress());
        assertThat(t.server().getRemoteSocketAddress()).isEqualTo(t.client().getLocalSocketAddress());
        assertThat(t.client().getInetAddress()).isEqualTo(backend.serverAddress());
        assertThat(t.client().getLocalAddress()).isEqualTo(backend.clientAddress());
    }

    @Test
    void aListenerKnowsItsAddress() throws Exception {
        ServerSocket s = listening();
        assertThat(s.isBound()).isTrue();
        assertThat(s.getLocalPort()).isPositive();
        assertThat(s.getInetAddress()).isEqualTo(backend.serverAddress());
        assertThat(s.getLocalSocketAddress())
                .isEqualTo(new InetSocketAddress(backend.serverAddress(), s.getLocalPort()));
    }

    @Test
    void bindingChoosesOurSide() throws Exception {
        Socket c = client();
        c.bind(new InetSocketAddress(backend.clientAddress(), 0));
        int port = c.getLocalPort();
        assertThat(port).isPositive();
        ServerSocket s = listening();
        c.connect(s.getLocalSocketAddress());
        assertThat(c.getLocalPort()).isEqualTo(port);
        assertThat(closing(s.accept()).getPort()).isEqualTo(port);
        fails(SocketException.class, "Already bound", () -> c.bind(null));
    }

    @Test
    void connectIsRefused() throws Exception {
        Socket c = client();
        fails(ConnectException.class, "Connection refused", () -> c.connect(backend.nobody()));
        assertThat(c.isClosed()).isTrue();
    }

    @Test
    void connectWithATimeout() throws Exception {
        ServerSocket s = listening();
        Socket c = client();
        c.connect(s.getLocalSocketAddress(), 5_000);
        assertThat(c.isConnected()).isTrue();
        Socket refused = client();
        fails(ConnectException.class, "Connection refused", () -> refused.connect(backend.nobody(), 5_000));
    }

    @Test
    void connectComplains() throws Exception {
        Socket c = client();
        fails(IllegalArgumentException.class, "connect: The address can't be null", () -> c.connect(null));
        fails(IllegalArgumentException.class, "connect: timeout can't be negative",
                () -> c.connect(new InetSocketAddress(backend.serverAddress(), 9), -1));
        fails(IllegalArgumentException.class, "Unsupported address type", () -> c.connect(new OtherAddress()));
        Two t = two();
        fails(SocketException.class, "Already connected", () -> t.client().connect(backend.nobody()));
    }

    @Test
    void anUnknownHost() throws Exception {
        Socket c = client();
        assertThat(catchThrowable(() -> c.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 9))))
                .isInstanceOf(UnknownHostException.class);
        assertThat(c.isClosed()).isTrue();
    }

    @Test
    void bindFails() throws Exception {
        ServerSocket s = listening();
        ServerSocket again = closing(backend.newServerSocket());
        fails(BindException.class, "Address already in use", () -> again.bind(s.getLocalSocketAddress()));
        ServerSocket foreign = closing(backend.newServerSocket());
        fails(BindException.class, "Cannot assign requested address",
                () -> foreign.bind(new InetSocketAddress(backend.foreignAddress(), 0)));
        fails(SocketException.class, "Already bound", () -> s.bind(null));
    }

    // ----- streams

    @Test
    void bytesGoThereAndBack() throws Exception {
        Two t = two();
        write(t.client(), "hello");
        assertThat(read(t.server(), 5)).isEqualTo("hello");
        t.server().getOutputStream().write('x');
        assertThat(t.client().getInputStream().read()).isEqualTo('x');
    }

    @Test
    void muchGoesThrough() throws Exception {
        Two t = two();
        byte[] out = new byte[2_000_000];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (i * 13 + (i >> 9));
        }
        FutureTask<Void> writer = start(() -> {
            t.client().getOutputStream().write(out);
            t.client().shutdownOutput();
            return null;
        });
        assertThat(t.server().getInputStream().readAllBytes()).isEqualTo(out);
        get(writer);
    }

    @Test
    void availableSaysWhatIsThere() throws Exception {
        Two t = two();
        InputStream in = t.server().getInputStream();
        assertThat(in.available()).isZero();
        write(t.client(), "abc");
        assertThat(in.read()).isEqualTo('a');
        assertThat(in.available()).isEqualTo(2);
    }

    @Test
    void theEndOfTheStream() throws Exception {
        Two t = two();
        t.client().shutdownOutput();
        assertThat(t.client().isOutputShutdown()).isTrue();
        assertThat(t.server().getInputStream().read()).isEqualTo(-1);
        assertThat(t.server().getInputStream().read()).isEqualTo(-1);
        assertThat(t.server().getInputStream().read(new byte[0])).isZero();
        fails(SocketException.class, "Socket output is shutdown", t.client()::getOutputStream);
        fails(SocketException.class, "Socket output is already shutdown", t.client()::shutdownOutput);
    }

    @Test
    void writingAfterShutdownOutputIsABrokenPipe() throws Exception {
        Two t = two();
        OutputStream out = t.client().getOutputStream();
        t.client().shutdownOutput();
        fails(SocketException.class, "Broken pipe", () -> out.write(1));
    }

    @Test
    void shutdownInputEndsReads() throws Exception {
        Two t = two();
        InputStream in = t.client().getInputStream();
        t.client().shutdownInput();
        assertThat(t.client().isInputShutdown()).isTrue();
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.available()).isZero();
        fails(SocketException.class, "Socket input is shutdown", t.client()::getInputStream);
        fails(SocketException.class, "Socket input is already shutdown", t.client()::shutdownInput);
    }

    @Test
    void streamsNeedAConnection() throws Exception {
        Socket c = client();
        fails(SocketException.class, "Socket is not connected", c::getInputStream);
        fails(SocketException.class, "Socket is not connected", c::getOutputStream);
        fails(SocketException.class, "Socket is not connected", c::shutdownInput);
        fails(SocketException.class, "Socket is not connected", c::shutdownOutput);
    }

    @Test
    void closingAStreamClosesTheSocket() throws Exception {
        Two t = two();
        t.client().getInputStream().close();
        assertThat(t.client().isClosed()).isTrue();
        assertThat(t.server().getInputStream().read()).isEqualTo(-1);
        t.server().getOutputStream().close();
        assertThat(t.server().isClosed()).isTrue();
    }

    @Test
    void aResetIsReadAgainAndAgain() throws Exception {
        Two t = two();
        t.server().setSoLinger(true, 0);
        t.server().close();
        InputStream in = t.client().getInputStream();
        fails(SocketException.class, "Connection reset", in::read);
        fails(SocketException.class, "Connection reset", in::read);
        fails(SocketException.class, "Broken pipe", () -> t.client().getOutputStream().write(1));
    }

    // ----- closed

    @Test
    void aClosedSocketComplains() throws Exception {
        Two t = two();
        Socket c = t.client();
        InputStream in = c.getInputStream();
        OutputStream out = c.getOutputStream();
        c.close();
        c.close();
        assertThat(c.isClosed()).isTrue();
        assertThat(c.isConnected()).as("was").isTrue();
        fails(SocketException.class, "Socket is closed", c::getInputStream);
        fails(SocketException.class, "Socket is closed", c::getOutputStream);
        fails(SocketException.class, "Socket is closed", () -> c.setTcpNoDelay(true));
        fails(SocketException.class, "Socket is closed", c::getTcpNoDelay);
        fails(SocketException.class, "Socket is closed", () -> c.setSoTimeout(1));
        fails(SocketException.class, "Socket is closed", c::shutdownInput);
        fails(SocketException.class, "Socket is closed", () -> c.connect(backend.nobody()));
        fails(SocketException.class, "Socket is closed", () -> c.bind(null));
        fails(SocketException.class, "Socket closed", in::read);
        fails(SocketException.class, "Socket closed", () -> out.write(1));
        fails(SocketException.class, "Socket closed", in::available);
    }

    @Test
    void aClosedServerSocketComplains() throws Exception {
        ServerSocket s = listening();
        s.close();
        s.close();
        assertThat(s.isClosed()).isTrue();
        fails(SocketException.class, "Socket is closed", s::accept);
        fails(SocketException.class, "Socket is closed", () -> s.bind(null));
        fails(SocketException.class, "Socket is closed", () -> s.setSoTimeout(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingEndsARead(boolean virtual) throws Exception {
        Two t = two();
        Blocked b = block(virtual, () -> t.client().getInputStream().read());
        t.client().close();
        failed(SocketException.class, "Socket closed", failure(b.task));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingEndsAWrite(boolean virtual) throws Exception {
        Two t = two();
        Blocked b = block(virtual, () -> {
            byte[] much = new byte[1 << 20];
            while (true) {
                t.client().getOutputStream().write(much);
            }
        });
        t.client().close();
        failed(SocketException.class, "Socket closed", failure(b.task));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingEndsAnAccept(boolean virtual) throws Exception {
        ServerSocket s = listening();
        Blocked b = block(virtual, s::accept);
        s.close();
        failed(SocketException.class, "Socket closed", failure(b.task));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shutdownInputEndsABlockedRead(boolean virtual) throws Exception {
        Two t = two();
        Blocked b = block(virtual, () -> t.client().getInputStream().read());
        t.client().shutdownInput();
        assertThat(b.task.get()).isEqualTo(-1);
    }

    @Test
    void interruptDoesNotEndAReadOfAPlatformThread() throws Exception {
        Two t = two();
        Blocked b = block(false, () -> t.client().getInputStream().read());
        b.thread.interrupt();
        write(t.server(), "x");
        assertThat(get(b.task)).isEqualTo((int) 'x');
        assertThat(t.client().isClosed()).isFalse();
    }

    @Test
    void interruptClosesTheSocketOfAVirtualThread() throws Exception {
        Two t = two();
        Blocked b = block(true, () -> t.client().getInputStream().read());
        b.thread.interrupt();
        failed(SocketException.class, "Closed by interrupt", failure(b.task));
        assertThat(t.client().isClosed()).isTrue();
        ServerSocket s = listening();
        Blocked accepting = block(true, s::accept);
        accepting.thread.interrupt();
        failed(SocketException.class, "Closed by interrupt", failure(accepting.task));
        assertThat(s.isClosed()).isTrue();
    }

    // ----- timeouts

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReadTimesOut(boolean virtual) throws Exception {
        Two t = two();
        t.client().setSoTimeout(40);
        assertThat(t.client().getSoTimeout()).isEqualTo(40);
        long start = System.nanoTime();
        FutureTask<Integer> reading = start(kind(virtual), () -> t.client().getInputStream().read());
        failed(SocketTimeoutException.class, "Read timed out", failure(reading));
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(39_000_000L);
        t.client().setSoTimeout(0); // the machine may be busy for longer
        write(t.server(), "late");
        assertThat(read(t.client(), 4)).as("still open").isEqualTo("late");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAcceptTimesOut(boolean virtual) throws Exception {
        ServerSocket s = listening();
        s.setSoTimeout(40);
        FutureTask<Socket> accepting = start(kind(virtual), s::accept);
        failed(SocketTimeoutException.class, "Accept timed out", failure(accepting));
        client().connect(s.getLocalSocketAddress());
        assertThat(closing(s.accept()).isConnected()).isTrue();
    }

    @Test
    void negativeTimeoutsComplain() throws Exception {
        fails(IllegalArgumentException.class, "timeout can't be negative", () -> two().client().setSoTimeout(-1));
        fails(IllegalArgumentException.class, "timeout < 0", () -> listening().setSoTimeout(-1));
    }

    @Test
    void anEchoServerOfVirtualThreads() throws Exception {
        ServerSocket server = listening();
        Thread.startVirtualThread(() -> {
            while (true) {
                try {
                    Socket s = server.accept();
                    Thread.startVirtualThread(() -> {
                        try (s) {
                            s.getInputStream().transferTo(s.getOutputStream());
                        } catch (IOException e) {
                            // the client left
                        }
                    });
                } catch (IOException e) {
                    return;
                }
            }
        });
        java.util.List<FutureTask<String>> clients = new java.util.ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String text = "client " + i;
            clients.add(start(Thread.ofVirtual(), () -> {
                try (Socket s = backend.newSocket(false)) {
                    s.connect(server.getLocalSocketAddress());
                    write(s, text);
                    s.shutdownOutput();
                    return new String(s.getInputStream().readAllBytes());
                }
            }));
        }
        for (int i = 0; i < clients.size(); i++) {
            assertThat(get(clients.get(i))).isEqualTo("client " + i);
        }
    }
}

package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the cases of the socket suite share. A case is written once, passes on the JDK's kernel sockets (the oracle) and
 * is asked of each other backend.
 */
@Timeout(30)
abstract class Suite {
    /** Long enough for anything to happen that is going to. */
    static final int SOON_MS = 10_000;

    Backend backend = new KernelBackend();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** Where the cases of this class run. */
    abstract Backend open();

    @BeforeEach
    void openBackend() {
        backend = open();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable c : opened.reversed()) {
            c.close();
        }
        backend.close();
    }

    /** Closes {@code c} when the case ends. */
    final <C extends AutoCloseable> C closing(C c) {
        opened.add(c);
        return c;
    }

    // ----- making

    final SocketChannel socket() throws IOException {
        return closing(backend.client().openSocketChannel());
    }

    final ServerSocketChannel unboundServer() throws IOException {
        return closing(backend.server().openServerSocketChannel());
    }

    final ServerSocketChannel server() throws IOException {
        return unboundServer().bind(new InetSocketAddress(backend.serverAddress(), 0));
    }

    final Selector selector() throws IOException {
        return closing(backend.client().openSelector());
    }

    final Selector serverSelector() throws IOException {
        return closing(backend.server().openSelector());
    }

    static InetSocketAddress at(ServerSocketChannel server) throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    /** Two ends of one connection. */
    record Pair(SocketChannel client, SocketChannel server) {}

    final Pair pair() throws IOException {
        ServerSocketChannel s = server();
        SocketChannel c = socket();
        c.connect(at(s));
        return new Pair(c, closing(s.accept()));
    }

    /** The same, both non-blocking. */
    final Pair nonBlockingPair() throws IOException {
        Pair p = pair();
        p.client.configureBlocking(false);
        p.server.configureBlocking(false);
        return p;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static ByteBuffer direct(String text) {
        return ByteBuffer.allocateDirect(text.length()).put(bytes(text)).flip();
    }

    static String text(ByteBuffer b) {
        byte[] all = new byte[b.remaining()];
        b.get(all);
        return new String(all, StandardCharsets.US_ASCII);
    }

    /** Reads until {@code count} bytes are there, blocking. */
    static String read(SocketChannel c, int count) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(count);
        while (b.hasRemaining()) {
            assertThat(c.read(b)).as("bytes read").isPositive();
        }
        return text(b.flip());
    }

    /** Writes until the channel takes no more; how much that was. */
    static long fill(SocketChannel c) throws IOException {
        ByteBuffer b = ByteBuffer.allocateDirect(65_536);
        long sum = 0;
        for (int idle = 0; idle < 20;) {
            int n = c.write(b.clear());
            sum += n;
            if (n == 0) {
                idle++; // the peer may still be taking what is on its way
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            } else {
                idle = 0;
            }
        }
        return sum;
    }

    /** Resets the connection from this end. */
    static void reset(SocketChannel c) throws IOException {
        c.setOption(StandardSocketOptions.SO_LINGER, 0);
        c.close();
    }

    // ----- waiting and failing

    /** Runs on another thread. */
    static <T> FutureTask<T> start(Callable<T> call) {
        return start(Thread.ofPlatform().daemon(), call);
    }

    /** Runs on another thread of this kind. */
    static <T> FutureTask<T> start(Thread.Builder kind, Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        kind.start(task);
        return task;
    }

    static <T> T get(FutureTask<T> task) throws Exception {
        return task.get(SOON_MS, TimeUnit.MILLISECONDS);
    }

    /** What a call on another thread threw. */
    static @Nullable Throwable failure(FutureTask<?> task) {
        Throwable t = catchThrowable(() -> task.get(SOON_MS, TimeUnit.MILLISECONDS));
        return t instanceof java.util.concurrent.ExecutionException ? t.getCause() : t;
    }

    /** Waits until {@code thread} has stopped running: it blocks. */
    static void awaitBlocked(Thread thread) {
        long end = System.nanoTime() + SOON_MS * 1_000_000L;
        for (int still = 0; still < 8 && System.nanoTime() < end;) {
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
            Thread.State s = thread.getState();
            boolean inKernel = s == Thread.State.RUNNABLE && isInNative(thread);
            still = s == Thread.State.WAITING || s == Thread.State.TIMED_WAITING || inKernel ? still + 1 : 0;
        }
    }

    private static boolean isInNative(Thread thread) {
        StackTraceElement[] trace = thread.getStackTrace();
        return trace.length > 0 && trace[0].isNativeMethod();
    }

    /** A call fails with exactly this. */
    static void fails(Class<? extends Throwable> type, @Nullable String message, ThrowingCallable call) {
        failed(type, message, catchThrowable(call));
    }

    static void failed(Class<? extends Throwable> type, @Nullable String message, @Nullable Throwable t) {
        assertThat(t).isExactlyInstanceOf(type).hasMessage(message);
    }

    /** Selects until the key has all of {@code ops}. */
    static void select(Selector selector, SelectionKey key, int ops) throws IOException {
        long end = System.nanoTime() + SOON_MS * 1_000_000L;
        while (!selector.selectedKeys().contains(key) || (key.readyOps() & ops) != ops) {
            assertThat(System.nanoTime()).as("still not ready").isLessThan(end);
            selector.select(100);
        }
    }

    /** An address of the kind that no channel takes. */
    static final class OtherAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;
    }
}

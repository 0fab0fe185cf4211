package sluice.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import sluice.core.Host;

/**
 * Gives memory back to the system when it is no longer needed: lets the host's pool go of blocks that nobody wants and
 * its idle connections of what they can make again ({@code TcpLayer.rest}), and has the JVM collect when what the
 * stack holds has fallen to half of what it was. An idle JVM collects nothing by itself, so that after ten thousand
 * connections have ended their memory would stay.
 *
 * <p>For a process that is there for its stack, with {@code Stack.builder(…).with(new MemoryReturn())}: a collection
 * stops all threads of the program for as long as its heap needs. Start the JVM with {@code
 * -XX:TrimNativeHeapInterval=5000}, so that the C library gives back too what it was given, and with the serial
 * collector {@code -XX:-ShrinkHeapInSteps}.
 */
public final class MemoryReturn implements StackExtension {
    /** Between two looks. */
    private static final long LOOK_NS = 2_000_000_000L;
    /** Less than this is not worth a collection. */
    private static final long LEAST_BYTES = 4 << 20;
    /** What a connection holds of the heap, with its application's objects. */
    private static final long CONNECTION_BYTES = 6 << 10;
    /** A connection on which nothing has come or gone for so long rests. */
    private static final long REST_NS = 10_000_000_000L;
    /** Places of the table that are looked at in one go, so that nobody waits long for the host. */
    private static final int PLACES = 4096;

    private final Runnable collector;
    private volatile boolean stopped;
    private @Nullable Thread thread;
    private long mostBytes;

    /** With the JVM's collector. */
    public MemoryReturn() {
        this(System::gc);
    }

    /** For a test: {@code collector} is run in place of the JVM's. */
    MemoryReturn(Runnable collector) {
        this.collector = collector;
    }

    @Override
    public void start(Stack stack) {
        thread = Thread.ofPlatform().daemon().name("sluice-memory-return").start(() -> run(stack));
    }

    private void run(Stack stack) {
        try {
            while (!stopped) {
                LockSupport.parkNanos(this, LOOK_NS);
                lookAndSurvive(stack);
            }
        } catch (ShardStoppedException e) {
            // with the stack
        }
    }

    private void lookAndSurvive(Stack stack) {
        try {
            rest(stack, REST_NS);
            look(stack.execute(MemoryReturn::trimmed));
        } catch (OutOfMemoryError e) {
            // the next look is more needed than this one was
        }
    }

    /** Those of the stack's connections rest on which nothing has come or gone for {@code idleNs}. */
    void rest(Stack stack, long idleNs) {
        long nowNs = stack.shard().nowNs();
        int from = 0;
        do {
            int at = from;
            from = stack.execute(host -> host.tcp().rest(at, PLACES, idleNs, nowNs));
        } while (from != 0 && !stopped);
    }

    /** What the host holds after its pool was trimmed, bytes. */
    static long trimmed(Host host) {
        host.pool().trim();
        return host.pool().inUseBytes() + host.pool().idleBytes() + host.memory().tcp().sockets() * CONNECTION_BYTES;
    }

    /** {@code heldBytes} are held now. */
    void look(long heldBytes) {
        mostBytes = Math.max(mostBytes, heldBytes);
        if (heldBytes <= mostBytes / 2 && mostBytes - heldBytes >= LEAST_BYTES) {
            mostBytes = heldBytes;
            collector.run();
        }
    }

    @Override
    public void close() {
        stopped = true;
        Thread t = thread;
        if (t != null) {
            LockSupport.unpark(t);
        }
    }
}

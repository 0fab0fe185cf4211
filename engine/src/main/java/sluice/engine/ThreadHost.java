package sluice.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which host a thread belongs to: the one that {@link #run} or {@link #call} entered last, on this thread, or on the
 * thread that made this one before it was made. What has no stack in its hands (the JVM's provider of channels, its
 * resolver of names, a socket factory) asks here for the stack of whoever calls.
 *
 * <p>Belonging is not being inside ({@link HostAccess#enter}): it takes no lock, and lasts.
 *
 * <p><b>Inheritance</b> is that of {@link InheritableThreadLocal}: threads, virtual ones too, and the workers that a
 * pool makes, belong where their maker belonged when it made them, for good; threads that were made before, and those
 * made with {@link Thread.Builder#inheritInheritableThreadLocals inheritInheritableThreadLocals(false)}, do not.
 * So a pool that several stacks share (the common one) belongs to whoever happened to make each worker: a stack that
 * shall be sure has pools of its own, or enters in each task.
 *
 * <p>{@code java.net.http.HttpClient} makes all its threads so that they inherit nothing, and opens its channels in
 * them. Where its stack is not the JVM's default it gets an executor whose tasks enter the stack (its selector belongs
 * to the thread that builds the client, and takes channels of every stack):
 *
 * {@snippet :
 * ExecutorService threads = Executors.newCachedThreadPool();
 * HttpClient client = HttpClient.newBuilder().executor(task -> threads.execute(() -> stack.run(task))).build();
 * }
 *
 * <p>The JVM may have a default, for threads that belong to none ({@link Stack#makeDefault}).
 *
 * <p><b>Thread rules.</b> Any thread, for itself.
 */
public final class ThreadHost {
    private static final InheritableThreadLocal<@Nullable HostAccess> CURRENT = new InheritableThreadLocal<>();

    private static final AtomicReference<@Nullable HostAccess> DEFAULT = new AtomicReference<>();

    private static volatile @Nullable Supplier<@Nullable HostAccess> finder;

    private ThreadHost() {}

    /** The host that the calling thread belongs to, or the JVM's default; null when there is neither. */
    public static @Nullable HostAccess current() {
        HostAccess own = CURRENT.get();
        Supplier<@Nullable HostAccess> f = own == null ? finder : null;
        if (f != null) {
            own = f.get();
        }
        return own != null ? own : DEFAULT.get();
    }

    /**
     * From now on a thread that inherited and entered no host is asked for by {@code finder}, called on that thread,
     * before it gets the JVM's default: for those who know by other means whose a thread is. It gives null for one that
     * it does not know. The last finder counts.
     */
    public static void findBy(Supplier<@Nullable HostAccess> finder) {
        ThreadHost.finder = finder;
    }

    /** Threads that belong to no host belong to this one from now on; null to none. */
    public static void setDefault(@Nullable HostAccess host) {
        DEFAULT.set(host);
    }

    /** If {@code host} is the JVM's default, there is none any more. */
    static void noDefault(HostAccess host) {
        DEFAULT.compareAndSet(host, null);
    }

    /** Runs {@code action}; meanwhile the calling thread belongs to {@code host}, and then where it did before. */
    public static void run(HostAccess host, Runnable action) {
        HostAccess before = CURRENT.get();
        CURRENT.set(host);
        try {
            action.run();
        } finally {
            restore(before);
        }
    }

    /** As {@link #run}, with a result. */
    public static <T extends @Nullable Object> T call(HostAccess host, Callable<T> action) throws Exception {
        HostAccess before = CURRENT.get();
        CURRENT.set(host);
        try {
            return action.call();
        } finally {
            restore(before);
        }
    }

    private static void restore(@Nullable HostAccess before) {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }
}

package sluice.clock;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Members that share a fate: the threads of one host. A thread that a member starts, platform or virtual, belongs to
 * the same group; so do the workers of its pools.
 *
 * <p><b>Thread rules.</b> Any thread.
 */
public final class MemberGroup {
    private final VirtualClock clock;
    private final String name;
    private final Object group;
    private volatile @Nullable Object attachment;

    @SuppressWarnings("this-escape")
    MemberGroup(VirtualClock clock, Object simulation, String name) {
        this.clock = clock;
        this.name = name;
        this.group = Bridge.group(simulation, name, this);
    }

    /** The name given to {@link VirtualClock#group}. */
    public String name() {
        return name;
    }

    /** What {@link #attach} was given last; null before. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Lets whoever made this group find, from one of its threads, what it is the group of. */
    public void attach(Object whole) {
        attachment = whole;
    }

    /** The clock whose group this is. */
    public VirtualClock clock() {
        return clock;
    }

    /**
     * Starts a daemon thread that is a member of this group and runs {@code action}. Nothing runs before the time
     * thread has seen that it can: time does not move until it blocks.
     */
    public Thread start(String threadName, Runnable action) {
        return launch(threadName, () -> {
            Bridge.begin();
            action.run();
        });
    }

    /**
     * Runs {@code action} on a new member of this group and waits for its end: in virtual time when the caller is a
     * member, else in the platform's.
     *
     * @return what the action returned
     * @throws Exception what the action threw
     * @throws SimulationFailure when the simulation fails meanwhile; the thread may then be running still
     */
    public <T extends @Nullable Object> T call(String threadName, Callable<T> action) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        clock.await(result);
        try {
            launch(threadName, () -> {
                try {
                    Bridge.begin();
                    result.complete(action.call());
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
            return result.get();
        } catch (ExecutionException e) {
            throw asThrown(e.getCause());
        } finally {
            clock.awaitNoMore(result);
        }
    }

    /**
     * Runs {@code action} on the calling thread, which is a member of this group meanwhile (a member of another group
     * changes over, and back). If it holds time still for ever nobody can end it; {@link #call} can.
     *
     * @throws Exception what the action threw
     * @throws SimulationFailure when the simulation failed meanwhile
     */
    public <T extends @Nullable Object> T callHere(Callable<T> action) throws Exception {
        Object before = Bridge.enter(group);
        T result;
        try {
            result = action.call();
        } finally {
            Bridge.leave(before);
        }
        SimulationFailure failure = clock.failure();
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    /**
     * From now on none of this group's threads goes on from a wait, until {@link #thaw}; one that runs stops at its
     * next wait, wake-up or reading of the clock. Deadlines that pass meanwhile are met late, as after a long pause
     * of the garbage collector.
     */
    public void freeze() {
        Bridge.freeze(group);
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        Bridge.thaw(group);
    }

    /**
     * Ends this group's threads where they sleep or wait by {@link VirtualClock#park}, as {@link #kill} does, and those
     * of {@link java.util.Timer}s where they wait at all, since they would for ever. Others that wait for one another
     * (in locks, queues, pools and monitors) are left to end by themselves: what is thrown there can leave a lock or
     * the books of a pool wrong, which others may share by a static. To be followed by {@code kill} when enough time
     * has passed.
     */
    public void end() {
        Bridge.end(group);
    }

    /**
     * Ends this group's threads: each throws an error that nothing should catch ({@link VirtualClock#isKilled}) out
     * of the wait it is in, or the next one it begins. A thread that swallows it gets it again at its next wait. New
     * threads cannot be started by it. A new group of the same name may be made at once.
     */
    public void kill() {
        Bridge.kill(group);
    }

    /** From now on {@code InetAddress.getLocalHost()} is what {@code localHost} gives, for this group's members. */
    public void localHost(Callable<InetAddress> localHost) {
        Bridge.setLocalHost(group, localHost);
    }

    /** The threads of this group that have not ended, in the order of their beginning. */
    public List<Thread> threads() {
        return List.of(Bridge.threads(group));
    }

    private Thread launch(String threadName, Runnable action) {
        Thread thread = new Thread(null, action, threadName);
        thread.setDaemon(true);
        Bridge.start(group, thread);
        return thread;
    }

    private static Exception asThrown(@Nullable Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof Exception exception ? exception : new IllegalStateException(e);
    }
}

package sluice.clock;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Members that share a fate: the threads of one host. A thread that a member starts, platform or virtual, belongs to the
 * same group; so do the workers of its pools.
 *
 * <p><b>Thread rules.</b> Any thread.
 */
public final class MemberGroup {
    private final VirtualClock clock;
    private final String name;

    MemberGroup(VirtualClock clock, String name) {
        this.clock = clock;
        this.name = name;
    }

    /** The name given to {@link VirtualClock#group}. */
    public String name() {
        return name;
    }

    /** The clock whose group this is. */
    public VirtualClock clock() {
        return clock;
    }

    /**
     * Starts a daemon thread that is a member of this group and runs {@code action}. Nothing runs before the time thread
     * has seen that it can: time does not move until it blocks.
     */
    public Thread start(String threadName, Runnable action) {
        throw new UnsupportedOperationException("not built yet");
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
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Runs {@code action} on the calling thread, which is a member of this group meanwhile (a member of another group
     * changes over, and back). If it holds time still for ever nobody can end it; {@link #call} can.
     *
     * @throws Exception what the action threw
     * @throws SimulationFailure when the simulation failed meanwhile
     */
    public <T extends @Nullable Object> T callHere(Callable<T> action) throws Exception {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * From now on none of this group's threads goes on from a wait, until {@link #thaw}; one that runs stops at its next
     * wait, wake-up or reading of the clock. Deadlines that pass meanwhile are met late, as after a long pause of the
     * garbage collector.
     */
    public void freeze() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Ends this group's threads: each throws an error that nothing should catch ({@code MemberKilled}) out of the wait
     * it is in, or the next one it begins. A thread that swallows it gets it again at its next wait. New threads cannot be
     * started by it. A new group of the same name may be made at once.
     */
    public void kill() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** The threads of this group that have not ended, in the order of their beginning. */
    public java.util.List<Thread> threads() {
        throw new UnsupportedOperationException("not built yet");
    }
}

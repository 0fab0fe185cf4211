package sluice.clock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one simulation, and its members: threads for which time is the simulation's. It needs the agent
 * ({@code -javaagent:sluice-clock-agent.jar}).
 *
 * <p>Time moves when no member can run: to what is due first, an event of the {@link Timeline}, a deadline of a member
 * that waits, or what {@link #at} was told. These run on the clock's own thread, one after another; after each the clock
 * waits until no member can run again. At the same time members' deadlines come first, then {@link #at} in the order of
 * the calls, then the timeline.
 *
 * <p><b>Thread rules.</b> Any thread, unless a method says otherwise.
 */
public final class VirtualClock implements AutoCloseable {
    /** No time: later than any. */
    public static final long NEVER = Long.MAX_VALUE;

    private VirtualClock() {}

    /** Whether this JVM was started with the agent. */
    public static boolean isAgentPresent() {
        return false;
    }

    /**
     * Begins a simulation at time 0. Several may be open at once, each with its members.
     *
     * @throws IllegalStateException when the JVM has no agent; the message is the line to add
     */
    public static VirtualClock open(ClockSettings settings, Timeline timeline) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** The clock of the simulation that the calling thread is a member of; null when it is of none. */
    public static @Nullable VirtualClock current() {
        return null;
    }

    /** The group of the calling thread; null when it is a member of no simulation. */
    public static @Nullable MemberGroup currentGroup() {
        return null;
    }

    /** The simulation's time, nanoseconds since it began. */
    public long nowNs() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** A new group of members; several may have the same name. */
    public MemberGroup group(String name) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Parks the calling member as {@link java.util.concurrent.locks.LockSupport#park} does, until somebody unparks or
     * interrupts it (both are counted before they wake it) or it is {@code untilNs}; at once when it has a permit.
     *
     * @param untilNs on the clock of {@link #nowNs}, or {@link #NEVER}
     * @throws IllegalStateException when the caller is no member of this simulation
     */
    public void park(long untilNs) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Runs {@code action} on the clock's thread at {@code atNs}, or at once when that has passed and nobody can run. */
    public void at(long atNs, Runnable action) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * To be called by threads that are no members when they changed what {@link Timeline#nextNs} says: the clock may be
     * waiting for an event that is no longer the first. What members and the timeline itself change is seen anyway.
     */
    public void poke() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Why the simulation failed; null while it has not. */
    public @Nullable SimulationFailure failure() {
        return null;
    }

    /**
     * Makes the simulation fail: time stops, the first failure counts, and every {@link MemberGroup#call} that waits throws
     * it.
     */
    public void fail(Throwable cause) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** A line for each member that has not ended: group, thread, what it does, until when. */
    public List<String> describeMembers() {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * What the simulation wants to be known though it went on: a member that slept while others wanted the monitor it
     * held, for instance. A line each, bounded.
     */
    public List<String> notices() {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Ends the simulation: time stops, members that are left are interrupted and belong to no simulation any more.
     * Calling it again does nothing.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException("not built yet");
    }
}

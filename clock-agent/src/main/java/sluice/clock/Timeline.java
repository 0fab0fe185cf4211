package sluice.clock;

/**
 * The world that goes on when no member of a simulation can run: events with their times. The clock asks {@link
 * #nextNs} and calls {@link #runNext}, both from one thread of its own ("sluice-time"), which is no member, and only
 * while no member can run; so a lock that members hold only while they run is free then.
 *
 * <p>All times are nanoseconds since the simulation began, which is 0.
 */
public interface Timeline {
    /** When the next event is due, or {@link VirtualClock#NEVER}; one that lies in the past is due now. */
    long nextNs();

    /**
     * It is {@code nowNs}: runs what is due, one event or all of them. What becomes able to run by it
     * ({@link java.util.concurrent.locks.LockSupport#unpark}, completing a future…) runs when this has returned. Time
     * stands still until it blocks again.
     */
    void runNext(long nowNs);
}

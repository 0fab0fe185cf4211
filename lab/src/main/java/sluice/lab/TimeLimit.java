package sluice.lab;

import java.time.Duration;

/** How long a run may take by the clock on the wall: for runs that somebody else asked for. */
public final class TimeLimit {
    /** None. */
    public static final TimeLimit NONE = new TimeLimit(Long.MAX_VALUE);

    private final long nanoseconds;
    private final long startedNs = System.nanoTime();

    private TimeLimit(long nanoseconds) {
        this.nanoseconds = nanoseconds;
    }

    /** It begins now. */
    public static TimeLimit of(Duration most) {
        return new TimeLimit(most.toNanos());
    }

    /** Ends the run when the time is over; called for every packet. */
    void check() {
        if (System.nanoTime() - startedNs > nanoseconds) {
            throw new Over("the run was ended: it took longer than " + nanoseconds / 1_000_000_000 + " s");
        }
    }

    /** No exception that a world would report, or a script take for something else. */
    static final class Over extends Error {
        private static final long serialVersionUID = 1L;

        Over(String message) {
            super(message, null, false, false);
        }
    }
}

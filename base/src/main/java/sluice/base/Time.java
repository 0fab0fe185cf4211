package sluice.base;

/**
 * Times are nanoseconds of any monotonic clock, {@link System#nanoTime} or a simulation's: 0 and negative ones are
 * times like all others, so none of them can stand for "no time".
 */
public final class Time {
    /** No time: of what will not happen, and of what has not happened yet. Later than all times. */
    public static final long NEVER = Long.MAX_VALUE;

    /** A deadline that every clock has passed, far enough from the end of the numbers to be subtracted from. */
    public static final long AT_ONCE = Long.MIN_VALUE / 2;

    private Time() {}
}

package sluice.clock;

/**
 * What a simulation's clock is told when it begins.
 *
 * @param name for the names of its threads and for messages
 * @param epochMillisAtZero what {@code System.currentTimeMillis} says at the beginning, milliseconds since 1970
 * @param threads how members run
 * @param seed what {@link Threads#SEEDED} draws from
 * @param stallLimitMs real milliseconds after which a member that holds time still is named, and the simulation fails;
 * at least 1
 * @param foreignPools whether a member may give tasks to a pool that was made outside the simulation, whose idle
 * threads run them in the platform's time; if not, the simulation fails
 */
public record ClockSettings(String name, long epochMillisAtZero, Threads threads, long seed, long stallLimitMs,
        boolean foreignPools) {
    /** 2026-01-01T00:00:00Z. */
    public static final long DEFAULT_EPOCH_MILLIS = 1_767_225_600_000L;

    /** Two seconds. */
    public static final long DEFAULT_STALL_LIMIT_MS = 2_000;

    public ClockSettings {
        if (stallLimitMs < 1) {
            throw new IllegalArgumentException("stallLimitMs is " + stallLimitMs);
        }
    }

    /** A clock that begins with the year 2026, whose members run as on any machine. */
    public static ClockSettings named(String name) {
        return new ClockSettings(name, DEFAULT_EPOCH_MILLIS, Threads.FREE, 0, DEFAULT_STALL_LIMIT_MS, false);
    }

    /** This, with members that run one at a time in an order drawn from {@code seed}. */
    public ClockSettings seeded(long seed) {
        return new ClockSettings(name, epochMillisAtZero, Threads.SEEDED, seed, stallLimitMs, foreignPools);
    }
}

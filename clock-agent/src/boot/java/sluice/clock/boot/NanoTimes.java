package sluice.clock.boot;

/** What nanoTime has said in simulations: each begins after all before it, and no thread sees it go back. */
final class NanoTimes {
    private static final long SECOND_NS = 1_000_000_000L;

    private static long latest;

    private NanoTimes() {}

    /** What it says at the time 0 of a new simulation: a whole second. */
    static synchronized long begin() {
        long from = Math.max(System.nanoTime(), latest);
        latest = (from / SECOND_NS + 1) * SECOND_NS;
        return latest;
    }

    /** A simulation has come so far. */
    static synchronized void reached(long nanoTime) {
        latest = Math.max(latest, nanoTime);
    }
}

package sluice.link.linux;

/**
 * Whether to look for packets for a moment before sleeping. It pays when the peer runs on another processor and answers
 * soon; it is wasted when the peer needs this very processor, or has nothing to say. Which of them it is shows only by
 * trying: after a vain try the next ones are skipped, twice as many each time, so that a wrong guess costs one spin in
 * {@value #MOST_SKIPPED} sleeps.
 *
 * <p>Used by one thread at a time.
 */
final class AdaptiveSpin {
    /** How long to look: about what it costs to wake a sleeping processor. */
    static final long SPIN_NS = 50_000;
    /** Sleeps without a try between two vain tries, at most. */
    static final int MOST_SKIPPED = 256;

    private final boolean possible;
    private int skip;
    private int nextSkip = 1;

    AdaptiveSpin() {
        this(Runtime.getRuntime().availableProcessors() > 1);
    }

    /** @param possible whether the peer can run while this thread spins */
    AdaptiveSpin(boolean possible) {
        this.possible = possible;
    }

    /** Whether to spin now; if so, {@link #ended} must follow. */
    boolean isWorthwhile() {
        if (!possible) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        return true;
    }

    /** A spin is over. */
    void ended(boolean something) {
        if (something) {
            nextSkip = 1;
        } else {
            skip = nextSkip;
            nextSkip = Math.min(nextSkip * 2, MOST_SKIPPED);
        }
    }
}

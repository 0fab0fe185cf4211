package sluice.core.tcp.congestion;

/**
 * Counts round trips by what is delivered: one is over when something that was sent after its beginning is
 * acknowledged. Of BBR ({@code BBR.round_count}, BBRUpdateRound).
 */
final class RoundCounter {
    private long nextRoundDelivered;
    private boolean start;
    private long count;

    /** An acknowledgment; one that is not {@code sampled} ends no round trip. */
    void update(CongestionView v, RateSample s, boolean sampled) {
        start = sampled && s.priorDelivered >= nextRoundDelivered;
        if (start) {
            restart(v);
            count++;
        }
    }

    /** A round trip begins with what is sent from now on (BBRStartRound). */
    void restart(CongestionView v) {
        nextRoundDelivered = v.deliveredSegments();
    }

    /** Whether the present acknowledgment is the first of a round trip. */
    boolean start() {
        return start;
    }

    long count() {
        return count;
    }
}

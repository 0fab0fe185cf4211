package sluice.core.tcp.congestion;

/**
 * How much more than the bandwidth explains comes acknowledged at once, segments: so much more has to be in flight for
 * the sender not to stop in between. Of BBR.
 */
final class AckAggregation {
    private static final int ROUNDS = 5;

    private final double[] extra = new double[2];
    private int at;
    private int rounds;
    private long epochNs;
    private double epochAcked;

    /** A new epoch begins: nothing was acknowledged yet. */
    void restart(long nowNs) {
        epochNs = nowNs;
        epochAcked = 0;
    }

    /** An acknowledgment; {@code bw} in segments per second. */
    void acknowledged(CongestionView v, RateSample s, boolean roundStart, double bw) {
        if (s.ackedSackedSegments <= 0 || s.deliveredSegments < 0 || s.intervalUs <= 0) {
            return;
        }
        if (roundStart && ++rounds >= ROUNDS) {
            rounds = 0;
            at ^= 1;
            extra[at] = 0;
        }
        double expected = bw * (v.nowNs() - epochNs) / 1e9;
        if (epochAcked <= expected) {
            restart(v.nowNs());
            expected = 0;
        }
        epochAcked += s.ackedSackedSegments;
        extra[at] = Math.max(extra[at], Math.min(epochAcked - expected, v.cwndSegments()));
    }

    /** The most of the last five to ten round trips. */
    double extraAcked() {
        return Math.max(extra[0], extra[1]);
    }
}

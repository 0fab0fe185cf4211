package sluice.core.tcp.congestion;

/**
 * The cycle in which BBR version 1 probes for bandwidth: eight phases of a round trip each, at 5/4 of the bandwidth, at
 * 3/4 to drain what that queued, six at 1.
 */
final class GainCycle {
    private static final double[] GAINS = {1.25, 0.75, 1, 1, 1, 1, 1, 1};
    /** Phases, about round trips. */
    static final int LENGTH = GAINS.length;

    private final Jitter jitter = new Jitter();
    private int phase;
    private long phaseStampNs;

    void seed(long nowNs) {
        jitter.seed(nowNs);
    }

    /** Begins with any phase but the one that drains. */
    void start(long nowNs) {
        phase = LENGTH - 1 - jitter.next() % 7;
        advance(nowNs);
    }

    void advance(long nowNs) {
        phase = phase + 1 & LENGTH - 1;
        phaseStampNs = nowNs;
    }

    /** How much of the bandwidth to send at. */
    double gain() {
        return GAINS[phase];
    }

    /** Whether the phase took a round trip of {@code minRttNs}. */
    boolean lasted(long nowNs, long minRttNs) {
        return nowNs - phaseStampNs > minRttNs;
    }
}

package sluice.core.tcp.congestion;

/**
 * What losses outside of a probe bound until the next probe: the bandwidth, segments per second, and the flight,
 * segments ({@code BBR.bw_shortterm}, {@code BBR.inflight_shortterm}).
 */
final class ShortTermBounds {
    private static final double BETA = 0.7;

    private double bw = Double.MAX_VALUE;
    private double inflight = Double.MAX_VALUE;

    /** They hold no more (BBRResetShortTermModel). */
    void reset() {
        bw = Double.MAX_VALUE;
        inflight = Double.MAX_VALUE;
    }

    /** A round trip with losses lowers them, not below what it delivered (BBRAdaptLowerBoundsFromCongestion). */
    void lower(CongestionView v, double maxBw, LatestDelivery latest) {
        if (bw == Double.MAX_VALUE) {
            bw = maxBw;
        }
        if (inflight == Double.MAX_VALUE) {
            inflight = v.cwndSegments();
        }
        bw = Math.max(latest.bw(), BETA * bw);
        inflight = Math.max(latest.inflight(), BETA * inflight);
    }

    /** {@link Double#MAX_VALUE} when there is none. */
    double bw() {
        return bw;
    }

    /** {@link Double#MAX_VALUE} when there is none. */
    double inflight() {
        return inflight;
    }
}

package sluice.core.tcp.congestion;

/**
 * How much can be in flight without too much being lost, segments ({@code BBR.inflight_longterm}): probes that lose too
 * much set it, probes that do not raise it, at first by one segment a round trip and each further by twice as much.
 */
final class LongTermBound {
    private static final double HEADROOM = 0.15;

    private double inflight = Double.MAX_VALUE;
    private int probeUpRounds;
    private double probeUpCount = Double.MAX_VALUE;
    private double probeUpAcks;

    void set(double segments) {
        inflight = segments;
    }

    /** {@link Double#MAX_VALUE} when there is none. */
    double inflight() {
        return inflight;
    }

    /** What is left of it when others get room (BBRInflightWithHeadroom). */
    double inflightWithHeadroom() {
        if (inflight == Double.MAX_VALUE) {
            return Double.MAX_VALUE;
        }
        return Math.max(PathModel.MIN_PIPE_CWND, inflight - Math.max(1, HEADROOM * inflight));
    }

    /** A probe is near: it raises slowly at first. */
    void restartSlope() {
        probeUpRounds = 0;
        probeUpAcks = 0;
    }

    /** Another round trip of a probe: it may raise by twice as much (BBRRaiseInflightLongtermSlope). */
    void raiseSlope(CongestionView v) {
        double growth = 1L << Math.min(probeUpRounds, 30);
        probeUpRounds++;
        probeUpCount = Math.max(v.cwndSegments() / growth, 1);
    }

    /** More was in flight, and not too much of it was lost. */
    void carried(int segments) {
        if (segments > inflight) {
            inflight = segments;
        }
    }

    /** An acknowledgment of a probe that fills the bound (BBRProbeInflightLongtermUpward). */
    void probeUpward(CongestionView v, RateSample s, boolean roundStart) {
        if (!v.cwndLimited() || v.cwndSegments() < inflight) {
            return;
        }
        probeUpAcks += s.ackedSackedSegments;
        if (probeUpAcks >= probeUpCount) {
            double delta = Math.floor(probeUpAcks / probeUpCount);
            probeUpAcks -= delta * probeUpCount;
            inflight += delta;
        }
        if (roundStart) {
            raiseSlope(v);
        }
    }
}

package sluice.core.tcp.congestion;

/**
 * The path as BBR version 3 knows it: bandwidth, round trip, and what they and the losses say may be in flight.
 * Bandwidth in segments per second, flights in segments. The draft's "Network Path Model".
 */
final class PathModel {
    static final int MIN_PIPE_CWND = 4;
    private static final long MIN_RTT_FILTER_NS = 10_000_000_000L;
    private static final long PROBE_RTT_INTERVAL_NS = 5_000_000_000L;

    final RoundCounter round = new RoundCounter();
    final LatestDelivery latest = new LatestDelivery();
    final FullBandwidth fullBandwidth = new FullBandwidth();
    final ShortTermBounds shortTerm = new ShortTermBounds();
    final LongTermBound longTerm = new LongTermBound();
    private final MaxBwFilter maxBw = new MaxBwFilter();
    private final MinRttFilter minRtt = new MinRttFilter(MIN_RTT_FILTER_NS);
    /** The same over a shorter time: when it grows old, ProbeRTT looks for the present one. */
    private final MinRttFilter probeRttMin = new MinRttFilter(PROBE_RTT_INTERVAL_NS);
    private boolean probeRttExpired;
    private double bw;

    void start(CongestionView v) {
        minRtt.renew(v.nowNs());
        probeRttMin.renew(v.nowNs());
        if (v.minRttUs() != Long.MAX_VALUE) {
            minRtt.set(v.minRttUs() * 1000, v.nowNs());
        }
    }

    // --- what acknowledgments teach ---

    void updateMaxBw(RateSample s) {
        if (s.deliveredSegments > 0 && s.intervalUs > 0) {
            maxBw.update(s);
        }
    }

    /** A probing cycle is over. */
    void advanceMaxBw() {
        maxBw.advance();
    }

    void updateMinRtt(CongestionView v, RateSample s) {
        long now = v.nowNs();
        long rttNs = s.rttUs * 1000;
        probeRttExpired = probeRttMin.expired(now);
        if (s.rttUs > 0 && (rttNs < probeRttMin.minRttNs() || probeRttExpired)) {
            probeRttMin.set(rttNs, now);
        }
        if (probeRttMin.minRttNs() < minRtt.minRttNs() || minRtt.expired(now)) {
            minRtt.set(probeRttMin.minRttNs(), probeRttMin.stampNs());
        }
    }

    /** ProbeRTT saw the present round trip. */
    void roundTripProbed(long nowNs) {
        probeRttMin.renew(nowNs);
    }

    /** The bandwidth to use is bounded by what losses showed (BBRBoundBWForModel). */
    void boundBw() {
        bw = Math.min(maxBw.maxBw(), shortTerm.bw());
    }

    // --- what it says ---

    double maxBw() {
        return maxBw.maxBw();
    }

    double bw() {
        return bw;
    }

    /** {@link Long#MAX_VALUE} before the first. */
    long minRttNs() {
        return minRtt.minRttNs();
    }

    /** Whether the last acknowledgment found the shortest round trip old. */
    boolean probeRttExpired() {
        return probeRttExpired;
    }

    /** So much of a bandwidth-delay product (BBRBDPMultiple). */
    double bdp(double gain) {
        if (minRtt.minRttNs() == Long.MAX_VALUE) {
            return 10;
        }
        return gain * bw * minRtt.minRttNs() / 1e9;
    }

    /** What is to be in flight for that (BBRInflight). */
    double inflight(double gain) {
        return Math.max(bdp(gain), MIN_PIPE_CWND) + 2;
    }

    /** What a flight without a queue is (BBRTargetInflight). */
    double targetInflight(CongestionView v) {
        return Math.min(bdp(1.0), v.cwndSegments());
    }
}

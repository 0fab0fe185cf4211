package sluice.core.tcp.congestion;

/** A connection as an algorithm sees it, for its tests: whatever is written into the fields. */
final class Path implements CongestionView {
    final CongestionWindow window = new CongestionWindow(10);
    final RateSample sample = new RateSample();
    int inFlight;
    int packetsOut = 1;
    int priorCwnd;
    int una;
    int nxt;
    long srttUs = 100_000;
    long minRttUs = Long.MAX_VALUE;
    boolean alternativeBackoff;
    long nowNs;

    /** An algorithm is told of segments that were acknowledged now, and its answer taken. */
    void acknowledge(CongestionControl control, int segments) {
        sample.clear();
        sample.ackedSegments = segments;
        sample.ackedSackedSegments = segments;
        sample.unaAdvanced = true;
        sample.mayGrow = true;
        sample.rttUs = srttUs;
        una += segments;
        control.onAck(this, sample, window);
    }

    /** Whole windows are acknowledged, segment by segment, each a round trip after the last, for so long. */
    void grow(CongestionControl control, double seconds) {
        long end = nowNs + Math.round(seconds * 1e9);
        while (nowNs < end) {
            int flight = window.cwndSegments;
            nxt = una + flight;
            long next = nowNs + srttUs * 1000;
            for (int i = 1; i <= flight; i++) {
                nowNs = next - (flight - i) * 1000L;
                acknowledge(control, 1);
            }
        }
    }

    /** A reduction: the answer is the threshold, and the window falls to it. */
    void congestion(CongestionControl control, CongestionSignal signal) {
        priorCwnd = window.cwndSegments;
        window.ssthreshSegments = control.onCongestion(this, signal);
        window.cwndSegments = window.ssthreshSegments;
    }

    @Override
    public int cwndSegments() {
        return window.cwndSegments;
    }

    @Override
    public int ssthreshSegments() {
        return window.ssthreshSegments;
    }

    @Override
    public int inFlightSegments() {
        return inFlight;
    }

    @Override
    public int packetsOut() {
        return packetsOut;
    }

    @Override
    public boolean cwndLimited(boolean inSlowStart) {
        return true;
    }

    @Override
    public int mssBytes() {
        return 1448;
    }

    @Override
    public long srttUs() {
        return srttUs;
    }

    @Override
    public long minRttUs() {
        return minRttUs;
    }

    @Override
    public int priorCwndSegments() {
        return priorCwnd;
    }

    @Override
    public int sndUna() {
        return una;
    }

    @Override
    public int sndNxt() {
        return nxt;
    }

    @Override
    public long deliveredSegments() {
        return una;
    }

    @Override
    public CongestionPhase phase() {
        return CongestionPhase.values()[0];
    }

    @Override
    public boolean alternativeBackoff() {
        return alternativeBackoff;
    }

    @Override
    public long lostSegments() {
        return 0;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }
}

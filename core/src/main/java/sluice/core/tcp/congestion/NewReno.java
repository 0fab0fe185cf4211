package sluice.core.tcp.congestion;

import sluice.base.Rfc;

/**
 * Slow start and congestion avoidance of the standard: plus one segment per segment acknowledged, then plus one per
 * window; half on loss.
 */
@Rfc(value = 5681, section = "3.1")
@Rfc(value = 9293, section = "3.8.2", req = "MUST-19")
public class NewReno implements CongestionControl {
    /** What is left of the window after a mark, as an alternative to half. */
    @Rfc(value = 8511, section = "3")
    private static final double BETA_ECN = 0.8;

    private int count;

    @Override
    public String name() {
        return "reno";
    }

    @Override
    public void onAck(CongestionView view, RateSample sample, CongestionWindow next) {
        if (sample.mayGrow && view.cwndLimited()) {
            next.cwndSegments = grown(view, sample.ackedSackedSegments);
        }
    }

    private int grown(CongestionView view, int newlyAcked) {
        int acked = newlyAcked;
        int cwnd = view.cwndSegments();
        if (view.inSlowStart()) {
            int grown = Math.min(cwnd + acked, view.ssthreshSegments());
            acked -= grown - cwnd;
            cwnd = grown;
            if (acked == 0) {
                return cwnd;
            }
        }
        return avoid(cwnd, acked);
    }

    /** Congestion avoidance: one segment more for each {@code cwnd} segments acknowledged. */
    private int avoid(int cwnd, int acked) {
        int w = Math.max(1, cwnd);
        int grown = cwnd;
        if (count >= w) {
            count = 0;
            grown++;
        }
        count += acked;
        if (count >= w) {
            int more = count / w;
            count -= more * w;
            grown += more;
        }
        return grown;
    }

    /** Forgets progress towards the next segment. */
    protected final void resetCount() {
        count = 0;
    }

    @Override
    public int onCongestion(CongestionView view, CongestionSignal signal) {
        count = 0;
        boolean less = signal == CongestionSignal.MARKS && view.alternativeBackoff();
        return Math.max(less ? (int) (view.cwndSegments() * BETA_ECN) : view.cwndSegments() >> 1, 2);
    }
}

package sluice.core.tcp.congestion;

import sluice.base.Rfc;
import sluice.base.Time;

/**
 * CUBIC: after a loss the window follows a cubic of the time since then, flat around the window at which the loss came,
 * and never grows slower than Reno would.
 *
 * <p>C = 0.4, β = 0.7; times in seconds in the formulas, windows in segments. The figures named are those of RFC 9438.
 */
@Rfc(value = 9438, section = "4")
public final class Cubic implements CongestionControl {
    private static final double C = 0.4;
    private static final double BETA = 0.7;
    /** What is left of the window after a mark, as an alternative. */
    @Rfc(value = 8511, section = "3.1")
    private static final double BETA_ECN = 0.85;
    private static final double ALPHA_RENO = 3 * (1 - BETA) / (1 + BETA);
    /** The window never grows by more than half of what is acknowledged. */
    private static final int LEAST_ACKS = 2;
    /** As long as nothing is known of the path the window grows by 5 % per round trip at least, as on Linux. */
    private static final int MOST_ACKS_BEFORE_A_LOSS = 20;
    /** How long a slope holds while the window stays, as on Linux. */
    private static final long UPDATE_INTERVAL_NS = 31_250_000;

    private final String name;
    private final SlowStartExit hyStart;
    private double wMax;
    private int cwndPrior;
    private double k;
    private double originPoint;
    private long epochStartNs = Time.NEVER;
    private double wEst;
    private double acksPerSegment = LEAST_ACKS;
    private double credit;
    private int ackedSinceUpdate;
    private int lastCwnd;
    private long lastUpdateNs;
    private long lastSentNs = Time.NEVER;
    private double undoWMax;
    private int undoCwndPrior;

    /** Leaves slow start as Linux does. */
    public Cubic() {
        this("cubic", new DelayTrainHyStart());
    }

    private Cubic(String name, SlowStartExit hyStart) {
        this.name = name;
        this.hyStart = hyStart;
    }

    /** Leaves slow start by RFC 9406. */
    @Rfc(value = 9406, section = "4.2")
    static Cubic withHyStartPlusPlus() {
        return new Cubic("cubic++", new HyStart());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void onSent(CongestionView view) {
        if (view.packetsOut() > 0) {
            return;
        }
        long now = view.nowNs();
        if (epochStartNs != Time.NEVER && lastSentNs != Time.NEVER) { // a pause is no time of the cubic's
            epochStartNs = Math.min(now, epochStartNs + (now - lastSentNs));
        }
        lastSentNs = now;
    }

    @Override
    public void onAck(CongestionView view, RateSample sample, CongestionWindow next) {
        lastSentNs = view.nowNs();
        int exit = hyStart.onSample(view, sample);
        if (!sample.mayGrow) {
            return;
        }
        if (exit > 0 && view.inSlowStart()) {
            next.ssthreshSegments = Math.min(exit, view.ssthreshSegments());
        }
        if (view.cwndLimited(next.inSlowStart())) {
            next.cwndSegments = grown(view, next, sample.ackedSackedSegments);
        }
    }

    private int grown(CongestionView view, CongestionWindow window, int newlyAcked) {
        int acked = newlyAcked;
        int cwnd = window.cwndSegments;
        if (window.inSlowStart()) {
            int grown = Math.min(cwnd + hyStart.slowStartGrowth(acked), window.ssthreshSegments);
            if (hyStart.inConservativeSlowStart() || grown < window.ssthreshSegments) {
                return grown;
            }
            acked -= grown - cwnd;
            cwnd = grown;
            if (acked <= 0) {
                return cwnd;
            }
        }
        return cwnd + growth(view, cwnd, acked);
    }

    /** Segments that {@code acked} let the window grow by: one for every {@link #acksPerSegment}. */
    private int growth(CongestionView view, int cwnd, int acked) {
        ackedSinceUpdate += acked;
        long now = view.nowNs();
        if (epochStartNs == Time.NEVER || cwnd != lastCwnd || now - lastUpdateNs > UPDATE_INTERVAL_NS) {
            update(view, cwnd, acked, now);
        }
        int grown = 0;
        if (credit >= acksPerSegment) { // gathered when growth was slower
            credit = 0;
            grown = 1;
        }
        credit += acked;
        if (credit >= acksPerSegment) {
            int more = (int) (credit / acksPerSegment);
            credit -= more * acksPerSegment;
            grown += more;
        }
        return grown;
    }

    /** The slope towards the cubic's value one round trip from now, or Reno's where that is steeper. */
    private void update(CongestionView view, int cwnd, int acked, long now) {
        lastCwnd = cwnd;
        lastUpdateNs = now;
        if (epochStartNs == Time.NEVER) {
            beginEpoch(cwnd, acked, now);
        }
        long rttUs = view.minRttUs() == Long.MAX_VALUE ? view.srttUs() : view.minRttUs();
        double target = wCubic((now - epochStartNs) / 1e9 + rttUs / 1e6);
        double acks = target > cwnd ? cwnd / (target - cwnd) : 100.0 * cwnd;
        if (wMax == 0) {
            acks = Math.min(acks, MOST_ACKS_BEFORE_A_LOSS);
        }
        wEst = wEst(ackedSinceUpdate, cwnd);
        ackedSinceUpdate = 0;
        int ahead = (int) wEst - cwnd;
        if (ahead > 0) { // section 4.3: the Reno-friendly region
            acks = Math.min(acks, (double) cwnd / ahead);
        }
        acksPerSegment = Math.max(acks, LEAST_ACKS);
    }

    private void beginEpoch(int cwndEpoch, int acked, long now) {
        epochStartNs = now;
        ackedSinceUpdate = acked;
        wEst = cwndEpoch;
        originPoint = Math.max(wMax, cwndEpoch);
        k = k(cwndEpoch);
    }

    /**
     * Figure 1: W_cubic(t) = C·(t − K)³ + W_max. In whole segments, as on Linux: a small window is not kept below its
     * plateau by fractions.
     */
    @Rfc(value = 9438, section = "4.2")
    private double wCubic(double t) {
        double distance = Math.floor(C * Math.pow(Math.abs(t - k), 3));
        return t < k ? originPoint - distance : originPoint + distance;
    }

    /** Figure 2: K = ∛((W_max − cwnd_epoch) / C), seconds; 0 where the epoch begins above W_max. */
    @Rfc(value = 9438, section = "4.2")
    private double k(int cwndEpoch) {
        return wMax <= cwndEpoch ? 0 : Math.cbrt((wMax - cwndEpoch) / C);
    }

    /** Figure 4: W_est = W_est + α_cubic · segments_acked / cwnd, what Reno would have by now. */
    @Rfc(value = 9438, section = "4.3")
    private double wEst(int segmentsAcked, int cwnd) {
        return wEst + alphaCubic() * segmentsAcked / cwnd;
    }

    /**
     * α_cubic: 3·(1 − β) / (1 + β), and 1 from where the last reduction began (cwnd_prior, which is above W_max when
     * room was left for new flows).
     */
    @Rfc(value = 9438, section = "4.3")
    private double alphaCubic() {
        return wEst >= cwndPrior && cwndPrior > 0 ? 1 : ALPHA_RENO;
    }

    /** Multiplicative decrease (section 4.6); a timeout forgets W_max too (section 4.8). */
    @Override
    @Rfc(value = 9438, section = "4.6")
    public int onCongestion(CongestionView view, CongestionSignal signal) {
        int cwnd = view.cwndSegments();
        epochStartNs = Time.NEVER;
        credit = 0;
        undoWMax = wMax;
        undoCwndPrior = cwndPrior;
        cwndPrior = cwnd;
        wMax = fastConvergence(cwnd);
        hyStart.stop();
        if (signal == CongestionSignal.TIMEOUT) {
            wMax = 0; // the window at which congestion avoidance begins takes its place
            hyStart.restart();
        }
        boolean less = signal == CongestionSignal.MARKS && view.alternativeBackoff();
        return Math.max((int) (cwnd * (less ? BETA_ECN : BETA)), 2);
    }

    /** W_max: the window now, or less when it is below the last one, to leave room for new flows. */
    @Rfc(value = 9438, section = "4.7")
    private double fastConvergence(int cwnd) {
        return cwnd < wMax ? cwnd * (1 + BETA) / 2 : cwnd;
    }

    @Override
    @Rfc(value = 9438, section = "4.9")
    public int onUndo(CongestionView view) {
        wMax = Math.max(wMax, undoWMax);
        cwndPrior = undoCwndPrior;
        epochStartNs = Time.NEVER;
        return Math.max(view.cwndSegments(), view.priorCwndSegments());
    }
}

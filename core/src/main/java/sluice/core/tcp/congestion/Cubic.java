package sluice.core.tcp.congestion;

import sluice.base.Rfc;

/**
 * CUBIC: after a loss the window follows a cubic of the time since then, flat around the window at which the loss came,
 * and never grows slower than Reno would.
 *
 * <p>C = 0.4, β = 0.7; times in milliseconds, windows in segments.
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
    private double k;
    private double originPoint;
    private long epochStartNs = -1;
    private double wEst;
    private double acksPerSegment = LEAST_ACKS;
    private double credit;
    private int ackedSinceUpdate;
    private int lastCwnd;
    private long lastUpdateNs;
    private long lastSentNs;
    private double undoWMax;
    private int ssthresh;

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
    public void onTransmitStart(CongestionView view) {
        long now = view.nowNs();
        if (epochStartNs >= 0 && lastSentNs > 0) {
            epochStartNs = Math.min(now, epochStartNs + (now - lastSentNs));
        }
        lastSentNs = now;
    }

    @Override
    public void onSample(CongestionView view, AckSample sample) {
        lastSentNs = view.nowNs();
        ssthresh = hyStart.onSample(view, sample);
    }

    @Override
    public int ssthreshAfterAck(CongestionView view) {
        return view.inSlowStart() && ssthresh > 0 ? Math.min(ssthresh, view.ssthreshSegments())
                : view.ssthreshSegments();
    }

    @Override
    public int onAck(CongestionView view, AckSample sample) {
        int cwnd = view.cwndSegments();
        if (!view.cwndLimited()) {
            return cwnd;
        }
        int acked = sample.ackedSackedSegments;
        if (view.inSlowStart()) {
            int grown = Math.min(cwnd + hyStart.slowStartGrowth(acked), view.ssthreshSegments());
            if (hyStart.inConservativeSlowStart() || grown < view.ssthreshSegments()) {
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
        if (epochStartNs < 0 || cwnd != lastCwnd || now - lastUpdateNs > UPDATE_INTERVAL_NS) {
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
        if (epochStartNs < 0) {
            epochStartNs = now;
            ackedSinceUpdate = acked;
            wEst = cwnd;
            if (wMax <= cwnd) {
                k = 0;
                originPoint = cwnd;
            } else {
                k = Math.cbrt((wMax - cwnd) / C);
                originPoint = wMax;
            }
        }
        long minRttUs = view.minRttUs() == Long.MAX_VALUE ? view.srttUs() : view.minRttUs();
        double t = (now - epochStartNs) / 1e9 + minRttUs / 1e6;
        // in whole segments, as on Linux: a small window is not kept below its plateau by fractions
        double distance = Math.floor(C * Math.pow(Math.abs(t - k), 3));
        double target = t < k ? originPoint - distance : originPoint + distance;
        double acks = target > cwnd ? cwnd / (target - cwnd) : 100.0 * cwnd;
        if (wMax == 0) {
            acks = Math.min(acks, MOST_ACKS_BEFORE_A_LOSS);
        }
        double alpha = wEst >= wMax && wMax > 0 ? 1 : ALPHA_RENO;
        wEst += alpha * ackedSinceUpdate / cwnd;
        ackedSinceUpdate = 0;
        int ahead = (int) wEst - cwnd;
        if (ahead > 0) {
            acks = Math.min(acks, (double) cwnd / ahead);
        }
        acksPerSegment = Math.max(acks, LEAST_ACKS);
    }

    @Override
    @Rfc(value = 9438, section = "4.7")
    public int ssthreshOnCongestion(CongestionView view) {
        int cwnd = view.cwndSegments();
        epochStartNs = -1;
        credit = 0;
        undoWMax = wMax;
        wMax = cwnd < wMax ? cwnd * (1 + BETA) / 2 : cwnd;
        hyStart.stop();
        return Math.max((int) (cwnd * (view.alternativeBackoff() ? BETA_ECN : BETA)), 2);
    }

    @Override
    public int undoCwnd(CongestionView view) {
        wMax = Math.max(wMax, undoWMax);
        epochStartNs = -1;
        return Math.max(view.cwndSegments(), view.priorCwndSegments());
    }

    @Override
    @Rfc(value = 9438, section = "4.8")
    public void onTimeout(CongestionView view) {
        epochStartNs = -1;
        wMax = 0; // the window at which congestion avoidance begins takes its place
        hyStart.restart();
    }
}

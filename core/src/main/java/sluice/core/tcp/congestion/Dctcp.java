package sluice.core.tcp.congestion;

import sluice.base.Rfc;
import sluice.base.Seq;

/**
 * DCTCP: the fraction of marked segments, smoothed over windows, decides how much of the window is given up. For data
 * centres whose switches mark early; both ends must use it.
 */
@Rfc(value = 8257, section = "3.3")
public final class Dctcp extends NewReno {
    private static final double G = 1.0 / 16;
    private double alpha = 1;
    private long deliveredAtStart;
    private long markedInWindow;
    private int windowEnd;
    private boolean started;

    @Override
    public String name() {
        return "dctcp";
    }

    @Override
    public boolean needsEcn() {
        return true;
    }

    @Override
    public void onAck(CongestionView view, RateSample sample, CongestionWindow next) {
        countMarks(view, sample);
        super.onAck(view, sample, next);
    }

    private void countMarks(CongestionView view, RateSample sample) {
        markedInWindow += sample.ceSegments;
        if (!started) {
            started = true;
            begin(view);
        } else if (Seq.gt(view.sndUna(), windowEnd)) {
            long delivered = view.deliveredSegments() - deliveredAtStart;
            double fraction = delivered == 0 ? 0 : Math.min(1, (double) markedInWindow / delivered);
            alpha += G * (fraction - alpha);
            begin(view);
        }
    }

    private void begin(CongestionView view) {
        windowEnd = view.sndNxt();
        deliveredAtStart = view.deliveredSegments();
        markedInWindow = 0;
    }

    @Override
    public int onCongestion(CongestionView view, CongestionSignal signal) {
        resetCount();
        if (signal != CongestionSignal.MARKS) {
            return Math.max(view.cwndSegments() >> 1, 2);
        }
        return Math.max((int) (view.cwndSegments() * (1 - alpha / 2)), 2);
    }

    /** The smoothed fraction of marked segments, 0…1. */
    public double alpha() {
        return alpha;
    }
}

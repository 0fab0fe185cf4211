package sluice.core.tcp.congestion;

/**
 * A window that never changes, for teaching and for measuring: stop-and-wait with one segment, a full pipe with many.
 */
public final class FixedWindow implements CongestionControl {
    private final int segments;

    /** A window of {@code segments}, at least 1. */
    public FixedWindow(int segments) {
        if (segments < 1) {
            throw new IllegalArgumentException("fixed window of " + segments + " segments: must be at least 1");
        }
        this.segments = segments;
    }

    @Override
    public boolean respondsToMarks() {
        return false;
    }

    @Override
    public String name() {
        return "fixed:" + segments;
    }

    @Override
    public int initialCwnd(int standard) {
        return segments;
    }

    @Override
    public void onAck(CongestionView view, RateSample sample, CongestionWindow next) {
        next.cwndSegments = segments;
    }

    @Override
    public int onCongestion(CongestionView view, CongestionSignal signal) {
        return Math.max(2, segments);
    }

    @Override
    public boolean controlsRecovery() {
        return true;
    }
}

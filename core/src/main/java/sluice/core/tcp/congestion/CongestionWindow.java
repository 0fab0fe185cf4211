package sluice.core.tcp.congestion;

/**
 * The two numbers of RFC 5681: congestion window and slow-start threshold, in segments. The sender has one; an
 * algorithm gets a copy of it for its answer.
 */
public final class CongestionWindow {
    /** cwnd, segments. */
    public int cwndSegments;
    /** ssthresh, segments. */
    public int ssthreshSegments;

    /** So many segments, and slow start until the first loss. */
    public CongestionWindow(int cwndSegments) {
        this.cwndSegments = cwndSegments;
        ssthreshSegments = CongestionControl.INFINITE_SSTHRESH;
    }

    /** Becomes the same as {@code other}. */
    public void set(CongestionWindow other) {
        cwndSegments = other.cwndSegments;
        ssthreshSegments = other.ssthreshSegments;
    }

    /** Whether cwnd is below ssthresh. */
    public boolean inSlowStart() {
        return cwndSegments < ssthreshSegments;
    }
}

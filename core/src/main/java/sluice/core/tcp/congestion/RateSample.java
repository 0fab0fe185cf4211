package sluice.core.tcp.congestion;

/** What one acknowledgment said, as congestion control needs it. One per host, reused. */
public final class RateSample {
    /** Segments newly acknowledged cumulatively. */
    public int ackedSegments;
    /** Segments newly acknowledged or reported by SACK. */
    public int ackedSackedSegments;
    /** Segments newly marked lost. */
    public int lostSegments;
    /** Round trip of this acknowledgment, microseconds; -1 when there is none. */
    public long rttUs = -1;
    /** Segments in flight before it. */
    public int priorInFlight;
    /** Segments delivered over {@link #intervalUs}; -1 when no sample could be made. */
    public int deliveredSegments = -1;
    /** Delivered count when the newest acknowledged segment was sent; 0 when unknown. */
    public long priorDelivered;
    /** Length of the sampling interval, microseconds; -1 when no sample could be made. */
    public long intervalUs = -1;
    /** Whether the sample was taken while the application had nothing to send. */
    public boolean appLimited;
    /** Segments delivered with the CE mark. */
    public int ceSegments;
    /** Whether the peer echoed congestion (ECE). */
    public boolean ece;
    /** Whether SND.UNA advanced. */
    public boolean unaAdvanced;
    /** Whether the window may grow by it: no reduction is under way, and something new was acknowledged. */
    public boolean mayGrow;
    /** Whether this acknowledgment may come from the delayed-ACK timer (one segment). */
    public boolean ackDelayed;
    /** In flight when the newest acknowledged segment was sent, segments. */
    public int inFlightAtSend;
    /** Segments lost so far when the newest acknowledged segment was sent. */
    public long lostAtSend;

    /** Delivered segments per second; only where {@link #intervalUs} is above 0. */
    double deliveryRate() {
        return deliveredSegments * 1e6 / intervalUs;
    }

    /** Makes it empty. */
    public void clear() {
        ackedSegments = 0;
        ackedSackedSegments = 0;
        lostSegments = 0;
        rttUs = -1;
        priorInFlight = 0;
        deliveredSegments = -1;
        priorDelivered = 0;
        intervalUs = -1;
        appLimited = false;
        ceSegments = 0;
        ece = false;
        unaAdvanced = false;
        mayGrow = false;
        ackDelayed = false;
        inFlightAtSend = 0;
        lostAtSend = 0;
    }
}

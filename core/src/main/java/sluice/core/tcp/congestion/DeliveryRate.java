package sluice.core.tcp.congestion;

import sluice.base.Time;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;

/**
 * Counts what the network delivers and loses, and measures how fast it delivers: each segment remembers how much had
 * been delivered when it was sent (draft-cheng-iccrg-delivery-rate-estimation, the model of BBR).
 */
public final class DeliveryRate {
    private final StateVariables t;
    private final RateSample sample;
    private long delivered;
    private long deliveredCe;
    private long lost;
    private long deliveredNs;
    private long flightStartNs = Time.NEVER;
    private long appLimitedUntil;
    private long rateDelivered;
    private long rateIntervalUs;

    /** Fills in {@code sample} for each acknowledgment. */
    DeliveryRate(StateVariables t, RateSample sample) {
        this.t = t;
        this.sample = sample;
    }

    // --- counts ---

    /**
     * Segments the peer has: counted as they are acknowledged or reported, and a SYN-ACK that was not in the send
     * queue.
     */
    public void countDelivered(int segments) {
        delivered += segments;
    }

    /** More segments that arrived with a CE mark. */
    public void countDeliveredCe(int segments) {
        deliveredCe += segments;
    }

    /** More lost segments. */
    public void countLost(int segments) {
        lost += segments;
    }

    /** Segments delivered since the connection began. */
    public long deliveredSegments() {
        return delivered;
    }

    /** Segments delivered with CE. */
    public long deliveredCeSegments() {
        return deliveredCe;
    }

    /** Segments marked lost since the connection began. */
    public long lostSegments() {
        return lost;
    }

    // --- samples ---

    /** The connection is established. */
    public void begin(long nowNs) {
        deliveredNs = nowNs;
    }

    /** The first segment of a flight is about to be sent. */
    public void flightStarts(long nowNs) {
        flightStartNs = nowNs;
        deliveredNs = nowNs;
    }

    /** A segment is about to be sent: it takes a snapshot. */
    public void sent(SentSegment s, long nowNs) {
        if (t.sent.packetsOut() == s.count && !s.everRetransmitted || flightStartNs == Time.NEVER) {
            flightStarts(nowNs);
        }
        s.flightStartNs = flightStartNs;
        s.deliveredNsAtSend = deliveredNs;
        s.deliveredAtSend = delivered;
        s.deliveredCeAtSend = deliveredCe;
        s.lostAtSend = lost;
        s.appLimited = isAppLimited();
        s.inFlightAtSend = t.sent.inFlight();
        s.delivered = false;
    }

    /** A segment was acknowledged or reported: the one sent last makes the sample. */
    public void arrived(SentSegment s, long nowNs) {
        if (s.delivered || s.deliveredNsAtSend == Time.NEVER) {
            return;
        }
        s.delivered = true;
        if (sample.priorDelivered == 0 || s.deliveredAtSend >= sample.priorDelivered) {
            sample.priorDelivered = s.deliveredAtSend;
            sample.appLimited = s.appLimited;
            sample.inFlightAtSend = s.inFlightAtSend;
            sample.lostAtSend = s.lostAtSend;
            flightStartNs = s.sentNs;
            long sendIntervalUs = (s.sentNs - s.flightStartNs) / 1000;
            long ackIntervalUs = (nowNs - s.deliveredNsAtSend) / 1000;
            sample.intervalUs = Math.max(sendIntervalUs, ackIntervalUs);
        }
    }

    /** The acknowledgment is processed: finishes the sample. */
    public void finish(int newlyDelivered, long nowNs) {
        if (appLimitedUntil > 0 && delivered > appLimitedUntil) {
            appLimitedUntil = 0;
        }
        if (newlyDelivered > 0) {
            deliveredNs = nowNs;
        }
        if (sample.intervalUs < 0) {
            return;
        }
        sample.deliveredSegments = (int) (delivered - sample.priorDelivered);
        if (t.rtt.minRttUs() != Long.MAX_VALUE && sample.intervalUs < t.rtt.minRttUs()) {
            sample.intervalUs = -1;
            return;
        }
        long bytesPerSecond = sample.deliveredSegments * 1_000_000L * t.sendMss / Math.max(1, sample.intervalUs);
        if (!sample.appLimited || bytesPerSecond >= bytesPerSecond()) {
            rateDelivered = sample.deliveredSegments;
            rateIntervalUs = sample.intervalUs;
        }
    }

    /**
     * Notes that the application had nothing more to send: samples until this flight is acknowledged say little about
     * the path.
     */
    public void noteApplicationLimited() {
        appLimitedUntil = Math.max(1, delivered + t.sent.inFlight());
    }

    /** Whether samples are application-limited now. */
    public boolean isAppLimited() {
        return appLimitedUntil > 0;
    }

    /** Delivery rate of the last good sample, bytes per second. */
    public long bytesPerSecond() {
        return rateIntervalUs <= 0 ? 0 : rateDelivered * t.sendMss * 1_000_000 / rateIntervalUs;
    }
}

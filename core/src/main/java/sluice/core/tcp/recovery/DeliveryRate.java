package sluice.core.tcp.recovery;

import sluice.core.tcp.Tcb;
import sluice.core.tcp.congestion.AckSample;
import sluice.core.tcp.data.SentSegment;

/**
 * Measures how fast the network delivers: each segment remembers how much had been delivered when it was sent (the
 * model of BBR's delivery-rate estimation).
 */
public final class DeliveryRate {
    private DeliveryRate() {}

    /** A segment is about to be sent: it takes a snapshot. */
    public static void sent(Tcb t, SentSegment s, long nowNs) {
        Congestion c = t.congestion;
        if (t.sent.packetsOut() == s.count && !s.everRetransmitted || c.flightStartNs() == 0) {
            c.flightStartNs(nowNs);
            c.deliveredNs(nowNs);
        }
        s.flightStartNs = c.flightStartNs();
        s.deliveredNsAtSend = c.deliveredNs();
        s.deliveredAtSend = c.deliveredSegments();
        s.deliveredCeAtSend = c.deliveredCeSegments();
        s.lostAtSend = c.lostSegments();
        s.appLimited = c.isAppLimited();
        s.inFlightAtSend = t.sent.inFlight();
        s.delivered = false;
    }

    /** A segment was acknowledged or reported: the one sent last makes the sample. */
    static void delivered(Tcb t, SentSegment s, long nowNs) {
        if (s.delivered || s.deliveredNsAtSend == 0) {
            return;
        }
        s.delivered = true;
        AckSample a = t.congestion.sample;
        if (a.priorDelivered == 0 || s.deliveredAtSend >= a.priorDelivered) {
            a.priorDelivered = s.deliveredAtSend;
            a.appLimited = s.appLimited;
            a.inFlightAtSend = s.inFlightAtSend;
            a.lostAtSend = s.lostAtSend;
            t.congestion.flightStartNs(s.sentNs);
            long sendIntervalUs = (s.sentNs - s.flightStartNs) / 1000;
            long ackIntervalUs = (nowNs - s.deliveredNsAtSend) / 1000;
            a.intervalUs = Math.max(sendIntervalUs, ackIntervalUs);
        }
    }

    /** The acknowledgment is processed: finishes the sample. */
    static void finish(Tcb t, int newlyDelivered, long nowNs) {
        Congestion c = t.congestion;
        AckSample a = c.sample;
        if (c.appLimitedUntil() > 0 && c.deliveredSegments() > c.appLimitedUntil()) {
            c.clearAppLimited();
        }
        if (newlyDelivered > 0) {
            c.deliveredNs(nowNs);
        }
        if (a.intervalUs < 0) {
            return;
        }
        a.deliveredSegments = (int) (c.deliveredSegments() - a.priorDelivered);
        if (t.rtt.minRttUs() != Long.MAX_VALUE && a.intervalUs < t.rtt.minRttUs()) {
            a.intervalUs = -1;
            return;
        }
        if (!a.appLimited
                || a.deliveredSegments * 1_000_000L * t.sendMss / Math.max(1, a.intervalUs) >= c.deliveryRate()) {
            c.rate(a.deliveredSegments, a.intervalUs);
        }
    }
}

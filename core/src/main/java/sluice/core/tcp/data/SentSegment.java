package sluice.core.tcp.data;

import org.jspecify.annotations.Nullable;
import sluice.base.Seq;
import sluice.base.Time;

/**
 * One sent and unacknowledged piece of sequence space: a segment, or a super-segment of {@link #count} segments, with
 * what loss detection and rate sampling need to know.
 *
 * <p>Objects are reused by {@link SentSegments}.
 */
public final class SentSegment {
    /** First sequence number. */
    public int seq;
    /** Sequence number after the last. */
    public int end;
    /** Wire segments. */
    public int count;
    /** Payload bytes of each full wire segment. */
    public int mss;
    /** The peer reported it (SACK). */
    public boolean sacked;
    /** Held for lost. */
    public boolean lost;
    /** Retransmitted, and that copy counts as in flight. */
    public boolean retransmitted;
    /** Was retransmitted at least once. */
    public boolean everRetransmitted;
    /** Carries the SYN. */
    public boolean syn;
    /** Carries the FIN. */
    public boolean fin;
    /** Ends with PSH, each time it is sent. */
    public boolean push;
    /** How often it was retransmitted. */
    public int retransmissions;
    /** When it was sent last. */
    public long sentNs;
    /** Which transmission of its connection the last one was; pieces of one packet share it. */
    public long transmission;
    /** When it was sent first. */
    public long firstSentNs;
    /** Delivery-rate sampling: segments delivered when it was sent. */
    public long deliveredAtSend;
    /** Delivery-rate sampling: segments delivered with CE when it was sent. */
    public long deliveredCeAtSend;
    /** Delivery-rate sampling: time of that delivery; {@link Time#NEVER} when it is not sampled. */
    public long deliveredNsAtSend = Time.NEVER;
    /** Delivery-rate sampling: start of the flight it belongs to. */
    public long flightStartNs = Time.NEVER;
    /** Delivery-rate sampling: the sender had nothing more to send. */
    public boolean appLimited;
    /** Delivery-rate sampling: already counted as delivered. */
    public boolean delivered;
    /** Segments in flight after it was sent. */
    public int inFlightAtSend;
    /** Segments lost so far when it was sent. */
    public long lostAtSend;

    /** Neighbours in order of (re)transmission; used by RACK. */
    @Nullable SentSegment olderSent;
    @Nullable SentSegment newerSent;
    boolean inTimeOrder;

    /** Whether it was sent (again) after {@code o}: later, or as a later part of the same packet. */
    public boolean sentAfter(SentSegment o) {
        return sentAfter(transmission, end, o.transmission, o.end);
    }

    /**
     * The same of what was sent with those numbers and ended there: RACK_sent_after of RFC 8985 section 6.2, by order
     * instead of by time.
     */
    public static boolean sentAfter(long transmission, int end, long otherTransmission, int otherEnd) {
        return transmission > otherTransmission || transmission == otherTransmission && Seq.gt(end, otherEnd);
    }

    /** Sequence space, SYN and FIN included. */
    public int length() {
        return end - seq;
    }

    /** Payload bytes. */
    public int payload() {
        return end - seq - (syn ? 1 : 0) - (fin ? 1 : 0);
    }

    void reset() {
        sacked = false;
        lost = false;
        retransmitted = false;
        everRetransmitted = false;
        syn = false;
        fin = false;
        push = false;
        retransmissions = 0;
        deliveredAtSend = 0;
        deliveredCeAtSend = 0;
        deliveredNsAtSend = Time.NEVER;
        flightStartNs = Time.NEVER;
        appLimited = false;
        delivered = false;
        inFlightAtSend = 0;
        lostAtSend = 0;
    }

    void copyMarksFrom(SentSegment o) {
        mss = o.mss;
        sacked = o.sacked;
        lost = o.lost;
        retransmitted = o.retransmitted;
        everRetransmitted = o.everRetransmitted;
        retransmissions = o.retransmissions;
        sentNs = o.sentNs;
        transmission = o.transmission;
        firstSentNs = o.firstSentNs;
        deliveredAtSend = o.deliveredAtSend;
        deliveredCeAtSend = o.deliveredCeAtSend;
        deliveredNsAtSend = o.deliveredNsAtSend;
        flightStartNs = o.flightStartNs;
        appLimited = o.appLimited;
        delivered = o.delivered;
        inFlightAtSend = o.inFlightAtSend;
        lostAtSend = o.lostAtSend;
    }
}

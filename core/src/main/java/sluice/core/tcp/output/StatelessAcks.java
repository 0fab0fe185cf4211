package sluice.core.tcp.output;

import sluice.base.Rfc;
import sluice.core.MtuDiscovery;
import sluice.core.tcp.BareSegment;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.ecn.EcnNegotiation;
import sluice.core.tcp.segment.Segment;

/** Acknowledgments of the endpoints that have no sender of their own: half-opens and time-waits. */
@Rfc(value = 9293, section = "3.10.7.4")
public final class StatelessAcks {
    private StatelessAcks() {}

    /** Repeats what a half-open expects. */
    public static void send(HalfOpen h, long nowNs) {
        int flags = Segment.ACK | EcnNegotiation.firstFlags(h.agreed.ecn);
        int window = h.ourWindow + (1 << h.agreed.ourShift) - 1 >>> h.agreed.ourShift;
        BareSegment s = h.tcp.bare().set(h.iss + 1, h.irs + 1, flags, window)
                .timestamps(h.agreed.timestamps, h.agreed.timestampClock(nowNs), h.tsRecent);
        StatelessSender.send(h.tcp, s, h.tuple(), IpFields.of(h), h.authentication, nowNs);
    }

    /** Repeats what a time-wait acknowledged last. */
    public static void send(TimeWait w, long nowNs) {
        IpFields fields = new IpFields(w.hopLimit, w.trafficClass, null, MtuDiscovery.DO);
        StatelessSender.send(w.tcp, filled(w, nowNs), w.tuple(), fields, w.authentication, nowNs);
    }

    /** The acknowledgment of the FIN that made the time-wait of a connection. */
    public static void sendFirst(TimeWait w, StateVariables t, long nowNs) {
        BareSegment s = filled(w, nowNs).duplicate(t.dsack);
        StatelessSender.send(w.tcp, s, w.tuple(), IpFields.of(t.options), w.authentication, nowNs);
        t.totals.segmentsOut++;
    }

    private static BareSegment filled(TimeWait w, long nowNs) {
        return w.tcp.bare().set(w.sndNxt, w.rcvNxt, Segment.ACK | w.ecnFlags, w.window)
                .timestamps(w.timestamps, (int) Math.floorDiv(nowNs, 1_000_000L) + w.timestampOffset, w.tsRecent);
    }
}

package sluice.core.tcp.output;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Route;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Segment;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.option.FastOpenOption;
import sluice.wire.Packet;

/** Makes the SYN-ACK of a half-open connection or of a cookie. */
@Rfc(value = 9293, section = "3.10.7.2")
public final class SynAckSender {
    private SynAckSender() {}

    /** Sends it with the given TSval. */
    public static void send(HalfOpen h, int tsVal, long nowNs) {
        Route route = h.tcp.ip().route(h.tuple().local(), h.tuple().remote());
        if (route == null) {
            return;
        }
        Packet p = h.tcp.ip().allocate();
        int options = Authentication.reserve(h.authentication, p.memory, p.start + HeaderWriter.MIN_LENGTH);
        p.end = SynOptions.write(p.memory, options, h.advertisedMss, h.sackPermitted, h.timestamps, tsVal, h.tsRecent,
                h.peerShift >= 0 ? h.ourShift : -1);
        if (h.cookie != null && p.end + FastOpenOption.length(h.cookie) <= p.start + HeaderWriter.MAX_LENGTH) {
            p.end = FastOpenOption.write(p.memory, p.end, h.cookie); // a signature may leave no room
        }
        h.cookie = null;
        HeaderWriter.write(p, h.tuple(), h.iss, h.irs + 1 + h.synData, Segment.SYN | Segment.ACK | (h.ecn && h.retransmissions == 0 ? Segment.ECE : 0),
                p.end - p.start,
                h.ourWindow, 0);
        Authentication.complete(h.authentication, p, p.end - p.start);
        HeaderWriter.checksum(p, h.tuple(), route);
        h.tcp.host().counters().increment(Counter.TcpOutSegs);
        Resets.enqueue(h.tcp, p, route, h.tuple(), IpFields.of(h), nowNs);
    }
}

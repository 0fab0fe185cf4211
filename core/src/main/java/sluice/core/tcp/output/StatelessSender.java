package sluice.core.tcp.output;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.IpHeader;
import sluice.core.Route;
import sluice.core.tcp.BareSegment;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.option.TimestampsOption;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Packet;

/**
 * Sends the segments that are made while input is processed, outside a connection's sender: SYN-ACKs, resets, and what
 * half-opens and time-waits acknowledge. They wait in IP's control queue.
 */
@Rfc(value = 9293, section = "3.5.2")
final class StatelessSender {
    private static final int TCP = 6;

    private StatelessSender() {}

    /** Makes a segment without data and gives it to IP; nothing when there is no route. */
    static void send(TcpContext tcp, BareSegment s, FourTuple tuple, IpFields fields,
            @Nullable Authentication authentication, long nowNs) {
        Route route = tcp.ip().routeOnce(tuple.local(), tuple.remote());
        if (route == null) {
            return;
        }
        Packet p = tcp.ip().allocate();
        int at = p.start;
        int end = Authentication.reserve(authentication, p.memory, at + HeaderWriter.MIN_LENGTH);
        if (s.hasTimestamps) {
            end = TimestampsOption.write(p.memory, end, s.tsVal, s.tsEcr, false);
        }
        if (s.hasDuplicate && authentication == null) { // beside a signature there may be no room
            end = SackBlocks.writeOne(p.memory, end, s.duplicateLeft, s.duplicateRight);
        }
        p.end = end;
        HeaderWriter.write(p, tuple, s.seq, s.ack, s.flags, s.window);
        Authentication.complete(authentication, p, end - at);
        HeaderWriter.checksum(p, tuple, route);
        tcp.host().counters().increment(Counter.TcpOutSegs);
        if ((s.flags & Segment.RST) != 0) {
            tcp.host().counters().increment(Counter.TcpOutRsts);
        }
        enqueue(tcp, p, route, tuple, fields, nowNs);
    }

    /** Gives a segment to IP. */
    static void enqueue(TcpContext tcp, Packet p, Route route, FourTuple tuple, IpFields fields, long nowNs) {
        int hopLimit = fields.hopLimit() > 0 ? fields.hopLimit() : tcp.defaultHopLimit();
        IpHeader header = tcp.bare().ip.set(tuple.local(), tuple.remote(), TCP, hopLimit);
        header.trafficClass = fields.trafficClass();
        header.dontFragment = fields.mtuDiscovery(tcp.host().settings())
                .dontFragment(tcp.ip().pathMtuLocked(route, tuple.remote(), nowNs));
        header.options = fields.options();
        tcp.ip().enqueue(p, route, header, nowNs);
    }
}

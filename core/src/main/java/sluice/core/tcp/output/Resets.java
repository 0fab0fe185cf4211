package sluice.core.tcp.output;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.FourTuple;
import sluice.core.tcp.Segment;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.option.TimestampsOption;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * Segments without data that are made outside a connection's sender: resets, and acknowledgments of half-open
 * connections and time-waits.
 */
@Rfc(value = 9293, section = "3.5.2")
public final class Resets {
    private Resets() {}

    /**
     * Answers a segment that belongs to no connection: 3.10.7.1. A signed one is answered with a signature or not at
     * all.
     */
    @Rfc(value = 9293, section = "3.10.7.1")
    public static void answer(TcpContext tcp, Datagram d, Segment seg, @Nullable Authentication authentication,
            long nowNs) {
        if (seg.has(Segment.RST) || !d.toUnicast || seg.isSigned() && authentication == null) {
            tcp.drop(seg.has(Segment.RST) ? Counter.SluiceTcpBadReset : Counter.SluiceTcpUnexpected, nowNs);
            return;
        }
        IpAddress local = d.destination();
        IpAddress remote = d.source();
        int localPort = sluice.wire.Bytes.u16(d.packet.memory, d.payloadOffset + 2L);
        int remotePort = sluice.wire.Bytes.u16(d.packet.memory, d.payloadOffset);
        FourTuple tuple = new FourTuple(local, localPort, remote, remotePort);
        if (seg.has(Segment.ACK)) {
            send(tcp, tuple, seg.ack, 0, Segment.RST, 0, 0, false, authentication, nowNs);
        } else {
            send(tcp, tuple, 0, seg.end(), Segment.RST | Segment.ACK, 0, 0, false, authentication, nowNs);
        }
    }

    /** Resets a connection of ours: the peer learns that it was aborted. */
    public static void abort(Tcb t, long nowNs) {
        bare(t.tcp, t.tuple, t.snd.acceptable(), t.rcv.nxt, Segment.RST | Segment.ACK, 0, t.timestampClock(nowNs),
                t.tsRecent, t.timestamps,
                IpFields.of(t.options), t.authentication, nowNs);
    }

    /** A segment without data: {@code tsVal} and {@code tsEcr} only with {@code timestamps}. Window 0 for resets. */
    public static void send(TcpContext tcp, FourTuple tuple, int seq, int ack, int flags, int tsVal, int tsEcr,
            boolean timestamps,
            @Nullable Authentication authentication, long nowNs) {
        bare(tcp, tuple, seq, ack, flags, 0, tsVal, tsEcr, timestamps, IpFields.DEFAULT, authentication, nowNs);
    }

    /** A segment without data and with a window. */
    public static void bare(TcpContext tcp, FourTuple tuple, int seq, int ack, int flags, int window, int tsVal,
            int tsEcr, boolean timestamps, IpFields fields,
            @Nullable Authentication authentication, long nowNs) {
        Route route = tcp.ip().route(tuple.local(), tuple.remote());
        if (route == null) {
            return;
        }
        Packet p = tcp.ip().allocate();
        int at = p.start;
        int end = Authentication.reserve(authentication, p.memory, at + HeaderWriter.MIN_LENGTH);
        if (timestamps) {
            end = TimestampsOption.write(p.memory, end, tsVal, tsEcr, false);
        }
        p.end = end;
        HeaderWriter.write(p, tuple, seq, ack, flags, end - at, window, 0);
        Authentication.complete(authentication, p, end - at);
        HeaderWriter.checksum(p, tuple, route);
        tcp.host().counters().increment(Counter.TcpOutSegs);
        if ((flags & Segment.RST) != 0) {
            tcp.host().counters().increment(Counter.TcpOutRsts);
        }
        enqueue(tcp, p, route, tuple, fields, nowNs);
    }

    /** Gives a segment to IP, with DF as all of TCP has it. */
    static void enqueue(TcpContext tcp, Packet p, Route route, FourTuple tuple, IpFields fields, long nowNs) {
        boolean df = tcp.host().settings().get(Setting.IP_NO_PMTU_DISC) == 0;
        int hopLimit = fields.hopLimit() > 0 ? fields.hopLimit() : tcp.defaultHopLimit();
        tcp.ip().enqueue(p, route, tuple.local(), tuple.remote(), 6, hopLimit, fields.trafficClass(), df,
                fields.options(), nowNs);
    }
}

package sluice.core.tcp.output;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.IpHeader;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Checksum;
import sluice.wire.Packet;

/** Makes a segment of a connection: header, options and payload into the packet, then to IP. */
@Rfc(value = 9293, section = "3.1")
final class SegmentEncoder {
    private static final int TCP = 6;
    /** Payload from which a link that gathers gets it in place; less is copied sooner than described. */
    private static final int GATHER_FROM = 512;

    private final TcpContext tcp;
    private final IpHeader ip = new IpHeader();

    SegmentEncoder(TcpContext tcp) {
        this.tcp = tcp;
    }

    /** Payload bytes that one packet to the link may carry: one segment, or many whole ones that it cuts. */
    static int maxPayload(Tcb t, Route route) {
        int mss = Math.max(1, t.sendMss);
        if (route.link.gsoMaxBytes() <= route.link.mtu() || t.authentication != null) {
            return mss;
        }
        int headers = (t.tuple.remote().isV4() ? 20 : 40) + HeaderWriter.MIN_LENGTH + SegmentOptions.MAX_LENGTH;
        int limit = Math.min(route.link.gsoMaxBytes(), 65_535) - headers;
        return limit <= mss ? mss : limit - limit % mss;
    }

    /** Header, options and payload; copies the payload unless the link gathers it from the ring. */
    int data(Tcb t, Packet p, Route route, OutgoingSegment s, long nowNs) {
        int n = s.length;
        int mss = s.mss;
        long position = s.position;
        p.clear();
        int headerEnd = SegmentOptions.write(t, p, n, nowNs);
        int headerLength = headerEnd - p.start;
        p.end = headerEnd;
        boolean newData = s.fresh && n > 0;
        int flags = s.flags | t.ecn.flags(newData, false);
        header(t, p, s.seq, flags, nowNs);
        if (n > mss) {
            p.gsoSize = mss;
            p.gsoHeaderLength = headerLength;
            p.gsoKeepsCwr = t.ecn.isAccurate();
            p.gsoPushesAll = t.host.settings().isOn(Setting.TCP_PUSH_ALL);
        }
        boolean deviceSums = route.link.checksumOffload() || route.loopback;
        boolean gather = n >= GATHER_FROM && route.link.gathers() && !route.loopback
                && t.sendBuffer.isContiguous(position, n);
        int payloadAt = p.end;
        if (gather) {
            p.tail = t.sendBuffer.memory(position);
            p.tailOffset = t.sendBuffer.offset(position);
            p.tailLength = n;
        } else {
            copyPayload(t, p, position, n);
        }
        Authentication.complete(t.authentication, p, headerLength);
        if (deviceSums || n == 0) {
            HeaderWriter.checksum(p, t.tuple, route);
        } else {
            long sum = gather ? Checksum.sum(t.sendBuffer.memory(position), p.tailOffset, n)
                    : Checksum.sum(p.memory, payloadAt, n);
            HeaderWriter.checksum(p, t.tuple, headerLength, sum);
        }
        acknowledgmentLeaves(t);
        int segments = n > mss ? (n + mss - 1) / mss : 1;
        if (n > 0) {
            t.totals.dataSegmentsOut += segments;
            t.delayedAck.onDataSent(nowNs);
            t.lastDataSentNs = nowNs;
        }
        return hand(t, p, route, segments, ecnBits(t, newData), nowNs);
    }

    /** The fixed part of the header; the window it offers is promised from now on. */
    private static void header(Tcb t, Packet p, int seq, int flags, long nowNs) {
        int up = urgentPointer(t, seq);
        HeaderWriter.write(p, t.tuple, seq, t.rcv.nxt, up >= 0 ? flags | Segment.URG : flags, t.window.select(nowNs));
        if (up > 0) {
            HeaderWriter.urgentPointer(p, up);
        }
    }

    /**
     * The urgent pointer of a segment that begins at {@code seq}, also when it carries no data (the window may be
     * closed); -1 for none.
     */
    @Rfc(value = 9293, section = "3.8.5", req = {"MUST-30", "MUST-31", "MUST-62"})
    private static int urgentPointer(Tcb t, int seq) {
        if (!t.urgent.toSend() || !Seq.gt(t.snd.up, seq)) {
            return -1;
        }
        int distance = Math.min(t.snd.up - seq, 65_535);
        return t.host.settings().get(Setting.TCP_STDURG) != 0 ? distance - 1 : distance;
    }

    static void copyPayload(Tcb t, Packet p, long position, int n) {
        if (n > 0) {
            t.sendBuffer.read(position, p.memory, p.end, n);
            p.end += n;
        }
    }

    /** An acknowledgment alone, with the sequence number {@code seq}. */
    int bare(Tcb t, Packet p, Route route, int seq, long nowNs) {
        p.clear();
        p.end = SegmentOptions.write(t, p, 0, nowNs);
        header(t, p, seq, Segment.ACK | t.ecn.flags(false, true), nowNs);
        Authentication.complete(t.authentication, p, p.end - p.start);
        HeaderWriter.checksum(p, t.tuple, route);
        acknowledgmentLeaves(t);
        return hand(t, p, route, 1, ecnBits(t, false), nowNs);
    }

    @Rfc(value = 3168, section = "5")
    private static int ecnBits(Tcb t, boolean newData) {
        return t.congestion.control().respondsToMarks() ? t.ecn.ipBits(newData) : 0;
    }

    private static void acknowledgmentLeaves(Tcb t) {
        t.delayedAck.onAckSent();
    }

    /** Counts a segment that is complete and gives it to IP. */
    int hand(Tcb t, Packet p, Route route, int segments, int ecnBits, long nowNs) {
        t.host.counters().add(Counter.TcpOutSegs, segments);
        t.totals.segmentsOut += segments;
        int hopLimit = t.options.hopLimit > 0 ? t.options.hopLimit : tcp.defaultHopLimit();
        ip.set(t.tuple.local(), t.tuple.remote(), TCP, hopLimit);
        ip.trafficClass = t.options.trafficClass & 0xfc | ecnBits;
        ip.dontFragment = t.dontFragment();
        ip.options = t.options.ipOptions;
        return tcp.ip().send(p, route, ip, nowNs);
    }
}

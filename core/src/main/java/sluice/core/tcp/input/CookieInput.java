package sluice.core.tcp.input;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Listener;
import sluice.core.tcp.SynCookies;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.auth.OpeningAuthentication;
import sluice.core.tcp.data.BufferSizes;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.ecn.EcnNegotiation;
import sluice.core.tcp.output.SynAckSender;
import sluice.core.tcp.path.PathMtu;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;

/** SYN cookies: the answer that remembers nothing, and the acknowledgment that brings it all back. */
@Rfc(value = 4987, section = "3.6")
final class CookieInput {
    private static final long RECENT_OVERFLOW_NS = 2 * 60_000_000_000L;

    private CookieInput() {}

    static void answer(HalfOpen h, Route route, long nowNs) {
        TcpContext tcp = h.tcp;
        h.listener.noteOverflow(nowNs);
        h.iss = tcp.cookies().make(h.tuple(), h.irs, h.agreed.peerMss, nowNs);
        int tsVal = h.agreed.timestampClock(nowNs);
        tcp.host().counters().increment(Counter.TcpExtSyncookiesSent);
        SynAckSender.send(h, route, h.agreed.timestamps ? SynCookies.encodeOptions(tsVal, h.agreed) : 0, nowNs);
    }

    /**
     * Takes an acknowledgment that may carry a cookie; false when it does not and should be answered with a reset.
     *
     * @param later the half-open that the same SYN made when it came again and there was room; the peer has answered
     *              the cookie, so nobody will answer that one. Null for none
     */
    static boolean process(TcpContext tcp, Listener l, @Nullable HalfOpen later, Datagram d, Segment seg, long nowNs) {
        if (tcp.host().settings().get(Setting.TCP_SYNCOOKIES) == 0 || !l.overflowedWithin(RECENT_OVERFLOW_NS, nowNs)
                && tcp.host().settings().get(Setting.TCP_SYNCOOKIES) != 2) {
            return false;
        }
        FourTuple tuple = ListenInput.tuple(d);
        int mss = tcp.cookies().check(tuple, seg.seq - 1, seg.ack - 1, nowNs);
        if (mss == 0) {
            tcp.host().counters().increment(Counter.TcpExtSyncookiesFailed);
            return false;
        }
        tcp.host().counters().increment(Counter.TcpExtSyncookiesRecv);
        if (later != null) {
            later.end(TcpState.LISTEN, nowNs);
        }
        Route route = tcp.ip().routeOnce(tuple.local(), tuple.remote());
        if (route == null) {
            return true;
        }
        HalfOpen h = new HalfOpen(tcp, l, tuple, nowNs);
        h.authentication = OpeningAuthentication.cookie(tcp.digests(), tuple, l.options(), seg);
        h.iss = seg.ack - 1;
        h.irs = seg.seq - 1;
        Negotiated agreed = h.agreed;
        agreed.peerMss = mss;
        agreed.advertisedMss = PathMtu.advertised(tcp.host(), tcp.ip(), route, tuple.remote(), l.options(), nowNs);
        agreed.timestamps = seg.hasTimestamps && tcp.host().settings().get(Setting.TCP_TIMESTAMPS) != 0;
        agreed.timestampOffset = tcp.host().settings().get(Setting.TCP_TIMESTAMPS) == 1
                ? tcp.isns().timestampOffset(tuple)
                : 0;
        h.tsRecent = seg.tsVal;
        h.tsRecentNs = nowNs;
        if (agreed.timestamps) {
            SynCookies.decodeOptions(agreed, seg.tsEcr);
            agreed.ecn = EcnNegotiation.afterCookie(tcp.host(), agreed.ecn, seg);
            HalfOpenInput.lookAtAccEcnOption(h, seg);
        }
        agreed.ourShift = agreed.windowScaling ? tcp.sizes().windowShift(l.options()) : 0;
        h.ourWindow = BufferSizes.synWindow(tcp.sizes().initialReceiveBytes(l.options()), agreed.advertisedMss);
        Tcb t = HalfOpenInput.complete(h, seg, nowNs);
        if (t != null) {
            SegmentArrives.arrive(t, seg, nowNs);
        }
        return true;
    }
}

package sluice.core.tcp.input;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Listener;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.fastopen.FastOpenHost;
import sluice.core.tcp.fastopen.FastOpenKeys;
import sluice.core.tcp.segment.FastOpenCookie;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;

/**
 * A SYN with data or a cookie at a listener: whether a connection begins at once, and which cookie goes back with the
 * SYN-ACK.
 */
@Rfc(value = 7413, section = "4.2.2")
final class FastOpenListen {
    private FastOpenListen() {}

    /**
     * The connection with the SYN's data in it, in the accept queue; null when the request has to be confirmed first,
     * as any other. Sets the cookie of the SYN-ACK.
     */
    static @Nullable Tcb process(HalfOpen h, Segment syn, long nowNs) {
        TcpContext tcp = h.tcp;
        Listener l = h.listener;
        FastOpenCookie cookie = syn.fastOpen;
        if (cookie != null && cookie.isRequest()) {
            count(tcp, Counter.TcpExtTCPFastOpenCookieReqd);
        }
        if (!tcp.fastOpen().allows(FastOpenHost.SERVER) || cookie == null && syn.dataLength == 0
                || !hasRoom(tcp, l, nowNs)) {
            return null;
        }
        if (tcp.fastOpen().allows(FastOpenHost.SERVER_NO_COOKIE) || l.options().fastOpenNoCookie) {
            return open(h, syn, nowNs);
        }
        if (cookie == null) {
            return null;
        }
        FourTuple tuple = h.tuple();
        FastOpenKeys keys = tcp.fastOpen().keys(l.options().fastOpenKeys);
        int key = cookie.isRequest() ? 0 : keys.match(cookie, tuple.remote(), tuple.local());
        FastOpenCookie valid = keys.make(tuple.remote(), tuple.local()).in(cookie.experimental());
        if (key == 0) {
            if (!cookie.isRequest()) {
                count(tcp, Counter.TcpExtTCPFastOpenPassiveFail);
            }
            h.cookie = valid;
            return null;
        }
        if (key == 2) {
            count(tcp, Counter.TcpExtTCPFastOpenPassiveAltKey);
            h.cookie = valid;
        }
        return open(h, syn, nowNs);
    }

    private static boolean hasRoom(TcpContext tcp, Listener l, long nowNs) {
        int limit = l.fastOpenLimit();
        if (limit == 0) {
            return false;
        }
        boolean room = l.fastOpenQueue().hasRoom(limit, nowNs);
        if (!room) {
            count(tcp, Counter.TcpExtTCPFastOpenListenOverflow);
        }
        return room;
    }

    private static Tcb open(HalfOpen h, Segment syn, long nowNs) {
        count(h.tcp, Counter.TcpExtTCPFastOpenPassive);
        return Opening.openFast(h, syn, nowNs);
    }

    private static void count(TcpContext tcp, Counter c) {
        tcp.host().counters().increment(c);
    }
}

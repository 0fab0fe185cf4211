package sluice.core.tcp.input;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Listener;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.auth.Md5Authentication;
import sluice.core.tcp.auth.OpeningAuthentication;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.core.tcp.data.BufferSizes;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.ecn.EcnNegotiation;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.output.SynAckSender;
import sluice.core.tcp.path.PathMtu;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.wire.Bytes;

/** A segment for a port in LISTEN: a SYN makes a half-open connection, or a cookie when there are too many. */
@Rfc(value = 9293, section = "3.10.7.2")
final class ListenInput {
    private ListenInput() {}

    /** {@code reopened}: the time-wait that the segment, a SYN, ended; null for none. */
    static void process(TcpContext tcp, Listener l, Datagram d, Segment seg, @Nullable TimeWait reopened, long nowNs) {
        if (seg.has(Segment.RST)) {
            tcp.drop(Counter.SluiceTcpBadReset, nowNs);
            return;
        }
        if (seg.has(Segment.ACK)) {
            if (!seg.has(Segment.SYN) && CookieInput.process(tcp, l, null, d, seg, nowNs)) {
                return;
            }
            Resets.answer(tcp, d, seg, OpeningAuthentication.reset(tcp.digests(), tuple(d), l.options(), seg), nowNs);
            return;
        }
        if (seg.has(Segment.SYN)) {
            syn(tcp, l, d, seg, reopened, nowNs);
        } else {
            tcp.drop(Counter.SluiceTcpUnexpected, nowNs);
        }
    }

    @Rfc(value = 9293, section = "3.9.2.3", req = {"MUST-57", "MUST-63"})
    private static void syn(TcpContext tcp, Listener l, Datagram d, Segment seg, @Nullable TimeWait reopened,
            long nowNs) {
        Settings settings = tcp.host().settings();
        boolean cookie = settings.get(Setting.TCP_SYNCOOKIES) == 2 || l.synQueueFull();
        if (cookie && !tcp.host().admission().admits(d.sourceHigh, d.sourceLow, nowNs)) {
            drop(l);
            return;
        }
        FourTuple tuple = tuple(d);
        if (!d.toUnicast || tuple.remote().isMulticast() || tuple.remote().isAny()
                || tcp.ip().isBroadcast(tuple.remote()) || tuple.remotePort() == 0
                || seg.has(Segment.FIN)) {
            tcp.drop(Counter.SluiceTcpBadSyn, nowNs);
            return;
        }
        long cookies = settings.get(Setting.TCP_SYNCOOKIES);
        if (cookie) {
            if (cookies == 0) {
                tcp.host().counters().increment(Counter.TcpExtTCPReqQFullDrop);
                drop(l);
                return;
            }
            tcp.host().counters().increment(Counter.TcpExtTCPReqQFullDoCookies);
        }
        if (l.acceptQueueFull()) {
            l.countOverflow();
            return;
        }
        long maxBacklog = settings.get(Setting.TCP_MAX_SYN_BACKLOG);
        if (!cookie && cookies == 0 && maxBacklog - l.synQueueLength() < maxBacklog >> 2) {
            drop(l);
            return;
        }
        Route route = tcp.ip().routeOnce(tuple.local(), tuple.remote());
        if (route == null) {
            drop(l);
            return;
        }
        if (OpeningAuthentication.refuses(l.options(), tuple.remote(), seg)) {
            tcp.drop(Counter.TcpExtTCPAOKeyNotFound, nowNs);
            return;
        }
        HalfOpen h = new HalfOpen(tcp, l, tuple, nowNs);
        h.authentication = OpeningAuthentication.passive(tcp.digests(), tuple, l.options(), seg, seg.seq);
        negotiate(tcp, h, route, d, seg, cookie, nowNs);
        if (cookie) {
            CookieInput.answer(h, route, nowNs);
        } else {
            h.iss = reopened != null ? reopened.nextIss() : tcp.isns().next(tuple, nowNs);
            if (FastOpenListen.process(h, seg, nowNs) == null) {
                h.enter(nowNs);
                SynAckSender.send(h, nowNs);
            }
        }
    }

    private static void drop(Listener l) {
        l.countDropped();
    }

    private static void negotiate(TcpContext tcp, HalfOpen h, Route route, Datagram d, Segment seg, boolean cookie,
            long nowNs) {
        Settings settings = tcp.host().settings();
        Negotiated agreed = h.agreed;
        h.irs = seg.seq;
        h.userTimeoutSeconds = seg.userTimeoutSeconds;
        agreed.peerMss = seg.mss > 0 ? seg.mss : PathMtu.defaultMss(h.tuple().remote());
        agreed.advertisedMss = PathMtu.advertised(tcp.host(), tcp.ip(), route, h.tuple().remote(),
                h.listener.options(), nowNs);
        agreed.timestamps = seg.hasTimestamps && settings.get(Setting.TCP_TIMESTAMPS) != 0;
        agreed.timestampOffset = settings.get(Setting.TCP_TIMESTAMPS) == 1 ? tcp.isns().timestampOffset(h.tuple()) : 0;
        h.tsRecent = seg.tsVal;
        h.tsRecentNs = nowNs;
        agreed.sackPermitted = seg.sackPermitted && settings.get(Setting.TCP_SACK) != 0
                && (!cookie || agreed.timestamps);
        if (h.authentication != null && agreed.sackPermitted
                && !(cookie && h.authentication instanceof Md5Authentication)) {
            agreed.timestamps = false; // there is no room for both beside a signature
        }
        boolean scale = seg.windowScale >= 0 && settings.get(Setting.TCP_WINDOW_SCALING) != 0
                && (!cookie || agreed.timestamps);
        agreed.windowScaling = scale;
        agreed.peerShift = scale ? seg.windowScale : 0;
        agreed.ourShift = scale ? tcp.sizes().windowShift(h.listener.options()) : 0;
        String control = CongestionControls.nameFor(h.listener.options(), settings);
        boolean needed = CongestionControls.needEcn(control);
        agreed.ecn = cookie && !agreed.timestamps ? EcnMode.DISABLED : EcnNegotiation.answer(tcp.host(), seg, needed);
        h.marksAll = needed && agreed.ecn != EcnMode.DISABLED;
        h.synEcn = (byte) seg.ecn;
        int window = tcp.sizes().initialReceiveBytes(h.listener.options());
        if (h.listener.options().windowClampBytes > 0) {
            window = Math.min(window, h.listener.options().windowClampBytes);
        }
        h.ourWindow = BufferSizes.synWindow(window, agreed.advertisedMss);
        byte[] received = d.sourceRoute;
        if (received != null) {
            h.sourceRoute = received;
        }
        int reflected = settings.get(Setting.TCP_REFLECT_TOS) != 0 ? seg.trafficClass
                : h.listener.options().trafficClass;
        h.synTrafficClass = (short) (reflected & 0xfc);
    }

    /** The four-tuple of a datagram, from our side. */
    static FourTuple tuple(Datagram d) {
        return new FourTuple(d.destination(), Bytes.u16(d.packet.memory, d.payloadOffset + 2L), d.source(),
                Bytes.u16(d.packet.memory, d.payloadOffset));
    }
}

package sluice.observe.print;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Time;
import sluice.core.Host;
import sluice.core.tcp.Endpoint;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Listener;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.user.StatusCall;
import sluice.core.tcp.user.TcpInfo;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;

/**
 * Takes the endpoints of a host as rows. To be called by the thread inside the host; the rows may be printed anywhere.
 */
public final class SocketTable {
    private static final long NS_PER_MS = 1_000_000L;

    private SocketTable() {}

    /** All TCP endpoints, then all bound UDP sockets. */
    public static List<SocketRow> snapshot(Host host, long nowNs) {
        List<SocketRow> rows = new ArrayList<>();
        host.tcp().forEachEndpoint(e -> rows.add(row(e, nowNs)));
        for (UdpSocket u : host.udp().sockets()) {
            rows.add(new SocketRow("udp", null, u.receiveQueueBytes(), u.sendQueueBytes(), u.localAddress(),
                    u.localAddress().equals(IpAddress.ANY_V6) && !u.options().v6Only, u.localPort(), u.remoteAddress(),
                    u.remotePort(),
                    null, 0, 0,
                    null, u.owner()));
        }
        return rows;
    }

    private static SocketRow row(Endpoint e, long nowNs) {
        return switch (e) {
            case Listener l -> new SocketRow("tcp", l.state(), l.acceptQueueLength(), l.backlog(), l.localAddress(),
                    l.localAddress().equals(IpAddress.ANY_V6), l.localPort(), null, 0, null, 0, 0, null, "");
            case HalfOpen h ->
                new SocketRow("tcp", h.state(), 0, 0, h.localAddress(), false, h.localPort(), h.remoteAddress(),
                        h.remotePort(), "on", left(h.queuedAtNs(), nowNs),
                        h.retransmissions, null, "");
            case TimeWait w ->
                new SocketRow("tcp", w.state(), 0, 0, w.localAddress(), false, w.localPort(), w.remoteAddress(),
                        w.remotePort(), "timewait",
                        left(w.queuedAtNs(), nowNs), 0, null, "");
            case Tcb t -> connection(t, nowNs);
        };
    }

    private static SocketRow connection(Tcb t, long nowNs) {
        TcpInfo i = StatusCall.info(t, nowNs);
        boolean probing = i.timer.equals("persist") || i.timer.equals("keepalive");
        return new SocketRow("tcp", t.state(), i.recvQ, i.sendQ, t.localAddress(), false, t.localPort(),
                t.remoteAddress(),
                t.remotePort(),
                i.timer.isEmpty() ? null : i.timer, i.timerNs / NS_PER_MS, probing ? i.probes : i.retransmits, i,
                t.owner());
    }

    private static long left(long atNs, long nowNs) {
        return atNs == Time.NEVER ? 0 : Math.max(0, atNs - nowNs) / NS_PER_MS;
    }
}

package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.IcmpError;
import sluice.core.MtuDiscovery;
import sluice.core.tcp.Connection;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.path.PathMtu;
import sluice.core.tcp.segment.TcpState;

/**
 * An ICMP error about one of our segments: believed only when it quotes a sequence number that is outstanding (RFC
 * 5927), and never enough to end an open connection.
 */
@Rfc(value = 9293, section = "3.9.2.2", req = {"MUST-54", "MUST-55", "SHLD-25"})
@Rfc(value = 5927, section = "4")
public final class IcmpErrorInput {
    private IcmpErrorInput() {}

    /** The error concerns {@code c}. */
    public static void process(Connection c, IcmpError e, long nowNs) {
        switch (c) {
            case Tcb t -> forConnection(t, e, nowNs);
            case HalfOpen h -> forHalfOpen(h, e, nowNs);
            case TimeWait w -> {
                // nothing to do: TIME-WAIT has nothing outstanding
            }
        }
    }

    private static void forHalfOpen(HalfOpen h, IcmpError e, long nowNs) {
        if (e.seq != h.iss) {
            h.tcp.host().counters().increment(Counter.TcpExtOutOfWindowIcmps);
        } else if (e.kind.hard() || endsRequest(e)) {
            h.end(TcpState.CLOSED, nowNs);
            h.listener.countDropped();
        }
    }

    /**
     * RFC 9293 section 3.9.2.2 leaves to implementations that a soft error ends what is not established yet. As on
     * Linux, a router that cannot deliver (IPv4) or will not (IPv6) ends a request that nobody has seen yet: whoever
     * sent the SYN will send it again.
     */
    private static boolean endsRequest(IcmpError e) {
        return switch (e.kind) {
            case NET_UNREACHABLE, HOST_UNREACHABLE -> !e.v6 && e.code <= 1;
            case TIME_EXCEEDED -> !e.v6 && !e.isReassemblyTimeout();
            case PARAMETER_PROBLEM, PROHIBITED, UNREACHABLE -> true;
            default -> false;
        };
    }

    private static void forConnection(Tcb t, IcmpError e, long nowNs) {
        if (t.authentication != null && t.authentication.ignores(e, t.state())) {
            t.tcp.drop(Counter.TcpExtTCPAODroppedIcmps, nowNs);
            return;
        }
        int oldest = t.fastOpen.handshakePending() ? t.snd.iss : t.snd.una;
        if (!Seq.between(oldest, e.seq, t.snd.nxt)) {
            t.count(Counter.TcpExtOutOfWindowIcmps);
            return;
        }
        if (e.kind == IcmpError.Kind.PACKET_TOO_BIG) {
            tooBig(t, e, nowNs);
            return;
        }
        // by the application, though the handshake is not over
        boolean accepted = t.fastOpen.handshakePending() && t.listener == null;
        boolean handshake = t.state() == TcpState.SYN_SENT || t.state() == TcpState.SYN_RECEIVED && !accepted;
        if (handshake && !e.isReassemblyTimeout()) {
            t.count(Counter.TcpAttemptFails);
            Closing.fail(t, e.kind.errno(), nowNs);
            return;
        }
        revertBackoff(t, e, nowNs);
        if (t.options.receiveErrors) {
            t.error = e.kind.errno();
        } else {
            t.softError = e.kind.errno();
        }
        t.signalReady();
    }

    /** A router says that the path is broken: the doubling of the timeout was not congestion (RFC 6069). */
    @Rfc(value = 6069, section = "4")
    private static void revertBackoff(Tcb t, IcmpError e, long nowNs) {
        if (e.kind != IcmpError.Kind.NET_UNREACHABLE && e.kind != IcmpError.Kind.HOST_UNREACHABLE) {
            return;
        }
        if (e.seq != t.snd.una || t.retransmits == 0 || t.rtt.backoff() == 0 || t.sent.isEmpty()) {
            return;
        }
        t.rtt.revertOneBackoff();
        t.recovery().restartTimerFrom(t.sent.get(0).sentNs, nowNs);
    }

    /**
     * The path carries less than we thought: smaller segments from now on, or ones that routers may cut, and what was
     * too big goes again at once (RFC 1191, RFC 8201).
     */
    @Rfc(value = 1191, section = "3")
    @Rfc(value = 8201, section = "4")
    private static void tooBig(Tcb t, IcmpError e, long nowNs) {
        if (t.options.mtuDiscovery(t.host.settings()) == MtuDiscovery.DONT) {
            return;
        }
        int mtuBefore = t.pathMtu;
        boolean lockedBefore = t.pathMtuLocked;
        t.ip().reducePathMtu(t.tuple.remote(), e.mtu, nowNs);
        t.syncMss(nowNs);
        boolean mayBeCut = t.pathMtuLocked && !t.dontFragment();
        boolean locked = mayBeCut && !lockedBefore;
        if (t.pathMtuLocked && !mayBeCut && e.mtu < t.pathMtu) {
            t.softError = Errno.EMSGSIZE; // nothing of that size arrives, and the application will not have it cut
        }
        if (t.pathMtu < mtuBefore || locked) {
            t.recovery().resendTooBig(locked ? PathMtu.mssFor(t, Math.min(t.pathMtu, e.mtu)) : t.sendMss, nowNs);
            t.trace.pathMtuReduced(t.pathMtu, nowNs);
        }
    }
}

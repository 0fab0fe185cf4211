package sluice.core.tcp.timer;

import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.segment.TcpState;

/** What happens when a timer of a connection runs out. */
@Rfc(value = 9293, section = "3.10.8")
public final class Timeouts {
    private static final int ORPHAN_RETRIES_DEFAULT = 8;

    private Timeouts() {}

    /** A timer of a connection ran out. */
    public static void onTimeout(Tcb t, TimerKind kind, long nowNs) {
        if (t.state() == TcpState.CLOSED) {
            return;
        }
        if (kind != TimerKind.PACING) {
            t.trace.timerFired(kind, unanswered(t, kind), nowNs);
        }
        switch (kind) {
            case RTO -> RetransmissionTimeout.run(t, nowNs);
            case TLP -> TailLossProbe.run(t, nowNs);
            case RACK_REORDER -> t.recovery().onReorderingTimeout(nowNs);
            case PERSIST -> PersistTimeout.run(t, nowNs);
            case DELAYED_ACK -> t.delayedAck.onTimeout();
            case KEEPALIVE -> Keepalive.onTimeout(t, nowNs);
            case FIN_WAIT_2 -> {
                if (t.state() == TcpState.FIN_WAIT_2) {
                    Closing.finish(t, nowNs);
                }
            }
            case PACING -> t.wantOutput();
            case CORK -> cork(t);
        }
    }

    private static int unanswered(Tcb t, TimerKind kind) {
        return switch (kind) {
            case RTO -> t.retransmits;
            case PERSIST -> t.probes.out;
            case KEEPALIVE -> t.probes.keepalive;
            case TLP, RACK_REORDER, DELAYED_ACK, FIN_WAIT_2, PACING, CORK -> 0;
        };
    }

    /** Held-back data waited 200 ms: it goes now. */
    private static void cork(Tcb t) {
        t.pieces.push();
        t.nagle.moreFollows = false;
        t.nagle.corkExpired = true;
        t.wantOutput();
    }

    /**
     * How often an orphan tries, as tcp_orphan_retries of Linux: without that setting eight times while the timeout is
     * below its bound ({@code alive}), and no more when it is not, or when an ICMP error has said so.
     */
    static long orphanRetries(Tcb t, boolean alive) {
        boolean told = t.softError != null && t.softError != Errno.ETIMEDOUT; // which says R1
        long retries = told && !alive ? 0 : t.host.settings().get(Setting.TCP_ORPHAN_RETRIES);
        return retries == 0 && alive ? ORPHAN_RETRIES_DEFAULT : retries;
    }

    /** Gives the connection up: the peer does not answer. */
    static void abandon(Tcb t, long nowNs) {
        t.count(Counter.TcpExtTCPAbortOnTimeout);
        Errno soft = t.softError;
        Closing.fail(t, soft != null ? soft : Errno.ETIMEDOUT, nowNs);
    }

    /** As {@link #abandon}, telling the peer, when it may be alive and our side is an orphan or keepalive failed. */
    static void abandonWithReset(Tcb t, long nowNs) {
        Resets.abort(t, nowNs);
        abandon(t, nowNs);
    }

    /** Milliseconds that {@code retries} doublings from {@code baseMs} take in all, as Linux models them. */
    static long modelTimeoutMs(Tcb t, long retries, long baseMs) {
        long max = t.host.settings().get(Setting.TCP_RTO_MAX_MS);
        int linear = 63 - Long.numberOfLeadingZeros(Math.max(1, max / baseMs));
        if (retries <= linear) {
            return ((2L << retries) - 1) * baseMs;
        }
        return ((2L << linear) - 1) * baseMs + (retries - linear) * max;
    }

    /** The first unacknowledged segment. */
    static SentSegment head(Tcb t) {
        return t.sent.get(0);
    }
}

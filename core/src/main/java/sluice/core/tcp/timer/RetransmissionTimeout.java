package sluice.core.tcp.timer;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.segment.TcpState;

/** The retransmission timer ran out: gives up, or sends the oldest segment again and doubles the timeout. */
@Rfc(value = 6298, section = "5")
@Rfc(value = 9293, section = "3.8.3", req = {"MUST-20", "MUST-22", "SHLD-9", "SHLD-10", "SHLD-11"})
final class RetransmissionTimeout {
    private static final long SYN_TIMEOUT_MS = 1000;
    private static final int THIN_SEGMENTS = 4;
    private static final int THIN_LINEAR_RETRIES = 6;

    private RetransmissionTimeout() {}

    static void run(Tcb t, long nowNs) {
        HalfOpen request = t.request();
        if (request != null) {
            synAck(t, request, nowNs);
            return;
        }
        if (t.sent.isEmpty()) {
            return;
        }
        boolean handshake = t.state() == TcpState.SYN_SENT || t.state() == TcpState.SYN_RECEIVED;
        if (!handshake && t.snd.wnd == 0 && !t.orphan) {
            shrunkToZero(t, nowNs);
            return;
        }
        if (t.orphan && outOfResources(t, nowNs)) {
            return;
        }
        boolean expired = expired(t, handshake, nowNs);
        if (t.fastOpen.tried() && (t.retransmits == 2 || t.retransmits < 2 && expired)) {
            t.tcp.fastOpen().blackHole().suspected(nowNs);
            t.count(Counter.TcpExtTCPFastOpenActiveFail);
        }
        if (expired) {
            if (handshake && !t.orphan) {
                t.count(Counter.TcpAttemptFails);
            }
            Timeouts.abandon(t, nowNs);
            return;
        }
        if (t.retransmits == 0) {
            Counter failure = failureCounter(t);
            if (failure != null) {
                t.count(failure);
            }
        }
        t.recovery().enterLoss(nowNs);
        t.retransmits++;
        t.count(Counter.TcpExtTCPTimeouts);
        boolean linear = t.state() == TcpState.SYN_SENT
                && t.retransmits <= t.host.settings().get(Setting.TCP_SYN_LINEAR_TIMEOUTS);
        if (isThin(t)) {
            t.rtt.endBackoff();
        } else if (!linear) {
            t.rtt.backOff();
        }
        t.timers.set(TimerKind.RTO, nowNs + clampToUserTimeout(t, t.rtt.rtoNs(), nowNs));
        t.wantOutput();
    }

    /**
     * Whether so little is in flight that duplicate acknowledgments cannot repair losses: then, if the application or
     * the host wants it, the first six timeouts do not double.
     */
    private static boolean isThin(Tcb t) {
        return t.state() == TcpState.ESTABLISHED
                && (t.options.thinLinearTimeouts || t.host.settings().isOn(Setting.TCP_THIN_LINEAR_TIMEOUTS))
                && t.sent.packetsOut() < THIN_SEGMENTS && t.retransmits <= THIN_LINEAR_RETRIES
                && t.congestion.ssthreshSegments() < CongestionControl.INFINITE_SSTHRESH;
    }

    /**
     * Fast Open: before the SYN-ACK is acknowledged nothing else is retransmitted. One more retry than for an ordinary
     * request, since the application may have it already.
     */
    @Rfc(value = 7413, section = "4.2.2")
    private static void synAck(Tcb t, HalfOpen request, long nowNs) {
        t.count(Counter.TcpExtTCPTimeouts);
        long retries = t.options.synRetries > 0 ? t.options.synRetries
                : t.host.settings().get(Setting.TCP_SYNACK_RETRIES) + 1;
        if (request.retransmissions >= retries) {
            if (t.state() == TcpState.SYN_RECEIVED) {
                t.count(Counter.TcpAttemptFails);
            }
            Timeouts.abandon(t, nowNs);
            return;
        }
        if (t.retransmits == 1) {
            t.recovery().enterLoss(nowNs);
        }
        SynAckTimeout.resend(request, nowNs);
        request.timeouts++;
        t.retransmits++;
        t.totals.retransmissions++;
        t.recovery().noteRetransmissionTime(nowNs);
        t.timers.set(TimerKind.RTO, nowNs + request.timeoutNs());
    }

    /** What the timeout interrupted; null when there was no trouble before. */
    private static @Nullable Counter failureCounter(Tcb t) {
        boolean sack = t.agreed.sackPermitted;
        return switch (t.recovery().state()) {
            case RECOVERY -> sack ? Counter.TcpExtTCPSackRecoveryFail : Counter.TcpExtTCPRenoRecoveryFail;
            case LOSS -> Counter.TcpExtTCPLossFailures;
            case DISORDER -> sack ? Counter.TcpExtTCPSackFailures : Counter.TcpExtTCPRenoFailures;
            default ->
                t.sent.sackedOut() > 0 ? sack ? Counter.TcpExtTCPSackFailures : Counter.TcpExtTCPRenoFailures : null;
        };
    }

    private static boolean outOfResources(Tcb t, long nowNs) {
        boolean answers = mayAnswer(t) || !timedOut(t, Timeouts.orphanRetries(t, false), 0, nowNs);
        return Closing.outOfResources(t, answers, nowNs);
    }

    private static boolean mayAnswer(Tcb t) {
        return t.rtt.rtoNs() < t.rtt.rtoMaxNs();
    }

    /** R1 tells IP that the way may be dead, R2 ends the connection. */
    private static boolean expired(Tcb t, boolean handshake, long nowNs) {
        Settings s = t.host.settings();
        if (handshake) {
            if (t.retransmits > 0) { // R1 of a SYN, as on Linux
                doubtTheWay(t);
            }
            long limit = t.options.synRetries > 0 ? t.options.synRetries
                    : s.get(t.activeOpen ? Setting.TCP_SYN_RETRIES : Setting.TCP_SYNACK_RETRIES);
            boolean timedOut = t.retransmits > 0 && nowNs
                    - Timeouts.head(t).firstSentNs >= Timeouts.modelTimeoutMs(t, limit, SYN_TIMEOUT_MS) * 1_000_000L;
            if (timedOut) {
                return true;
            }
            if (t.state() == TcpState.SYN_SENT) {
                limit += s.get(Setting.TCP_SYN_LINEAR_TIMEOUTS);
            }
            return t.retransmits >= limit || userTimeoutExpired(t, nowNs);
        }
        if (timedOut(t, s.get(Setting.TCP_RETRIES1), 0, nowNs)) {
            t.mtuProbing.blackHole(nowNs);
            doubtTheWay(t);
            if (t.softError == null) {
                t.softError = Errno.ETIMEDOUT;
                t.trace.negativeAdvice(t.retransmits, nowNs);
            }
        }
        long retries = s.get(Setting.TCP_RETRIES2);
        if (t.orphan) {
            retries = Timeouts.orphanRetries(t, mayAnswer(t));
        }
        return timedOut(t, retries, t.userTimeout.ms(), nowNs);
    }

    private static void doubtTheWay(Tcb t) {
        if (t.route != null) {
            t.tcp.ip().doubt(t.route);
        }
    }

    private static boolean userTimeoutExpired(Tcb t, long nowNs) {
        long start = t.recovery().retransStampNs();
        return start != Time.NEVER && t.userTimeout.isOver(start, nowNs);
    }

    private static boolean timedOut(Tcb t, long retries, long userTimeoutMs, long nowNs) {
        if (t.retransmits == 0) {
            return false;
        }
        long start = t.recovery().retransStampNs();
        if (start == Time.NEVER) {
            start = Timeouts.head(t).firstSentNs;
        }
        long limitMs = userTimeoutMs > 0 ? userTimeoutMs
                : Timeouts.modelTimeoutMs(t, retries, Math.max(1, t.rtt.rtoMinNs() / 1_000_000));
        return nowNs - start >= limitMs * 1_000_000L;
    }

    private static long clampToUserTimeout(Tcb t, long rtoNs, long nowNs) {
        long start = t.recovery().retransStampNs();
        return start == Time.NEVER ? rtoNs : t.userTimeout.shorten(rtoNs, start, nowNs);
    }

    /**
     * The peer shrank its window to nothing under what we had sent: it is probed with the oldest segment, for as long
     * as it answers.
     */
    @Rfc(value = 9293, section = "3.8.6", req = {"MUST-35", "SHLD-16", "SHLD-17"})
    private static void shrunkToZero(Tcb t, long nowNs) {
        if (t.probes.sinceNs == Time.NEVER) {
            t.probes.sinceNs = nowNs;
        }
        long silence = Math.min(nowNs - t.lastReceivedNs, nowNs - t.probes.sinceNs);
        if (silence > 2 * t.rtt.rtoMaxNs() || t.userTimeout.isOver(t.probes.sinceNs, nowNs)) {
            Timeouts.abandon(t, nowNs);
            return;
        }
        t.recovery().forgetRetransmissionTime();
        t.recovery().enterLoss(nowNs);
        t.rtt.backOff();
        t.timers.set(TimerKind.RTO, nowNs + t.rtt.rtoNs());
        t.wantOutput();
    }
}

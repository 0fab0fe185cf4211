package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;

/**
 * Acknowledgments that answer suspicious or out-of-window segments: limited, so that two stacks cannot excite each
 * other and nobody can count them.
 */
@Rfc(value = 5961, section = "7")
final class ChallengeAck {
    private ChallengeAck() {}

    /** A challenge acknowledgment, unless one went out a moment ago on this connection or too many on this host. */
    static void send(Tcb t, long nowNs) {
        if (limited(t, nowNs)) {
            t.count(Counter.TcpExtTCPACKSkippedChallenge);
            return;
        }
        if (!t.tcp.challenges().take(nowNs)) {
            return;
        }
        t.count(Counter.TcpExtTCPChallengeACK);
        t.acknowledgeNow();
    }

    /** A SYN in a synchronized connection, wherever its number lies. */
    @Rfc(value = 5961, section = "4.2")
    static void ofSyn(Tcb t, long nowNs) {
        t.count(Counter.TcpExtTCPSYNChallenge);
        send(t, nowNs);
    }

    /**
     * An acknowledgment that repeats what is expected, for an unacceptable segment; limited for segments that are
     * acknowledgments alone.
     */
    static void duplicate(Tcb t, boolean ackAlone, Counter skipped, long nowNs) {
        if (ackAlone && limited(t, nowNs)) {
            t.count(skipped);
            return;
        }
        t.acknowledgeNow();
    }

    private static boolean limited(Tcb t, long nowNs) {
        long limitNs = t.host.settings().get(Setting.TCP_INVALID_RATELIMIT) * 1_000_000L;
        if (t.lastInvalidAckNs != Time.NEVER && nowNs - t.lastInvalidAckNs < limitNs) {
            return true;
        }
        t.lastInvalidAckNs = nowNs;
        return false;
    }
}

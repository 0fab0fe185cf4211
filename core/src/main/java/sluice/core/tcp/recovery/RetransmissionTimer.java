package sluice.core.tcp.recovery;

import sluice.base.Deadlines;
import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.timer.TcpTimers.Kind;

/** When the retransmission timer (or the tail loss probe in its place) runs: started by sending, restarted by progress, stopped when all is acknowledged. */
@Rfc(value = 6298, section = "5")
public final class RetransmissionTimer {
    private static final long MIN_DELAY_NS = 2_000_000;

    private RetransmissionTimer() {
    }

    /** New data went out: the timer runs if it did not. */
    public static void onSent(Tcb t, boolean firstOutstanding, long nowNs) {
        if (firstOutstanding || !isRunning(t)) {
            arm(t, nowNs + t.rtt.rtoNs());
        }
        t.recovery.rackTlp().schedule(rtoAt(t, nowNs), nowNs);
    }

    /** A segment was sent again: the timer runs, from now when the oldest one was sent. */
    public static void onRetransmit(Tcb t, long nowNs) {
        if (!isRunning(t) || t.timers.isSet(Kind.TLP)) {
            arm(t, nowNs + t.rtt.rtoNs());
        }
    }

    /** An acknowledgment made progress: the timer starts anew, for the probe if it may. */
    static void onProgress(Tcb t, long nowNs) {
        if (t.sent.packetsOut() == 0) {
            stop(t);
            return;
        }
        if (!t.recovery.rackTlp().schedule(rtoAt(t, nowNs), nowNs)) {
            rearm(t, nowNs);
        }
    }

    /** Starts the timer of the oldest outstanding segment: RTO after it was sent, at least a little from now. */
    public static void rearm(Tcb t, long nowNs) {
        if (t.sent.packetsOut() == 0) {
            stop(t);
            return;
        }
        arm(t, nowNs + t.rtt.rtoNs());
        if (t.timers.isSet(Kind.TLP)) {
            t.timers.clear(Kind.TLP);
        }
    }

    private static void arm(Tcb t, long atNs) {
        t.timers.clear(Kind.TLP);
        t.timers.set(Kind.RTO, atNs);
        t.timers.clear(Kind.PERSIST);
    }

    private static long rtoAt(Tcb t, long nowNs) {
        SentSegment s = t.sent.first();
        if (s == null) {
            return Deadlines.NEVER;
        }
        return Math.max(nowNs + MIN_DELAY_NS, Math.max(s.sentNs, t.lastAckReceivedNs) + t.rtt.rtoNs());
    }

    private static boolean isRunning(Tcb t) {
        return t.timers.isSet(Kind.RTO) || t.timers.isSet(Kind.TLP) || t.timers.isSet(Kind.RACK_REORDER);
    }

    private static void stop(Tcb t) {
        t.timers.clear(Kind.RTO);
        t.timers.clear(Kind.TLP);
        t.timers.clear(Kind.RACK_REORDER);
    }
}

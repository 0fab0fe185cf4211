package sluice.core.tcp.recovery;

import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.data.TimerKind;

/**
 * When the retransmission timer (or the tail loss probe in its place) runs: started by sending, restarted by progress,
 * stopped when all is acknowledged.
 */
@Rfc(value = 6298, section = "5")
public final class RetransmissionTimer {
    private static final long MIN_DELAY_NS = 2_000_000;

    private RetransmissionTimer() {}

    /** New data went out: the timer runs if it did not. */
    public static void onSent(StateVariables t, RackTlp rackTlp, boolean firstOutstanding, long nowNs) {
        if (t.fastOpen.handshakePending()) {
            return; // the timer runs for the SYN-ACK
        }
        if (firstOutstanding || !isRunning(t)) {
            arm(t, nowNs + t.rtt.rtoNs());
        }
        SentSegment oldest = t.sent.first();
        rackTlp.schedule(oldest == null ? Time.NEVER : oldest.sentNs + t.rtt.rtoNs(), nowNs);
    }

    /**
     * A segment was retransmitted: the timer runs; from now when it is the oldest one, which has a whole timeout to
     * arrive (as in tcp_xmit_retransmit_queue of Linux). What a timeout sends has its timer already.
     */
    public static void onRetransmit(StateVariables t, SentSegment s, long nowNs) {
        boolean oldest = s == t.sent.first() && t.retransmits == 0 && !t.timers.isSet(TimerKind.RACK_REORDER);
        if (oldest || !isRunning(t) || t.timers.isSet(TimerKind.TLP)) {
            arm(t, nowNs + t.rtt.rtoNs());
        }
    }

    /**
     * An acknowledgment made progress: the timer starts anew, for the probe if it may; {@code reorderTimer}: until now
     * the reordering timer ran in its place.
     */
    public static void onProgress(StateVariables t, RackTlp rackTlp, boolean reorderTimer, long nowNs) {
        if (t.sent.packetsOut() == 0) {
            stop(t);
            return;
        }
        if (!rackTlp.schedule(nowNs + t.rtt.rtoNs(), nowNs)) {
            rearm(t, reorderTimer, nowNs);
        }
    }

    /**
     * The probe or the reordering timer did what it had to: the retransmission timer takes over, counted from when the
     * oldest segment was sent.
     */
    public static void takeOver(StateVariables t, long nowNs) {
        if (t.sent.packetsOut() == 0) {
            stop(t);
        } else {
            arm(t, rtoOfOldest(t, nowNs));
        }
    }

    /** A probe is sent: the retransmission timer runs from now. */
    public static void restart(StateVariables t, long nowNs) {
        arm(t, nowNs + t.rtt.rtoNs());
    }

    /**
     * Starts the timer anew: from now, or from when the oldest segment was sent if the probe or the reordering timer
     * ran in its place.
     */
    public static void rearm(StateVariables t, boolean reorderTimer, long nowNs) {
        if (t.sent.packetsOut() == 0) {
            stop(t);
            return;
        }
        arm(t, reorderTimer || t.timers.isSet(TimerKind.TLP) ? rtoOfOldest(t, nowNs) : nowNs + t.rtt.rtoNs());
    }

    private static void arm(StateVariables t, long atNs) {
        t.timers.clear(TimerKind.TLP);
        t.timers.set(TimerKind.RTO, atNs);
        t.timers.clear(TimerKind.PERSIST);
    }

    private static long rtoOfOldest(StateVariables t, long nowNs) {
        SentSegment s = t.sent.first();
        return s == null ? Time.NEVER : Math.max(nowNs + MIN_DELAY_NS, s.sentNs + t.rtt.rtoNs());
    }

    private static boolean isRunning(StateVariables t) {
        return t.timers.isSet(TimerKind.RTO) || t.timers.isSet(TimerKind.TLP) || t.timers.isSet(TimerKind.RACK_REORDER);
    }

    private static void stop(StateVariables t) {
        t.timers.clear(TimerKind.RTO);
        t.timers.clear(TimerKind.TLP);
        t.timers.clear(TimerKind.RACK_REORDER);
    }
}

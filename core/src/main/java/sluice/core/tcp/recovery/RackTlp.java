package sluice.core.tcp.recovery;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.Setting;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.data.TimerKind;

/**
 * RACK: a segment is lost when one sent sufficiently later has arrived; and the tail loss probe, which makes the peer
 * say so when no later one was sent.
 */
@Rfc(value = 8985, section = "6")
@Rfc(value = 8985, section = "7")
public final class RackTlp {
    /** Bit of net.ipv4.tcp_recovery: the reordering window does not adapt. */
    private static final int STATIC_REO_WND = 2;
    private static final int NO_DUPTHRESH = 4;
    private static final long TIMEOUT_SLACK_NS = 2_000_000;
    private static final int REO_WND_PERSIST = 16;

    private final StateVariables t;
    private final Congestion congestion;
    private final Reordering reordering;
    private final LossMarks marks;
    // the number of the transmission that was delivered last, in order of sending; times may be equal
    private long xmit;
    private int endSeq;
    private long rttNs;
    private boolean advanced;
    private int reoWndSteps = 1;
    private int reoWndPersist;
    private boolean tooQuick;
    private long lastDelivered;

    private boolean tlpOutstanding;
    private int tlpHighSeq;
    private boolean tlpWasRetransmission;

    RackTlp(StateVariables t, Congestion congestion, Reordering reordering, LossMarks marks) {
        this.t = t;
        this.congestion = congestion;
        this.reordering = reordering;
        this.marks = marks;
        rttNs = Math.max(0, t.rtt.latestUs()) * 1000;
    }

    /** Something sent at {@code sentNs} was delivered: step 2 of section 6.2. */
    public void delivered(SentSegment s, long nowNs) {
        long rtt = Math.max(0, nowNs - s.sentNs);
        if (s.everRetransmitted && t.rtt.minRttUs() != Long.MAX_VALUE && rtt < t.rtt.minRttUs() * 1000) {
            return;
        }
        advanced = true;
        rttNs = rtt;
        if (SentSegment.sentAfter(s.transmission, s.end, xmit, endSeq)) {
            xmit = s.transmission;
            endSeq = s.end;
        }
    }

    /** Whether anything arrived since the last look. */
    public boolean hasAdvanced() {
        return advanced;
    }

    public void forceAdvance() {
        advanced = true;
    }

    /** Adapts the reordering window to retransmissions that were spurious: step 4 of section 6.2. */
    public void adaptReorderingWindow(long priorDelivered) {
        if ((t.host.settings().get(Setting.TCP_RECOVERY) & STATIC_REO_WND) != 0 || priorDelivered == 0) {
            return;
        }
        if (priorDelivered < lastDelivered) {
            tooQuick = false;
        }
        if (tooQuick) {
            reoWndSteps = Math.min(255, reoWndSteps + 1);
            tooQuick = false;
            lastDelivered = congestion.deliveredSegments();
            reoWndPersist = REO_WND_PERSIST;
        } else if (reoWndPersist == 0) {
            reoWndSteps = 1;
        }
    }

    /**
     * A retransmission was spurious: a D-SACK said so, or a timestamp (Eifel). The window is widened, once in a round
     * trip.
     */
    public void wasTooQuick() {
        tooQuick = true;
    }

    public void recoveryEnded() {
        if (reoWndPersist > 0) {
            reoWndPersist--;
        }
    }

    /**
     * How long an overtaken segment may still be on its way, nanoseconds: a quarter of the shortest round trip, and a
     * quarter of SRTT more for each round trip in which that turned out to be too short, until two SRTT have passed
     * since it was sent. By the RFC the steps are quarters of the shortest round trip and the bound is SRTT after the
     * round trip of what overtook; but what overtakes has the shortest, and where much does, that leads nowhere
     * (decision 3).
     */
    public long reorderingWindowNs() {
        if (reordering.timesSeen() == 0) {
            if (congestion.state().ordinal() >= RecoveryState.RECOVERY.ordinal()) {
                return 0;
            }
            if (t.sent.sackedOut() >= reordering.degree()
                    && (t.host.settings().get(Setting.TCP_RECOVERY) & NO_DUPTHRESH) == 0) {
                return 0;
            }
        }
        long min = t.rtt.minRttUs() == Long.MAX_VALUE ? t.rtt.srttUs() : t.rtt.minRttUs();
        long srttNs = t.rtt.srttUs() * 1000;
        long most = reoWndSteps == 1 ? srttNs : srttNs + Math.max(0, srttNs - rttNs);
        return Math.min(min * 1000 / 4 + srttNs / 4 * (reoWndSteps - 1), most);
    }

    /** Marks what is lost by now; sets the reordering timer for what is not yet. */
    public void markLost(long nowNs) {
        if (!advanced) {
            return;
        }
        advanced = false;
        long wait = detect(nowNs);
        if (wait > 0) {
            t.timers.set(TimerKind.RACK_REORDER, nowNs + Math.min(wait + TIMEOUT_SLACK_NS, t.rtt.rtoNs()));
            // one timer at a time (section 8): a timeout must not run out while segments may still be only late
            t.timers.clear(TimerKind.TLP);
            t.timers.clear(TimerKind.RTO);
        } else if (t.timers.isSet(TimerKind.RACK_REORDER)) {
            t.timers.clear(TimerKind.RACK_REORDER);
            RetransmissionTimer.takeOver(t, nowNs);
        }
    }

    /** Step 5 of section 6.2; returns how long until the next one could be marked lost, 0 for none. */
    public long detect(long nowNs) {
        long reoWnd = reorderingWindowNs();
        long longest = 0;
        @Nullable SentSegment next;
        for (SentSegment s = t.sent.oldestSent(); s != null; s = next) {
            next = t.sent.newerSent(s);
            if (s.lost && !s.retransmitted) {
                continue;
            }
            if (!SentSegment.sentAfter(xmit, endSeq, s.transmission, s.end)) {
                break;
            }
            long remaining = rttNs + reoWnd - (nowNs - s.sentNs);
            if (remaining <= 0) {
                marks.markLost(s);
            } else {
                longest = Math.max(longest, remaining);
            }
        }
        return longest;
    }

    /** Whether a segment was sent so recently that a timeout of the oldest says nothing about it. */
    public boolean tooYoungForTimeout(SentSegment s, long nowNs) {
        return rttNs + reorderingWindowNs() - (nowNs - s.sentNs) > 0;
    }

    // --- tail loss probe ---

    /**
     * Sets the probe timer in place of the retransmission timer where section 7.2 says so; returns whether it did. What
     * is sent now gets its time to arrive also when the probe of something older was due just now. While a probe is out
     * the timer runs too, and sends none (section 7.3): the retransmission timer takes over, counted from when the
     * oldest segment was sent.
     *
     * @param rtoAtNs when the retransmission timer would run out; the past means nothing
     */
    public boolean schedule(long rtoAtNs, long nowNs) {
        long mode = t.host.settings().get(Setting.TCP_EARLY_RETRANS);
        if (mode != 3 && mode != 4 || t.sent.packetsOut() == 0 || !t.agreed.sackPermitted
                || !t.state().synchronizedState()
                || t.fastOpen.handshakePending()
                || congestion.state() != RecoveryState.OPEN && congestion.state() != RecoveryState.CWR) {
            return false;
        }
        long timeout;
        if (t.rtt.srttUs() > 0) {
            timeout = t.rtt.srtt8Us() * 1000 / 4;
            timeout += t.sent.packetsOut() == 1 ? t.rtt.rtoMinNs() : TIMEOUT_SLACK_NS;
        } else {
            timeout = 1_000_000_000L;
        }
        long at = nowNs + timeout;
        t.timers.set(TimerKind.TLP, rtoAtNs > nowNs ? Math.min(at, rtoAtNs) : at);
        t.timers.clear(TimerKind.RTO);
        return true;
    }

    /** Whether a probe is out and not answered. */
    public boolean probeOutstanding() {
        return tlpOutstanding;
    }

    /** A probe was sent. */
    public void probeSent(boolean retransmission) {
        tlpOutstanding = true;
        tlpHighSeq = t.snd.nxt;
        tlpWasRetransmission = retransmission;
        t.count(Counter.TcpExtTCPLossProbes);
    }

    /** Whether the probe that is out was a retransmission. */
    public boolean retransmissionProbeOutstanding() {
        return tlpOutstanding && tlpWasRetransmission;
    }

    /** Whether a D-SACK is for the probe: that was sent by a timer, not because of reordering. */
    public boolean isProbe(int from, int to) {
        return retransmissionProbeOutstanding() && to == tlpHighSeq && to - from <= t.sendMss;
    }

    public void forgetProbe() {
        tlpOutstanding = false;
    }

    /** Looks whether an acknowledgment tells that the probe repaired a loss (section 7.4). */
    public boolean onAck(int ack, AckFlags f) {
        if (!tlpOutstanding || Seq.lt(ack, tlpHighSeq)) {
            return false;
        }
        if (!tlpWasRetransmission || f.sack.probeDuplicate) {
            tlpOutstanding = false;
        } else if (Seq.gt(ack, tlpHighSeq)) {
            tlpOutstanding = false;
            t.count(Counter.TcpExtTCPLossProbeRecovery);
            return true;
        } else if (!f.cumulative.unaAdvanced && !f.notDuplicate() && !f.sack.dataSacked) {
            tlpOutstanding = false;
        }
        return false;
    }
}

package sluice.core.tcp.output;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SendTime;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.path.MtuProbing;
import sluice.core.tcp.recovery.RetransmissionTimer;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.RetransmissionCause;
import sluice.wire.Packet;

/**
 * What a connection that has a control block sends next: in the handshake what {@link HandshakeSender} says; then
 * retransmissions first, then probes, new data, and at last an acknowledgment alone. {@link SegmentEncoder} makes them.
 */
@Rfc(value = 9293, section = "3.7", req = {"SHLD-28", "MUST-61"})
public final class SegmentSender {
    /** The connection has nothing to send now. */
    public static final int IDLE = -2;

    private final SegmentEncoder encoder;
    private final HandshakeSender handshake;
    private final OutgoingSegment out = new OutgoingSegment();

    /** The sender of one host. */
    public SegmentSender(TcpContext tcp) {
        encoder = new SegmentEncoder(tcp);
        handshake = new HandshakeSender(encoder);
    }

    /**
     * Builds the next segment of {@code t} into {@code p}: an interface index, {@link IpOutput#DEFERRED} (it left, but
     * not now), or {@link #IDLE}.
     */
    public int next(Tcb t, Packet p, long nowNs) {
        if (t.state() == TcpState.CLOSED || t.state() == TcpState.TIME_WAIT) {
            return IDLE;
        }
        Route route = t.currentRoute(nowNs);
        if (route == null) {
            t.ackNow = false;
            tryLater(t, nowNs);
            return IDLE;
        }
        if (t.inHandshake()) {
            int syn = handshake.next(t, p, route, nowNs);
            if (syn != IDLE || t.state() == TcpState.SYN_SENT) {
                return syn;
            }
        } else {
            if (t.ecn.optionRoom(t.host) != t.ecnOptionRoom || nowNs >= t.pathMtuUntilNs) {
                t.syncMss(nowNs);
            }
            if (t.ackNow && t.ecn.wantsBareAck()) {
                return encoder.bare(t, p, route, t.snd.acceptable(), nowNs);
            }
            int again = nextRetransmission(t, p, route, nowNs);
            if (again != IDLE) {
                return again;
            }
            int probe = nextProbe(t, p, route, nowNs);
            if (probe != IDLE) {
                return probe;
            }
            int fresh = nextNewData(t, p, route, nowNs);
            if (fresh == IDLE && t.recovery().nothingNewToSend()) {
                fresh = nextRetransmission(t, p, route, nowNs);
            }
            if (fresh != IDLE) {
                return fresh;
            }
        }
        if (t.probes.now) {
            t.probes.now = false;
            return encoder.bare(t, p, route, t.snd.una - 1, nowNs);
        }
        if (t.ackNow) {
            return encoder.bare(t, p, route, t.snd.acceptable(), nowNs);
        }
        return IDLE;
    }

    private int nextRetransmission(Tcb t, Packet p, Route route, long nowNs) {
        int quota = t.congestion.cwndSegments() - t.sent.inFlight();
        if (quota <= 0 || !t.recovery().mayRetransmit() || t.fastOpen.handshakePending() || t.pacing.mustWait(nowNs)) {
            return IDLE;
        }
        SentSegment lost = t.recovery().firstToRetransmit();
        if (lost == null) {
            return IDLE;
        }
        int sent = retransmit(t, p, route, lost, quota, nowNs);
        if (sent != IDLE) {
            t.count(t.recovery().state() == RecoveryState.LOSS ? Counter.TcpExtTCPSlowStartRetrans
                    : Counter.TcpExtTCPFastRetrans);
        }
        return sent;
    }

    /** There is no way to the peer now: looks again after a timeout when nothing else will. */
    private static void tryLater(Tcb t, long nowNs) {
        if (t.state().synchronizedState() && t.sent.isEmpty() && t.hasUnsent() && !t.timers.isSet(TimerKind.PERSIST)) {
            t.timers.set(TimerKind.PERSIST, nowNs + t.rtt.rtoNs());
        }
    }

    private int nextNewData(Tcb t, Packet p, Route route, long nowNs) {
        if (t.pacing.mustWait(nowNs)) {
            return IDLE;
        }
        if (Seq.gt(t.snd.right(), t.snd.nxt)) {
            restartAfterIdle(t, nowNs);
        }
        int probe = t.mtuProbing.next(t.recovery().reordering(), nowNs);
        if (probe == MtuProbing.WAIT) {
            return IDLE;
        }
        if (probe != MtuProbing.NO) {
            t.mtuProbing.sent(t.snd.nxt, probe, nowNs);
            return sendNew(t, p, route, probe, probe, nowNs);
        }
        int n = SendDecision.newData(t, SegmentEncoder.maxPayload(t, route), nowNs);
        if (n == SendDecision.NOTHING) {
            t.pacing.notTheReason();
            whyNot(t, nowNs);
            return IDLE;
        }
        return sendNew(t, p, route, n, t.sendMss, nowNs);
    }

    /**
     * A probe with data: one segment beyond cwnd, or the last one again (tail loss probe), or what the peer's small
     * window takes (persist).
     */
    private int nextProbe(Tcb t, Packet p, Route route, long nowNs) {
        if (t.probes.withNewData) {
            t.probes.withNewData = false;
            int window = Seq.diff(t.snd.right(), t.snd.nxt);
            int n = Math.min(Math.min(t.unsentBytes(), t.sendMss), window);
            if (n > 0 || window > 0 && t.finDue() && t.unsentBytes() == 0) {
                int result = sendNew(t, p, route, n, t.sendMss, nowNs);
                RetransmissionTimer.restart(t, nowNs); // no probe for the probe
                return result;
            }
        }
        if (t.probes.withTail) {
            t.probes.withTail = false;
            SentSegment last = t.sent.last();
            if (last != null && !last.sacked) {
                if (last.count > 1) {
                    int payload = last.end - last.seq - (last.fin ? 1 : 0);
                    last = t.sent.split(t.sent.size() - 1, last.seq + (payload - 1) / last.mss * last.mss);
                }
                return sendAgain(t, p, route, last, 1, true, nowNs);
            }
        }
        return IDLE;
    }

    private void restartAfterIdle(Tcb t, long nowNs) {
        if (t.sent.packetsOut() == 0 && t.hasUnsent()
                && (t.host.settings().isOn(Setting.TCP_SLOW_START_AFTER_IDLE) || t.congestion.keepsUnusedWindow())
                && nowNs - t.lastDataSentNs > t.rtt.rtoNs() && t.totals.dataSegmentsOut > 0
                && !t.congestion.control().controlsRecovery()) {
            t.congestion.restartAfterIdle(nowNs - t.lastDataSentNs, nowNs);
            t.lastDataSentNs = nowNs;
        }
    }

    /** Nothing may leave: remembers the reason where a timer has to end the wait. */
    @Rfc(value = 9293, section = "3.8.6.1", req = {"MUST-35", "MUST-36"})
    private static void whyNot(Tcb t, long nowNs) {
        if (SendDecision.limitedByWindow(t)) {
            t.sendTime.start(SendTime.Kind.RECEIVE_WINDOW, nowNs);
        } else {
            t.sendTime.stop(t, SendTime.Kind.RECEIVE_WINDOW, nowNs);
        }
        if (!t.hasUnsent()) {
            if (t.sent.inFlight() < t.congestion.cwndSegments()) {
                t.congestion.delivery.noteApplicationLimited();
            }
            return;
        }
        if (t.sent.isEmpty() && !t.timers.isSet(TimerKind.PERSIST) && !t.fastOpen.handshakePending()
                && !t.options.noPersistTimer) {
            if (t.unsentBytes() > Seq.diff(t.snd.right(), t.snd.nxt) || t.unsentBytes() == 0) {
                t.timers.set(TimerKind.PERSIST, nowNs + Math.max(t.rtt.rtoNs(), t.rtt.rtoMinNs()));
            } else if (SendDecision.nagleHolds(t)) {
                t.timers.setEarlier(TimerKind.CORK, nowNs + 200_000_000L);
            }
        }
        if (SendDecision.limitedByCwnd(t)) {
            t.congestion.validate(true, nowNs);
        }
    }

    /**
     * Sends {@code n} new bytes in segments of {@code mss}, and the FIN when it follows directly and the peer's window
     * takes it, too; also used for probes that cwnd would not allow.
     */
    @Rfc(value = 9293, section = "3.9.1.2", req = {"MUST-61", "SHLD-27", "MAY-16"})
    private int sendNew(Tcb t, Packet p, Route route, int n, int mss, long nowNs) {
        long position = t.sendPosition(t.snd.nxt);
        boolean fin = t.finDue() && position + n == t.sendBuffer.end() && Seq.diff(t.snd.right(), t.snd.nxt) > n;
        int seq = t.snd.nxt;
        int flags = Segment.ACK | (fin ? Segment.FIN : 0);
        boolean push = n > 0 && t.pieces.pushedAt(position + n);
        if (push || n > mss || n > 0 && t.host.settings().isOn(Setting.TCP_PUSH_ALL)) {
            // at the end of each super-segment too, so that a receiver that merges hands it up at once
            flags |= Segment.PSH;
        }
        boolean first = t.sent.isEmpty();
        t.congestion.onSent(nowNs);
        int count = n == 0 ? 1 : (n + mss - 1) / mss;
        SentSegment s = t.sent.add(seq, seq + n + (fin ? 1 : 0), count, mss, nowNs);
        s.fin = fin;
        s.push = push;
        t.congestion.delivery.sent(s, nowNs);
        t.snd.nxt = s.end;
        t.pieces.sent(position + n);
        t.reportSent(nowNs);
        if (fin) {
            t.fin.sent = true;
        }
        if (mss == t.sendMss && n % SendDecision.boundToHalfWindow(t, mss) != 0) {
            t.nagle.sentSmall(position + n);
        }
        t.host.counters().add(Counter.TcpExtTCPOrigDataSent, count);
        t.congestion.sentDuringReduction(count);
        out.set(seq, flags, true).payload(position, n, mss);
        int result = encoder.data(t, p, route, out, nowNs);
        t.totals.bytesSent += n;
        RetransmissionTimer.onSent(t, t.recovery().rackTlp(), first, nowNs);
        t.congestion.validate(SendDecision.limitedByCwnd(t), nowNs);
        if (t.noSpace && !t.hasUnsent() && !t.congestion.cwndLimited() && t.state().maySend()) {
            t.sendTime.start(SendTime.Kind.SEND_BUFFER, nowNs);
        }
        t.pacing.sent(n, nowNs);
        return result;
    }

    /** Sends a lost segment again, at most {@code quota} wire segments of it. */
    @Rfc(value = 9293, section = "3.8.6", req = {"SHLD-16", "MAY-7"})
    public int retransmit(Tcb t, Packet p, Route route, SentSegment s, int quota, long nowNs) {
        return sendAgain(t, p, route, s, quota, false, nowNs);
    }

    private int sendAgain(Tcb t, Packet p, Route route, SentSegment s, int quota, boolean probe, long nowNs) {
        int window = Seq.diff(t.snd.right(), s.seq);
        boolean beyondWindow = window <= 0;
        if (beyondWindow) {
            if (s.seq != t.snd.una) {
                return IDLE;
            }
            window = t.sendMss;
        }
        int mss = Math.max(1, t.sendMss);
        t.mtuProbing.sentAgain(s);
        int payload = s.end - s.seq - (s.fin ? 1 : 0);
        int segments = t.urgent.toSend() ? 1 : Math.max(1, quota); // in urgent mode each has a pointer of its own
        long most = Math.min(Math.min((long) segments * mss, SegmentEncoder.maxPayload(t, route)), window);
        int n = (int) Math.min(payload, Math.max(most, 1));
        if (s.mss != mss && payload > mss) {
            t.sent.recut(s, mss);
        }
        if (n < payload) {
            if (n > mss) {
                n -= n % mss;
            }
            t.sent.split(t.sent.indexOf(s.seq), s.seq + n);
        } else if (s.fin && n > 0 && n == window && !beyondWindow) {
            t.sent.split(t.sent.indexOf(s.seq), s.seq + n); // the window ends before the FIN
        }
        boolean fin = s.fin && s.seq + n + 1 == s.end;
        RetransmissionCause cause = probe ? RetransmissionCause.TLP
                : beyondWindow ? RetransmissionCause.ZERO_WINDOW : t.recovery().retransmissionCause();
        if (probe) {
            t.sent.probed(s, nowNs);
            t.recovery().probed(s, nowNs);
        } else {
            t.sent.resent(s, nowNs);
            t.recovery().retransmitted(s, nowNs);
            t.congestion.sentDuringReduction(s.count);
        }
        t.congestion.delivery.sent(s, nowNs);
        countRetransmission(t, s, n, cause, nowNs);
        t.totals.bytesRetransmitted += n;
        int flags = Segment.ACK | (fin ? Segment.FIN : 0);
        long position = t.sendPosition(s.seq);
        if (n > 0 && (s.push || n > mss)) {
            flags |= Segment.PSH;
        }
        out.set(s.seq, flags, false).payload(position, n, mss);
        int result = encoder.data(t, p, route, out, nowNs);
        t.pacing.sent(n, nowNs);
        RetransmissionTimer.onRetransmit(t, s, nowNs);
        return result;
    }

    static void countRetransmission(Tcb t, SentSegment s, int length, RetransmissionCause cause, long nowNs) {
        t.totals.retransmissions += s.count;
        t.host.counters().add(Counter.TcpRetransSegs, s.count);
        t.trace.retransmitted(cause, s.seq, t.sendPosition(s.seq), length, s.count, s.firstSentNs, nowNs);
    }

}

package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.path.PathMtu;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;

/** A segment in SYN-SENT: the answer to our SYN, a SYN that crossed it, or a refusal. */
@Rfc(value = 9293, section = "3.10.7.3")
final class SynSentInput {
    /** Linux's TCP_TIMEOUT_MIN: two ticks of 250 a second. */
    private static final long TIMEOUT_MIN_NS = 8_000_000;

    private SynSentInput() {}

    /** Whether the segment was accepted: it answers our SYN and opens the connection. */
    static boolean process(Tcb t, Segment seg, long nowNs) {
        boolean ackAcceptable = false;
        // First, check the ACK bit.
        if (seg.has(Segment.ACK)) {
            boolean known = !t.sent.isEmpty() && Seq.gt(seg.ack, t.snd.una) && Seq.leq(seg.ack, t.snd.nxt);
            boolean oldEcho = t.agreed.timestamps && seg.hasTimestamps && seg.tsEcr != 0
                    && !echoPlausible(t, seg, nowNs);
            if (!known || oldEcho) {
                if (!known && !t.fastOpen.synData) { // a SYN with data keeps its timer, as Linux shows
                    synAgainSoon(t, nowNs);
                }
                if (oldEcho) {
                    t.count(Counter.TcpExtPAWSActive);
                }
                if (seg.has(Segment.RST)) {
                    t.tcp.drop(Counter.SluiceTcpBadReset, nowNs);
                } else {
                    Resets.send(t.tcp, t.tuple, seg.ack, t.authentication, nowNs);
                }
                return false;
            }
            ackAcceptable = true;
        }
        // Second, check the RST bit.
        if (seg.has(Segment.RST)) {
            if (ackAcceptable) {
                t.count(Counter.TcpAttemptFails);
                Closing.fail(t, Errno.ECONNREFUSED, nowNs);
            } else {
                t.tcp.drop(Counter.SluiceTcpBadReset, nowNs);
            }
            return false;
        }
        // Fourth, check the SYN bit.
        if (!seg.has(Segment.SYN)) {
            t.tcp.drop(Counter.SluiceTcpUnexpected, nowNs);
            return false;
        }
        if (ackAcceptable) {
            t.ecn.onSynAck(t.host, seg);
        } else {
            t.ecn.onCrossingSyn(seg);
        }
        negotiate(t, seg, nowNs);
        if (ackAcceptable) {
            established(t, seg, nowNs);
        } else {
            crossed(t, nowNs);
        }
        return ackAcceptable;
    }

    /**
     * Something old answered, or somebody who knows nothing of our SYN: the first SYN is repeated at once, as on Linux.
     */
    private static void synAgainSoon(Tcb t, long nowNs) {
        if (t.retransmits == 0) {
            t.timers.setEarlier(TimerKind.RTO, nowNs + TIMEOUT_MIN_NS);
        }
    }

    private static boolean echoPlausible(Tcb t, Segment seg, long nowNs) {
        int now = t.timestampClock(nowNs);
        int first = t.timestampClock(t.createdNs);
        return Seq.leq(first, seg.tsEcr) && Seq.leq(seg.tsEcr, now);
    }

    private static void negotiate(Tcb t, Segment seg, long nowNs) {
        t.rcv.irs = seg.seq;
        t.userTimeout.received(seg.userTimeoutSeconds);
        if (t.authentication != null) {
            t.authentication.peerIsn(seg.seq);
        }
        t.rcv.nxt = seg.seq + 1;
        t.rcv.wup = t.rcv.nxt;
        t.agreed.peerMss = seg.mss > 0 ? seg.mss : PathMtu.defaultMss(t.tuple.remote());
        t.agreed.sackPermitted = t.agreed.sackPermitted && seg.sackPermitted;
        t.agreed.timestamps = t.agreed.timestamps && seg.hasTimestamps;
        if (t.agreed.timestamps) {
            t.tsRecent = seg.tsVal;
            t.tsRecentNs = nowNs;
            t.tsRecentValid = true;
        }
        t.agreed.windowScaling = t.agreed.windowScaling && seg.windowScale >= 0;
        if (t.agreed.windowScaling) {
            t.agreed.peerShift = seg.windowScale;
        } else {
            t.agreed.ourShift = 0;
        }
        t.snd.wnd = seg.wnd;
        t.snd.maxWnd = Math.max(t.snd.maxWnd, seg.wnd);
        t.snd.wl1 = seg.seq;
        t.snd.wl2 = seg.ack;
        t.mtuProbing.start(nowNs);
        t.syncMss(nowNs);
    }

    @Rfc(value = 9293, section = "3.10.7.3")
    private static void established(Tcb t, Segment seg, long nowNs) {
        boolean synAgain = t.totals.retransmissions > 0;
        // not when it was retransmitted because the path takes only smaller packets
        boolean synLost = t.retransmits > 0;
        Acknowledgment.process(t, seg, true, nowNs);
        Opening.established(t, synLost && (!t.agreed.timestamps || t.totals.retransmissions > 1), nowNs);
        t.lastReceivedNs = nowNs;
        FastOpenSynAck.process(t, seg, synAgain, nowNs);
        if (t.writerWaits && !t.recovery().mayRetransmit()) {
            t.delayedAck.afterHandshake(nowNs);
        } else {
            t.acknowledgeNow();
        }
        if (seg.dataLength > 0 || seg.has(Segment.FIN)) {
            TextStep.process(t, seg, nowNs);
            if (t.state() != TcpState.CLOSED) {
                FinStep.process(t, nowNs);
            }
        }
    }

    /** Simultaneous open: both SYNs crossed (MUST-10). */
    @Rfc(value = 9293, section = "3.5", req = "MUST-10")
    private static void crossed(Tcb t, long nowNs) {
        t.become(TcpState.SYN_RECEIVED, nowNs);
        t.synAckDue = true;
        t.wantOutput();
    }
}

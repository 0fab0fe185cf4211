package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.data.ReassemblyQueue;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;

/**
 * SYN-RECEIVED, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT, CLOSING, LAST-ACK: the eight steps of 3.10.7.4 in the
 * order of the text. (TIME-WAIT has its own small endpoint and procedure.)
 */
@Rfc(value = 9293, section = "3.10.7.4")
public final class SynchronizedInput {
    private SynchronizedInput() {}

    /** Whether the segment was accepted: what of it is new is taken, and it may say how to answer. */
    static boolean process(Tcb t, Segment seg, long nowNs) {
        HalfOpen request = t.request();
        if (request != null && !FastOpenInput.acceptable(t, request, seg, nowNs)) {
            return false;
        }
        // First, check sequence number (and PAWS before it, RFC 7323 section 5.2).
        if (!SequenceStep.acceptable(t, seg, nowNs)) {
            return false;
        }
        // Second, check the RST bit.
        if (seg.has(Segment.RST)) {
            reset(t, seg, nowNs);
            return false;
        }
        // Third, check security: not implemented by anyone (RFC 9293 appendix A.1).
        // Fourth, check the SYN bit.
        if (seg.has(Segment.SYN)) {
            t.ecn.onSynAgain(seg);
            if (!isCrossingSynAck(t, seg)) {
                ChallengeAck.ofSyn(t, nowNs);
                return false;
            }
            SequenceStep.reportDuplicate(t, t.rcv.irs, t.rcv.nxt);
            t.delayedAck.enterQuickMode();
            t.acknowledgeNow();
        }
        // Fifth, check the ACK field.
        if (!seg.has(Segment.ACK)) {
            t.tcp.drop(Counter.SluiceTcpNoAck, nowNs);
            return false;
        }
        if (!seg.has(Segment.SYN)) {
            t.ecn.onSegment(seg);
        }
        if (!AckStep.process(t, seg, nowNs)) {
            return false;
        }
        t.lastReceivedNs = nowNs;
        t.userTimeout.received(seg.userTimeoutSeconds);
        // Sixth, check the URG bit.
        if (seg.has(Segment.URG)) {
            UrgentStep.process(t, seg, nowNs);
        }
        // Seventh, process the segment text.
        if ((seg.dataLength > 0 || seg.has(Segment.FIN)) && !TextStep.process(t, seg, nowNs)) {
            return true;
        }
        // Eighth, check the FIN bit.
        FinStep.process(t, nowNs);
        if (t.state() != TcpState.CLOSED && t.state() != TcpState.TIME_WAIT) {
            if (t.ecn.acknowledgmentDue(seg.dataLength > 0)) {
                t.acknowledgeNow();
            }
            t.delayedAck.afterSegment(nowNs);
            t.wantOutput();
        }
        return true;
    }

    private static boolean isCrossingSynAck(Tcb t, Segment seg) {
        return t.state() == TcpState.SYN_RECEIVED && seg.has(Segment.ACK) && seg.seq == t.rcv.irs
                && seg.ack == t.snd.nxt;
    }

    /** A RST in the window: only one that fits exactly resets, others are challenged (RFC 5961 section 3.2). */
    @Rfc(value = 5961, section = "3.2")
    @Rfc(value = 9293, section = "3.10.7.4", req = {"MUST-12", "MUST-66"})
    @Rfc(value = 9293, section = "3.5.3", req = "SHLD-2")
    private static void reset(Tcb t, Segment seg, long nowNs) {
        if (seg.seq == t.rcv.nxt || SequenceStep.isResetBeforeFin(t, seg)
                || t.agreed.sackPermitted && matchesHighestReport(t, seg.seq)) {
            applyReset(t, nowNs);
        } else {
            if (t.fastOpen.used && t.totals.dataSegmentsIn == 0 && t.state() == TcpState.ESTABLISHED) {
                t.tcp.fastOpen().blackHole().suspected(nowNs); // data before the reset never came
            }
            ChallengeAck.send(t, nowNs);
        }
    }

    private static boolean matchesHighestReport(Tcb t, int seq) {
        ReassemblyQueue q = t.reassembly;
        return !q.isEmpty() && seq == t.receiveSeq(q.highest());
    }

    /** The connection is reset by the peer. */
    static void applyReset(Tcb t, long nowNs) {
        HalfOpen request = t.request();
        if (request != null && t.listener == null && request.listener.state() == TcpState.LISTEN) {
            request.listener.fastOpenQueue().add();
            request.listener.fastOpenQueue().reset(nowNs);
        }
        switch (t.state()) {
            case SYN_RECEIVED -> {
                t.count(Counter.TcpAttemptFails);
                Closing.fail(t, Errno.ECONNRESET, nowNs);
            }
            case CLOSE_WAIT -> Closing.fail(t, Errno.EPIPE, nowNs);
            default -> Closing.fail(t, Errno.ECONNRESET, nowNs);
        }
    }
}

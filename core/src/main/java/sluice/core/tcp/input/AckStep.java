package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;

/**
 * Step 5: the acknowledgment. Completes the handshake, moves the send window, and ends the states that wait for our FIN
 * to be acknowledged.
 */
@Rfc(value = 9293, section = "3.10.7.4")
final class AckStep {
    private AckStep() {}

    /** False when the segment is to be dropped, or the connection is gone. */
    static boolean process(Tcb t, Segment seg, long nowNs) {
        if (t.fastOpen.handshakePending()) {
            return FastOpenInput.acknowledge(t, seg, nowNs)
                    && (!t.fin.sent || t.snd.una != t.snd.nxt || finAcknowledged(t, nowNs));
        }
        if (t.state() == TcpState.SYN_RECEIVED) {
            return completeHandshake(t, seg, nowNs);
        }
        if (!inRange(t, seg, nowNs)) {
            return false;
        }
        SequenceStep.takeTimestamp(t, seg, nowNs);
        countPath(t, seg);
        if (Seq.lt(seg.ack, t.snd.una)) {
            Acknowledgment.processOld(t, seg, nowNs);
            return true;
        }
        boolean update = updateWindow(t, seg, nowNs);
        Acknowledgment.process(t, seg, update, nowNs);
        return !t.fin.sent || t.snd.una != t.snd.nxt || finAcknowledged(t, nowNs);
    }

    private static boolean completeHandshake(Tcb t, Segment seg, long nowNs) {
        if (!Seq.gt(seg.ack, t.snd.una) || !Seq.leq(seg.ack, t.snd.nxt)) {
            Resets.send(t.tcp, t.tuple, seg.ack, t.authentication, nowNs);
            return false;
        }
        t.snd.wnd = seg.has(Segment.SYN) ? seg.wnd : seg.wnd << t.agreed.peerShift;
        t.snd.maxWnd = Math.max(t.snd.maxWnd, t.snd.wnd);
        t.snd.wl1 = seg.seq;
        t.snd.wl2 = seg.ack;
        SequenceStep.takeTimestamp(t, seg, nowNs);
        boolean synLost = t.totals.retransmissions > 0;
        Opening.thirdAck(t, seg);
        Acknowledgment.process(t, seg, true, nowNs);
        Opening.established(t, synLost, nowNs);
        if (t.fin.queued) {
            t.become(TcpState.FIN_WAIT_1, nowNs);
        }
        if (seg.has(Segment.SYN)) {
            t.acknowledgeNow(); // as for any SYN-ACK; accurate ECN tells by it how that arrived
        }
        return true;
    }

    /**
     * The range of RFC 5961 section 5.2: no older than the largest window, no newer than what was sent. And nothing
     * from before the initial sequence number, which nobody can have had (as Linux since 6.7): blind injection has to
     * guess closer while little was sent.
     */
    @Rfc(value = 5961, section = "5.2")
    @Rfc(value = 9293, section = "3.10.7.4", req = "MAY-12")
    private static boolean inRange(Tcb t, Segment seg, long nowNs) {
        long acknowledged = t.totals.bytesAcked + (t.fin.sent && t.snd.una == t.snd.nxt ? 1 : 0);
        if (Seq.lt(seg.ack, t.snd.una - (int) Math.min(t.snd.maxWnd, acknowledged))) {
            ChallengeAck.send(t, nowNs);
            return false;
        }
        if (Seq.gt(seg.ack, t.snd.nxt)) {
            ChallengeAck.send(t, nowNs);
            return false;
        }
        return true;
    }

    private static void countPath(Tcb t, Segment seg) {
        boolean predicted = seg.seq == t.rcv.nxt && t.reassembly.isEmpty() && seg.sackBlocks == 0;
        if (seg.dataLength > 0) {
            if (predicted && seg.ack == t.snd.una) {
                t.count(Counter.TcpExtTCPHPHits);
            }
        } else {
            t.count(predicted && Seq.gt(seg.ack, t.snd.una) ? Counter.TcpExtTCPHPAcks : Counter.TcpExtTCPPureAcks);
        }
    }

    /** The window rule with WL1 and WL2: older segments never change a newer window. */
    @Rfc(value = 9293, section = "3.10.7.4", req = "MUST-34")
    private static boolean updateWindow(Tcb t, Segment seg, long nowNs) {
        int wnd = seg.wnd << t.agreed.peerShift;
        boolean newer = Seq.lt(t.snd.wl1, seg.seq) || t.snd.wl1 == seg.seq && Seq.leq(t.snd.wl2, seg.ack);
        if (!newer && !Seq.gt(seg.ack, t.snd.una)) {
            return false;
        }
        boolean changed = wnd != t.snd.wnd;
        boolean nothingElse = seg.ack == t.snd.una && seg.length() == 0;
        int edgeMoved = seg.ack + wnd - t.snd.right();
        t.trace.peerWindow(t.snd.wnd, wnd, edgeMoved <= -1 << t.agreed.peerShift, nothingElse, nowNs);
        t.snd.wl1 = seg.seq;
        t.snd.wl2 = seg.ack;
        t.snd.wnd = wnd;
        if (wnd != 0) {
            t.probes.sinceNs = Time.NEVER;
        }
        if (wnd > t.snd.maxWnd) {
            t.snd.maxWnd = wnd;
        }
        return changed;
    }

    /** Our FIN is acknowledged. */
    @Rfc(value = 9293, section = "3.6")
    private static boolean finAcknowledged(Tcb t, long nowNs) {
        switch (t.state()) {
            case FIN_WAIT_1 -> Closing.enterFinWait2(t, nowNs);
            case CLOSING -> {
                Closing.enterTimeWait(t, nowNs);
                return false;
            }
            case LAST_ACK -> {
                Closing.finish(t, nowNs);
                return false;
            }
            default -> {
                // nothing waits for it
            }
        }
        return true;
    }
}

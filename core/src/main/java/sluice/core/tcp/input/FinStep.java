package sluice.core.tcp.input;

import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.segment.Segment;

/** Step 8: the peer's FIN, once everything before it has arrived. */
@Rfc(value = 9293, section = "3.10.7.4")
final class FinStep {
    private FinStep() {}

    static void process(Tcb t, Segment seg, long nowNs) {
        if (seg.has(Segment.FIN) && !t.fin.received && t.state().synchronizedState()) {
            int fin = seg.end() - 1;
            if (Seq.geq(fin, t.rcv.nxt) && Seq.leq(fin, t.rcv.nxt + t.rcv.promiseLeft())) {
                t.fin.expected = true;
                t.fin.seq = fin;
                if (fin != t.rcv.nxt) {
                    t.acknowledgeNow();
                }
            }
        } else if (seg.has(Segment.FIN) && t.fin.received) {
            again(t, seg);
        }
        if (t.fin.expected && !t.fin.received && t.rcv.nxt == t.fin.seq) {
            received(t, nowNs);
        }
    }

    /** The peer has not seen that its FIN arrived: the D-SACK of it counts the FIN too (RFC 2883). */
    private static void again(Tcb t, Segment seg) {
        if (seg.dataLength == 0) {
            SequenceStep.reportDuplicate(t, seg.seq, Seq.min(seg.end(), t.rcv.nxt));
        } else if (t.dsack.pending && t.dsack.right == t.fin.seq) {
            t.dsack.right = t.fin.seq + 1;
        }
        t.acknowledgeNow();
    }

    private static void received(Tcb t, long nowNs) {
        t.fin.received = true;
        t.rcv.nxt++;
        t.acknowledgeNow();
        t.signalReady();
        switch (t.state()) {
            case ESTABLISHED, SYN_RECEIVED -> Closing.enterCloseWait(t, nowNs);
            case FIN_WAIT_1 -> Closing.enterClosing(t, nowNs);
            case FIN_WAIT_2 -> Closing.enterTimeWait(t, nowNs);
            default -> {
                // CLOSE-WAIT, CLOSING, LAST-ACK: remain
            }
        }
    }
}

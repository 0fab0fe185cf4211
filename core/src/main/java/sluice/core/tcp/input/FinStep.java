package sluice.core.tcp.input;

import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;

/** Step 8: the peer's FIN, once everything before it has arrived. */
@Rfc(value = 9293, section = "3.10.7.4")
final class FinStep {
    private FinStep() {}

    static void process(Tcb t, long nowNs) {
        if (t.fin.expected && !t.fin.received && t.rcv.nxt == t.fin.seq && t.state().synchronizedState()) {
            received(t, nowNs);
        }
    }

    /** The peer's FIN stands at {@code seq}; of two at different places the first counts. */
    static void expect(Tcb t, int seq) {
        if (!t.fin.expected || Seq.lt(seq, t.fin.seq)) {
            t.fin.expected = true;
            t.fin.seq = seq;
        }
    }

    private static void received(Tcb t, long nowNs) {
        t.fin.received = true;
        t.rcv.nxt++;
        t.totals.bytesReceived++; // as Linux counts
        t.delayedAck.owed();
        t.signalReady();
        switch (t.state()) {
            case ESTABLISHED, SYN_RECEIVED -> {
                t.dsack.pending = false; // all that SACK could say is over, as on Linux
                Closing.enterCloseWait(t, nowNs);
                t.delayedAck.peerClosed();
            }
            case FIN_WAIT_1 -> {
                t.acknowledgeNow();
                Closing.enterClosing(t, nowNs);
            }
            case FIN_WAIT_2 -> {
                t.acknowledgeNow();
                Closing.enterTimeWait(t, nowNs);
            }
            default -> t.acknowledgeNow(); // CLOSE-WAIT, CLOSING, LAST-ACK: remain
        }
    }
}

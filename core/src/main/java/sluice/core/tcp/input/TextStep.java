package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.closing.Closing;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.segment.Segment;

/**
 * Step 7: the bytes. What fits the window goes to its final place in the receive buffer, in order or not; what came
 * before is reported as a duplicate.
 */
@Rfc(value = 9293, section = "3.10.7.4", req = {"SHLD-31", "MAY-13"})
final class TextStep {
    private TextStep() {}

    /** False when the connection is gone. */
    static boolean process(Tcb t, Segment seg, long nowNs) {
        if (!t.state().mayReceive() || t.fin.received) {
            if (t.fin.received && Seq.gt(seg.end(), t.rcv.nxt)) {
                t.tcp.drop(Counter.SluiceTcpUnexpected, nowNs);
                return true;
            }
            duplicate(t, seg, seg.dataSeq());
            return true;
        }
        if ((t.orphan || t.readShutdown && t.fin.queued) && Seq.gt(seg.dataSeq() + seg.dataLength, t.rcv.nxt)) {
            t.count(Counter.TcpExtTCPAbortOnData);
            // as if there were no connection, which is so for the peer's data
            Resets.send(t.tcp, t.tuple, seg.ack, t.authentication, nowNs);
            Closing.finish(t, nowNs);
            return false;
        }
        switch (t.ecn.onData(seg, t.congestion.control().needsEcn())) {
            case NOW -> t.acknowledgeNow();
            case QUICK -> t.delayedAck.enterQuickMode(2);
            case NOTHING -> {
                // by the usual rules
            }
        }
        int left = seg.dataSeq();
        int right = left + seg.dataLength;
        if (Seq.leq(right, t.rcv.nxt)) {
            duplicate(t, seg, left);
            return true;
        }
        int edge = t.rcv.nxt + t.window.acceptable();
        if (Seq.geq(left, edge)) {
            t.count(t.rcv.windowLeft() == 0 ? Counter.TcpExtTCPZeroWindowDrop : Counter.TcpExtBeyondWindow);
            t.delayedAck.enterQuickMode();
            t.acknowledgeNow();
            return true;
        }
        right = Seq.min(right, edge);
        if (Seq.lt(left, t.rcv.nxt)) {
            SequenceStep.reportDuplicate(t, left, t.rcv.nxt);
            left = t.rcv.nxt;
        }
        int offset = seg.dataOffset + (left - seg.dataSeq());
        int length = right - left;
        long position = t.receivePosition(left);
        length = TextMemory.store(t, seg.packet, position, offset, length);
        if (length == 0) {
            return true;
        }
        if (left == t.rcv.nxt) {
            inOrder(t, seg, position + length, nowNs);
        } else {
            outOfOrder(t, seg, position, position + length);
        }
        t.totals.bytesReceived += length;
        t.lastDataReceivedNs = nowNs;
        return true;
    }

    private static void duplicate(Tcb t, Segment seg, int left) {
        t.count(Counter.TcpExtDelayedACKLost);
        t.ecn.onDuplicate(left, t.dsack.left);
        SequenceStep.reportDuplicate(t, left, Seq.min(left + seg.dataLength, t.rcv.nxt));
        t.delayedAck.enterQuickMode();
        t.acknowledgeNow();
    }

    private static void inOrder(Tcb t, Segment seg, long end, long nowNs) {
        boolean filledHole = !t.reassembly.isEmpty();
        long to = filledHole ? t.reassembly.advance(end) : end;
        t.rcv.nxt = t.rcv.nxt + (int) (to - t.receiveBuffer.nextPosition());
        t.receiveBuffer.advance(to);
        t.delayedAck.onData(seg, nowNs);
        t.window.onData(seg, nowNs);
        if (filledHole) {
            if (t.reassembly.isEmpty()) {
                t.delayedAck.enterQuick(16);
            }
            t.acknowledgeNow();
        }
        takeUrgentByte(t);
        t.signalReady();
    }

    private static void outOfOrder(Tcb t, Segment seg, long from, long to) {
        t.count(Counter.TcpExtTCPOFOQueue);
        t.totals.outOfOrderPackets += seg.segments;
        if (!t.reassembly.add(from, to)) {
            t.count(Counter.TcpExtTCPOFODrop);
        } else if (t.reassembly.lastAddHadDuplicate()) {
            t.count(Counter.TcpExtTCPOFOMerge);
            SequenceStep.reportDuplicate(t, t.receiveSeq(t.reassembly.duplicateStart()),
                    t.receiveSeq(t.reassembly.duplicateEnd()));
        }
        t.delayedAck.schedule();
        t.delayedAck.enterQuickMode();
        t.acknowledgeNow();
    }

    /** The byte before the urgent pointer has arrived: it is kept apart, unless urgent data stays in the stream. */
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-33")
    static void takeUrgentByte(Tcb t) {
        if (t.urgent.received() && t.urgent.octet() < 0 && t.urgent.position() < t.receiveBuffer.nextPosition()) {
            t.urgent.arrived(t.receiveBuffer.byteAt(t.urgent.position()));
        }
    }
}

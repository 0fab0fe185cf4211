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
 * before is reported as a duplicate. The peer's FIN counts as the byte after the last one: it waits beside the bytes
 * that came out of order, and ends the stream as soon as it is reached, whatever lies beyond.
 */
@Rfc(value = 9293, section = "3.10.7.4", req = {"SHLD-31", "MAY-13"})
final class TextStep {
    private TextStep() {}

    /** False when the connection is gone. */
    static boolean process(Tcb t, Segment seg, long nowNs) {
        if (!t.state().mayReceive() || t.fin.received) {
            return afterFin(t, seg, nowNs);
        }
        int left = seg.dataSeq();
        if ((t.orphan || t.readShutdown && t.fin.queued) && Seq.gt(left + seg.dataLength, t.rcv.nxt)) {
            refuse(t, seg, nowNs);
            Closing.finish(t, nowNs);
            return false;
        }
        if (seg.dataLength > 0) {
            lookAtEcn(t, seg);
        }
        if (Seq.leq(seg.end(), t.rcv.nxt)) {
            duplicate(t, seg);
            return true;
        }
        int edge = t.rcv.nxt + t.window.acceptable();
        boolean bareFinInOrder = seg.dataLength == 0 && left == t.rcv.nxt;
        if (Seq.geq(left, edge) && !bareFinInOrder) {
            beyondWindow(t);
            return true;
        }
        if (Seq.lt(left, t.rcv.nxt)) {
            SequenceStep.reportDuplicate(t, left, t.rcv.nxt);
            left = t.rcv.nxt;
        }
        take(t, seg, left, edge, nowNs);
        return true;
    }

    /** Takes the new part of a segment, from {@code left} on and within the window. */
    private static void take(Tcb t, Segment seg, int left, int edge, long nowNs) {
        int dataEnd = seg.dataSeq() + seg.dataLength;
        int right = Seq.min(dataEnd, edge);
        int wanted = Math.max(0, Seq.diff(right, left));
        boolean fin = seg.has(Segment.FIN) && Seq.leq(dataEnd, right);
        if (wanted == 0 && !fin) {
            beyondWindow(t);
            return;
        }
        int offset = seg.dataOffset + (left - seg.dataSeq());
        long position = t.receivePosition(left);
        int length = wanted == 0 ? 0 : TextMemory.store(t, seg.packet, position, offset, wanted);
        if (length == 0 && wanted > 0) {
            return;
        }
        fin &= length == wanted;
        if (fin) {
            FinStep.expect(t, dataEnd);
        }
        long end = position + length + (fin ? 1 : 0);
        if (left == t.rcv.nxt) {
            inOrder(t, seg, end, fin, nowNs);
        } else {
            outOfOrder(t, seg, position, end);
        }
        if (length > 0) {
            t.lastDataReceivedNs = nowNs;
        }
    }

    private static void lookAtEcn(Tcb t, Segment seg) {
        switch (t.ecn.onData(seg, t.congestion.control().needsEcn())) {
            case NOW -> t.acknowledgeNow();
            case QUICK -> t.delayedAck.enterQuickMode(2);
            case NOTHING -> {
                // by the usual rules
            }
        }
    }

    /**
     * Nothing can follow the peer's FIN: what begins behind it is dropped, what goes on over it is refused, and what is
     * not in the window is acknowledged as always.
     */
    private static boolean afterFin(Tcb t, Segment seg, long nowNs) {
        if (!t.fin.received || Seq.leq(seg.end(), t.rcv.nxt)) {
            duplicate(t, seg);
            return true;
        }
        if (Seq.geq(seg.seq, t.rcv.nxt + t.rcv.promiseLeft())) {
            beyondWindow(t);
            return true;
        }
        if (Seq.geq(seg.seq, t.rcv.nxt) || Seq.leq(seg.dataSeq() + seg.dataLength, t.rcv.nxt)) {
            t.tcp.drop(Counter.SluiceTcpUnexpected, nowNs);
            return true;
        }
        refuse(t, seg, nowNs);
        SynchronizedInput.applyReset(t, nowNs);
        return false;
    }

    /** Answers data that nobody will take as if there were no connection, which is so for the peer's data. */
    private static void refuse(Tcb t, Segment seg, long nowNs) {
        t.count(Counter.TcpExtTCPAbortOnData);
        Resets.send(t.tcp, t.tuple, seg.ack, t.authentication, nowNs);
    }

    private static void duplicate(Tcb t, Segment seg) {
        t.count(Counter.TcpExtDelayedACKLost);
        t.ecn.onDuplicate(seg.dataSeq(), t.dsack.left);
        SequenceStep.reportDuplicate(t, seg.dataSeq(), Seq.min(seg.end(), t.rcv.nxt));
        t.delayedAck.enterQuickMode();
        t.delayedAck.owed();
        t.acknowledgeNow();
    }

    private static void beyondWindow(Tcb t) {
        t.count(t.rcv.windowLeft() == 0 ? Counter.TcpExtTCPZeroWindowDrop : Counter.TcpExtBeyondWindow);
        if (t.receiveBuffer.available() == 0) { // else the reader is behind: as tcp_sequence of Linux
            t.delayedAck.enterQuickMode();
            t.delayedAck.owed();
        }
        t.acknowledgeNow();
    }

    /**
     * In order up to {@code end}; what was held and is reached now follows, up to the peer's FIN. A segment that brings
     * the FIN itself ends all that was held.
     */
    private static void inOrder(Tcb t, Segment seg, long end, boolean fin, long nowNs) {
        boolean filledHole = !fin && !t.reassembly.isEmpty();
        long to = filledHole ? t.reassembly.advance(end) : end;
        boolean atFin = t.fin.expected && to > t.receivePosition(t.fin.seq);
        if (atFin) {
            to = t.receivePosition(t.fin.seq);
            t.reassembly.clear();
        }
        t.totals.bytesReceived += to - t.receiveBuffer.nextPosition();
        t.rcv.nxt = t.rcv.nxt + (int) (to - t.receiveBuffer.nextPosition());
        t.receiveBuffer.advance(to);
        if (atFin) {
            t.receiveBuffer.dropOutOfOrder();
        }
        if (filledHole && t.reassembly.lastHadDuplicate()) {
            reportHeld(t);
        }
        if (seg.dataLength > 0) {
            t.delayedAck.onData(seg, nowNs);
            t.window.onData(seg, nowNs);
        }
        if (filledHole) {
            if (t.reassembly.isEmpty()) {
                t.delayedAck.enterQuick(16);
            }
            t.acknowledgeNow();
        }
        takeUrgentByte(t);
        t.signalReady();
    }

    /**
     * A segment covered data that were held. When it was partly old too, that is reported already: a report has one
     * range, and it grows only when the two meet.
     */
    private static void reportHeld(Tcb t) {
        int left = t.receiveSeq(t.reassembly.duplicateStart());
        int right = t.receiveSeq(t.reassembly.duplicateEnd());
        if (!t.dsack.pending) {
            SequenceStep.reportDuplicate(t, left, right);
        } else if (Seq.leq(left, t.dsack.right) && Seq.leq(t.dsack.left, right)) {
            t.dsack.report(Seq.min(left, t.dsack.left), Seq.max(right, t.dsack.right));
        }
    }

    private static void outOfOrder(Tcb t, Segment seg, long from, long to) {
        t.count(Counter.TcpExtTCPOFOQueue);
        t.totals.outOfOrderPackets += seg.segments;
        if (!t.reassembly.add(from, to)) {
            t.count(Counter.TcpExtTCPOFODrop);
        } else if (t.reassembly.lastHadDuplicate()) {
            t.count(Counter.TcpExtTCPOFOMerge);
            reportHeld(t);
        }
        t.delayedAck.onOutOfOrder(seg);
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

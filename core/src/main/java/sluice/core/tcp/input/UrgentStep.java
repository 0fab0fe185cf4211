package sluice.core.tcp.input;

import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.segment.Segment;

/** Step 6: urgent data is announced. The application is told at once, even when the data is still to come. */
@Rfc(value = 9293, section = "3.8.5", req = {"MUST-30", "MUST-31", "MUST-32", "MUST-62"})
final class UrgentStep {
    private UrgentStep() {}

    static void process(Tcb t, Segment seg, long nowNs) {
        if (!t.state().mayReceive() || t.fin.received) {
            return;
        }
        int pointer = seg.seq + seg.up;
        if (t.host.settings().get(Setting.TCP_STDURG) != 0) {
            pointer++;
        }
        if (t.urgent.position() >= 0 && !Seq.gt(pointer, t.rcv.up)) {
            return;
        }
        if (Seq.leq(pointer, t.receiveSeq(t.receiveBuffer.readPosition()))) {
            return;
        }
        stepOverTheLast(t);
        t.rcv.up = pointer;
        t.urgent.announced(t.receivePosition(pointer - 1));
        TextStep.takeUrgentByte(t);
        t.trace.urgentAnnounced(pointer, nowNs);
        t.signalReady();
    }

    /** The urgent byte before this one is what the reader comes to next: it is not in line, and was its chance. */
    private static void stepOverTheLast(Tcb t) {
        boolean next = t.urgent.octet() >= 0 && t.urgent.position() == t.receiveBuffer.readPosition();
        if (next && !t.options.oobInline) {
            t.receiveBuffer.consume(1);
        }
    }
}

package sluice.core.tcp.timer;

import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.recovery.RetransmissionTimer;

/**
 * No acknowledgment came for two round trips: one more segment, new or the last one again, so that the peer tells what
 * it has.
 */
@Rfc(value = 8985, section = "7.3")
final class TailLossProbe {
    private TailLossProbe() {}

    static void run(Tcb t, long nowNs) {
        if (t.sent.isEmpty()) {
            return;
        }
        if (!t.recovery().rackTlp().probeOutstanding()) {
            boolean fresh = t.hasUnsent()
                    && Seq.diff(t.snd.right(), t.snd.nxt) >= Math.min(t.sendMss, Math.max(1, t.unsentBytes()));
            SentSegment last = t.sent.get(t.sent.size() - 1);
            if (fresh) {
                t.probes.withNewData = true;
                t.recovery().rackTlp().probeSent(false);
                t.wantOutput();
            } else if (!last.sacked) {
                t.probes.withTail = true;
                t.recovery().rackTlp().probeSent(true);
                t.wantOutput();
            }
        }
        if (t.probes.withNewData || t.probes.withTail) {
            RetransmissionTimer.restart(t, nowNs);
        } else {
            RetransmissionTimer.takeOver(t, nowNs);
        }
    }
}

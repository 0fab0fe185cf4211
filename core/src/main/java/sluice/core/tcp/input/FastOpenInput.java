package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.output.SynAckSender;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;

/**
 * A segment for a connection that Fast Open made from a SYN and whose handshake is not over: SYN-RECEIVED, or
 * FIN-WAIT-1 when it was closed since.
 */
@Rfc(value = 7413, section = "4.2.2")
final class FastOpenInput {
    private FastOpenInput() {}

    /** What a request would do with the segment: false when it is done with. */
    static boolean acceptable(Tcb t, HalfOpen h, Segment seg, long nowNs) {
        boolean oldTimestamp = t.agreed.timestamps && seg.hasTimestamps && Seq.lt(seg.tsVal, t.tsRecent);
        if (seg.has(Segment.SYN) && !seg.has(Segment.ACK) && !seg.has(Segment.RST) && seg.seq == h.irs
                && !oldTimestamp) {
            HalfOpenInput.sameEcn(h, seg);
            if (mayAnswer(t, nowNs)) {
                SynAckSender.send(h, nowNs); // the SYN came again: our SYN-ACK was lost
            }
            return false;
        }
        return true;
    }

    private static boolean mayAnswer(Tcb t, long nowNs) {
        long limitNs = t.host.settings().get(Setting.TCP_INVALID_RATELIMIT) * 1_000_000L;
        if (t.lastInvalidAckNs != Time.NEVER && nowNs - t.lastInvalidAckNs < limitNs) {
            t.count(Counter.TcpExtTCPACKSkippedSynRecv);
            return false;
        }
        t.lastInvalidAckNs = nowNs;
        return true;
    }

    /**
     * Step 5: an acknowledgment of our SYN, and perhaps of data that was sent after it, ends the handshake. False when
     * the segment is to be dropped.
     */
    static boolean acknowledge(Tcb t, Segment seg, long nowNs) {
        if (Seq.lt(seg.ack, t.snd.una) || Seq.gt(seg.ack, t.snd.nxt)) {
            if (t.state() == TcpState.SYN_RECEIVED) {
                Resets.send(t.tcp, t.tuple, seg.ack, t.authentication, nowNs);
            } else {
                ChallengeAck.send(t, nowNs);
            }
            return false;
        }
        SequenceStep.takeTimestamp(t, seg, nowNs);
        Opening.thirdAck(t, seg);
        t.snd.wnd = seg.wnd << t.agreed.peerShift;
        t.snd.maxWnd = Math.max(t.snd.maxWnd, t.snd.wnd);
        t.snd.wl1 = seg.seq;
        t.snd.wl2 = seg.ack;
        Acknowledgment.process(t, seg, true, nowNs);
        Opening.fastOpenConfirmed(t, nowNs);
        return true;
    }
}

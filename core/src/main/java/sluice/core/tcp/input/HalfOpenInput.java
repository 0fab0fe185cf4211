package sluice.core.tcp.input;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.Datagram;
import sluice.core.Setting;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.ecn.AccEcnSender;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.tcp.ecn.EcnNegotiation;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.output.StatelessAcks;
import sluice.core.tcp.output.SynAckSender;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;

/** A segment for a half-open connection: 3.10.7.4 for SYN-RECEIVED after a passive open. */
@Rfc(value = 9293, section = "3.10.7.4")
public final class HalfOpenInput {
    private HalfOpenInput() {}

    static void process(HalfOpen h, Datagram d, Segment seg, long nowNs) {
        int rcvNxt = h.irs + 1;
        boolean pawsRejected = seg.hasTimestamps && h.agreed.timestamps && Seq.lt(seg.tsVal, h.tsRecent)
                && !seg.has(Segment.RST);
        if (seg.has(Segment.SYN) && !seg.has(Segment.ACK) && seg.seq == h.irs && !pawsRejected) {
            if (!sameEcn(h, seg)) {
                h.end(TcpState.CLOSED, nowNs);
                Resets.sendWithAck(h.tcp, h.tuple(), h.iss + 1, h.irs + 1, h.authentication, nowNs);
            } else if (mayAnswer(h, nowNs)) {
                SynAckSender.send(h, nowNs);
            }
            return;
        }
        boolean inWindow = Seq.geq(seg.seq, rcvNxt) && Seq.leq(seg.seq, rcvNxt + h.ourWindow)
                || seg.end() == rcvNxt && seg.seq == rcvNxt;
        if (pawsRejected || !inWindow) {
            if (seg.has(Segment.RST)) {
                h.tcp.drop(Counter.SluiceTcpBadReset, nowNs);
            } else if (mayAnswer(h, nowNs)) {
                acknowledge(h, nowNs);
            }
            if (pawsRejected) {
                h.tcp.host().counters().increment(Counter.TcpExtPAWSEstab);
            }
            return;
        }
        if (seg.has(Segment.RST)) {
            if (seg.seq == rcvNxt) {
                h.tcp.host().counters().increment(Counter.TcpExtEmbryonicRsts);
                h.tcp.host().counters().increment(Counter.TcpAttemptFails);
                h.end(TcpState.LISTEN, nowNs);
            } else if (mayAnswer(h, nowNs)) {
                acknowledge(h, nowNs);
            }
            return;
        }
        if (seg.has(Segment.SYN)) {
            if (mayAnswer(h, nowNs)) {
                acknowledge(h, nowNs);
            }
            return;
        }
        if (!seg.has(Segment.ACK)) {
            h.tcp.drop(Counter.SluiceTcpNoAck, nowNs);
            return;
        }
        if (seg.ack != h.iss + 1) {
            if (!CookieInput.process(h.tcp, h.listener, h, d, seg, nowNs)) {
                Resets.answer(h.tcp, d, seg, h.authentication, nowNs);
            }
            return;
        }
        if (h.agreed.timestamps && seg.hasTimestamps && Seq.leq(seg.seq, rcvNxt)) {
            h.tsRecent = seg.tsVal;
            h.tsRecentNs = nowNs;
        }
        if (seg.end() == rcvNxt && h.timeouts < h.deferredTimeouts()) {
            h.acknowledged = true;
            h.tcp.host().counters().increment(Counter.TcpExtTCPDeferAcceptDrop);
            return;
        }
        lookAtAccEcnOption(h, seg);
        Tcb t = complete(h, seg, nowNs);
        if (t != null) {
            SegmentArrives.arrive(t, seg, nowNs);
        }
    }

    /**
     * A SYN came again: accurate ECN feeds back how this one arrived, and marks nothing after one without flags. False
     * when it asks for another kind of ECN than the first: then nobody can know which one was agreed on, and the
     * connection is reset.
     */
    @Rfc(value = 9768, section = "3.1.5")
    static boolean sameEcn(HalfOpen h, Segment seg) {
        boolean classicAsked = (seg.flags & EcnNegotiation.ACE_FLAGS) == (Segment.ECE | Segment.CWR);
        if (h.agreed.ecn == EcnMode.ACCECN) {
            h.synEcn = (byte) seg.ecn;
            if ((seg.flags & EcnNegotiation.ACE_FLAGS) == 0) {
                h.ecnFailures |= Ecn.ACE_FAIL_RECV;
            }
            return !classicAsked;
        }
        boolean known = h.tcp.host().settings().get(Setting.TCP_ECN) >= 3;
        return h.agreed.ecn != EcnMode.RFC3168 || !known || !EcnNegotiation.asksAccurate(seg);
    }

    /** Notes an accurate ECN option that came before there is a control block. */
    static void lookAtAccEcnOption(HalfOpen h, Segment seg) {
        if (h.agreed.ecn == EcnMode.ACCECN && seg.accEcnFields >= 0) {
            h.optionSeen = AccEcnSender.first(seg);
            if (h.optionSeen == AccEcnSender.OptionSeen.FAIL_SEEN) {
                h.ecnFailures |= Ecn.OPT_FAIL_RECV;
            }
        }
    }

    /** The handshake is over: a connection for the accept queue; null when that is full. */
    static @Nullable Tcb complete(HalfOpen h, Segment seg, long nowNs) {
        TcpContext tcp = h.tcp;
        if (h.listener.acceptQueueFull()) {
            h.listener.countOverflow();
            if (tcp.host().settings().get(Setting.TCP_ABORT_ON_OVERFLOW) != 0) {
                h.end(TcpState.CLOSED, nowNs);
                Resets.send(tcp, h.tuple(), seg.ack, h.authentication, nowNs);
            } else {
                h.acknowledged = true;
            }
            return null;
        }
        if (!h.isEntered()) {
            h.received(nowNs); // only the cookie knew of it
        }
        h.drop();
        return Opening.establishPassive(h, seg, nowNs);
    }

    private static boolean mayAnswer(HalfOpen h, long nowNs) {
        long limit = h.tcp.host().settings().get(Setting.TCP_INVALID_RATELIMIT) * 1_000_000L;
        if (h.lastInvalidAckNs != Time.NEVER && nowNs - h.lastInvalidAckNs < limit) {
            h.tcp.host().counters().increment(Counter.TcpExtTCPACKSkippedSynRecv);
            return false;
        }
        h.lastInvalidAckNs = nowNs;
        return true;
    }

    private static void acknowledge(HalfOpen h, long nowNs) {
        StatelessAcks.send(h, nowNs);
    }
}

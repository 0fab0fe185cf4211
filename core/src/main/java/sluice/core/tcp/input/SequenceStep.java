package sluice.core.tcp.input;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.segment.Segment;

/** Step 1: is the segment in the window, and is its timestamp not older than what was seen (PAWS)? */
@Rfc(value = 9293, section = "3.10.7.4")
@Rfc(value = 7323, section = "5")
final class SequenceStep {
    private static final long PAWS_MAX_AGE_NS = 24L * 24 * 3600 * 1_000_000_000L;

    private SequenceStep() {}

    static boolean acceptable(Tcb t, Segment seg, long nowNs) {
        boolean rst = seg.has(Segment.RST);
        if (t.agreed.timestamps && seg.hasTimestamps && !rst && isOldByTimestamp(t, seg, nowNs)) {
            if (seg.has(Segment.SYN)) {
                ChallengeAck.ofSyn(t, nowNs);
                return false;
            }
            t.count(Counter.TcpExtPAWSEstab);
            acknowledgeAgain(t, seg, Counter.TcpExtTCPACKSkippedPAWS, nowNs);
            return false;
        }
        int end = seg.end();
        boolean old = Seq.lt(end, t.rcv.wup);
        boolean beyond = Seq.gt(seg.seq, t.rcv.nxt + t.rcv.promiseLeft());
        if (!old && !beyond) {
            return true;
        }
        if (rst) {
            if (isResetBeforeFin(t, seg)) {
                return true;
            }
            t.tcp.drop(Counter.SluiceTcpBadReset, nowNs);
            return false;
        }
        if (seg.has(Segment.SYN)) {
            ChallengeAck.ofSyn(t, nowNs);
            return false;
        }
        if (beyond) {
            t.count(Counter.TcpExtBeyondWindow);
        }
        acknowledgeAgain(t, seg, Counter.TcpExtTCPACKSkippedSeq, nowNs);
        return false;
    }

    /**
     * Says what is expected, and what of an unacceptable segment came before: also of an original that its
     * retransmission has overtaken, which is old by its timestamp. As tcp_send_dupack of Linux.
     */
    @Rfc(value = 2883, section = "4")
    private static void acknowledgeAgain(Tcb t, Segment seg, Counter skipped, long nowNs) {
        if (seg.length() > 0 && Seq.lt(seg.seq, t.rcv.nxt)) {
            t.count(Counter.TcpExtDelayedACKLost);
            t.ecn.onDuplicate(seg.dataSeq(), t.dsack.left);
            t.delayedAck.enterQuickMode();
            reportDuplicate(t, seg.seq, Seq.min(seg.end(), t.rcv.nxt));
        }
        ChallengeAck.duplicate(t, seg.length() == 0, skipped, nowNs);
    }

    /**
     * A peer that does not count its own FIN resets one number too low; as Linux does, that is taken once the FIN has
     * arrived.
     */
    static boolean isResetBeforeFin(Tcb t, Segment seg) {
        return seg.seq == t.rcv.nxt - 1 && switch (t.state()) {
            case CLOSE_WAIT, LAST_ACK, CLOSING -> true;
            default -> false;
        };
    }

    /**
     * A duplicate acknowledgment is let through even when it was overtaken, if it changes nothing but the scoreboard:
     * it opens no window and none is closed. Older ones show a smaller window while the peer's buffer grows. As Linux's
     * tcp_disordered_ack.
     */
    private static boolean isOldByTimestamp(Tcb t, Segment seg, long nowNs) {
        if (!t.tsRecentValid || Seq.geq(seg.tsVal, t.tsRecent)) {
            return false;
        }
        if (nowNs - t.tsRecentNs > PAWS_MAX_AGE_NS) {
            return false;
        }
        boolean bareDuplicate = seg.has(Segment.ACK) && seg.dataLength == 0 && seg.length() == 0 && seg.seq == t.rcv.nxt
                && seg.ack == t.snd.una
                && !opensWindow(t, seg.wnd << t.agreed.peerShift) && t.tsRecent - seg.tsVal <= t.rtt.rtoUs() / 1000;
        return !bareDuplicate;
    }

    private static boolean opensWindow(Tcb t, int window) {
        return window == 0 || window > t.snd.wnd;
    }

    /**
     * Takes over TS.Recent; called when the acknowledgment field was found good too, so that a segment out of the blue
     * cannot poison PAWS.
     */
    @Rfc(value = 7323, section = "4.3")
    static void takeTimestamp(Tcb t, Segment seg, long nowNs) {
        if (t.agreed.timestamps && seg.hasTimestamps && Seq.leq(seg.seq, t.rcv.wup)
                && (!t.tsRecentValid || Seq.geq(seg.tsVal, t.tsRecent)
                        || nowNs - t.tsRecentNs > PAWS_MAX_AGE_NS)) {
            seg.newerTimestamp = t.tsRecentValid && Seq.gt(seg.tsVal, t.tsRecent);
            t.tsRecent = seg.tsVal;
            t.tsRecentNs = nowNs;
            t.tsRecentValid = true;
        }
    }

    /** Remembers a range that arrived twice, for the next acknowledgment (RFC 2883). */
    static void reportDuplicate(Tcb t, int left, int right) {
        if (!t.agreed.sackPermitted || t.host.settings().get(Setting.TCP_DSACK) == 0 || !Seq.lt(left, right)) {
            return;
        }
        t.dsack.report(left, right);
        t.count(Seq.lt(left, t.rcv.nxt) ? Counter.TcpExtTCPDSACKOldSent : Counter.TcpExtTCPDSACKOfoSent);
    }
}

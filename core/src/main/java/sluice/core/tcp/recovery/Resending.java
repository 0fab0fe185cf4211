package sluice.core.tcp.recovery;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.RetransmissionCause;

/**
 * Marks lost what goes again though no acknowledgment showed it: after a timeout, when the path's MTU shrank, when a
 * server did not take the data of a SYN.
 */
@Rfc(value = 5681, section = "3.1")
final class Resending {
    private final StateVariables t;
    private final Reordering reordering;
    private final LossMarks marks;
    private final RackTlp rackTlp;
    private final DuplicateAcks duplicateAcks;
    private final Episode episode;
    private final Frto frto;
    private final SackProcessor sackProcessor;

    /** That of one connection. */
    Resending(RecoveryParts parts, SackProcessor sackProcessor) {
        t = parts.t;
        reordering = parts.reordering;
        marks = parts.marks;
        rackTlp = parts.rackTlp;
        duplicateAcks = parts.duplicateAcks;
        episode = parts.episode;
        frto = parts.frto;
        this.sackProcessor = sackProcessor;
    }

    /** The retransmission timer ran out (RFC 5681 equation 4, RFC 6298 section 5). */
    void enterLoss(long nowNs) {
        boolean newRecovery = episode.isBelow(RecoveryState.RECOVERY);
        boolean untroubled = episode.isBelow(RecoveryState.CWR);
        boolean reno = !t.agreed.sackPermitted;
        int sackedBefore = t.sent.sackedOut();
        SentSegment head = t.sent.first();
        boolean reneged = head != null && head.sacked;
        int copies = 0;
        if (reno) {
            t.sent.renoSackedOut(0);
        } else if (reneged) {
            sackProcessor.forget();
            t.count(Counter.TcpExtTCPSACKReneging);
        }
        for (int i = 0; i < t.sent.size(); i++) {
            SentSegment s = t.sent.get(i);
            if (reneged) {
                t.sent.unmarkSacked(s);
            } else if (s.sacked || i > 0 && !reno && rackTlp.tooYoungForTimeout(s, nowNs)) {
                continue;
            }
            marks.markLost(s);
            if (i == 0 && s.retransmitted) {
                copies = s.count;
                t.sent.unmarkRetransmitted(s); // the timeout sends it again
            }
        }
        episode.enterLoss(copies, nowNs);
        if (untroubled) {
            reordering.timeout(sackedBefore);
        }
        frto.timeout(newRecovery);
    }

    /**
     * The server took the SYN and not, or not all of, its data (Fast Open): the rest goes again at once, without any
     * reduction of the window.
     */
    void resendSynData(long nowNs) {
        frto.stop();
        resend(Integer.MIN_VALUE, RetransmissionCause.FAST_OPEN, nowNs);
    }

    /** The path's MTU shrank: everything sent in larger segments goes again, without any reduction of the window. */
    void resendTooBig(long nowNs) {
        resendTooBig(t.sendMss, nowNs);
    }

    /** The same for what is larger than {@code bytes} of payload. */
    void resendTooBig(int bytes, long nowNs) {
        boolean synData = t.fastOpen.synData && t.state() == TcpState.SYN_SENT;
        // a SYN with data is kept as two segments, neither of which is too big
        resend(synData ? Integer.MIN_VALUE : bytes, RetransmissionCause.PATH_MTU, nowNs);
    }

    private void resend(int largerThan, RetransmissionCause cause, long nowNs) {
        boolean any = false;
        for (int i = 0; i < t.sent.size(); i++) {
            SentSegment s = t.sent.get(i);
            if (!s.sacked && s.length() > 0 && Math.min(s.mss, s.length()) > largerThan) {
                t.sent.unmarkRetransmitted(s);
                marks.markLost(s);
                any = true;
            }
        }
        if (any && !t.agreed.sackPermitted) {
            duplicateAcks.limit();
        }
        if (any && episode.state() != RecoveryState.LOSS) {
            frto.stop();
            episode.enterLossWithoutReduction(cause, nowNs);
        }
        t.wantOutput();
    }
}

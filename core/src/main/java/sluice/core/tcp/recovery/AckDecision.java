package sluice.core.tcp.recovery;

import sluice.base.Rfc;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.path.MtuProbing;

/**
 * What an acknowledgment, or RACK's timer, shows: whether something is lost, whether the episode is over, whether it
 * was a mistake. What follows from that is the {@link Episode}'s business.
 */
@Rfc(value = 5681, section = "3.2")
@Rfc(value = 6582, section = "3.2")
final class AckDecision {
    private final StateVariables t;
    private final Congestion congestion;
    private final MtuProbing mtuProbing;
    private final AckFlags flags;
    private final Reordering reordering;
    private final RackTlp rackTlp;
    private final PathDiagnosis diagnosis;
    private final DuplicateAcks duplicateAcks;
    private final Undo undo;
    private final Episode episode;
    private final Frto frto;
    private final Resending resending;

    /** That of one connection. */
    AckDecision(RecoveryParts parts, Resending resending) {
        t = parts.t;
        congestion = parts.congestion;
        mtuProbing = parts.mtuProbing;
        flags = parts.flags;
        reordering = parts.reordering;
        rackTlp = parts.rackTlp;
        diagnosis = parts.diagnosis;
        duplicateAcks = parts.duplicateAcks;
        undo = parts.undo;
        episode = parts.episode;
        frto = parts.frto;
        this.resending = resending;
    }

    /** Everything about an acknowledgment is known: decides about losses, reductions and undo. */
    void decide(int ack, long nowNs) {
        AckFlags f = flags;
        undo.tell(diagnosis, f.priorUna, nowNs);
        if (f.late.found() && t.agreed.sackPermitted
                && (episode.state() != RecoveryState.LOSS || undo.isMarked() || f.late.hasOriginalAcked())) {
            reordering.note(f.late.lowestSeq(), false);
        }
        rackTlp.adaptReorderingWindow(congestion.sample.priorDelivered);
        if (rackTlp.onAck(ack, f)) {
            episode.probeRepairedLoss(nowNs);
        }
        frto.newAcknowledgment();
        if (f.ece) {
            congestion.forgetPriorSsthresh();
        }
        if (episode.state() != RecoveryState.OPEN || f.duplicates > 0 || t.sent.sackedOut() > 0 || t.sent.lostOut() > 0
                || f.sack.dsack
                || f.ece) {
            alert(nowNs);
        }
    }

    /** Nothing was outstanding: only a D-SACK comes in time, to take a reduction back; marks and the like do not. */
    void decideAfterwards(int ack, long nowNs) {
        if (flags.sack.dsack) {
            decide(ack, nowNs);
        } else {
            if (rackTlp.onAck(ack, flags)) {
                episode.probeRepairedLoss(nowNs);
            }
        }
    }

    private void alert(long nowNs) {
        boolean reno = !t.agreed.sackPermitted;
        if (t.sent.packetsOut() == 0 && t.sent.sackedOut() != 0) {
            t.sent.renoSackedOut(0);
        }
        if (episode.state() == RecoveryState.OPEN) {
            undo.forgetStamp();
        } else if (episode.isOver() && stays(reno, nowNs)) {
            return;
        }
        switch (episode.state()) {
            case RECOVERY -> inRecovery(reno, nowNs);
            case LOSS -> inLoss(reno, nowNs);
            default -> untroubled(reno, nowNs);
        }
    }

    /** No recovery and no loss, or none any more: what does the acknowledgment show? */
    private void untroubled(boolean reno, long nowNs) {
        if (reno) {
            if (flags.cumulative.unaAdvanced) {
                duplicateAcks.clear();
            }
            duplicateAcks.add(flags.duplicates);
        }
        if (episode.isBelow(RecoveryState.CWR)) {
            undo.tryDsack(nowNs);
        }
        identifyLoss(reno, nowNs);
        recoverOrOpen(nowNs);
    }

    /** What was sent before the episode is acknowledged; returns whether it goes on until something above is. */
    private boolean stays(boolean reno, long nowNs) {
        if (episode.state() == RecoveryState.CWR && !episode.isJustOver()) {
            episode.leaveCwr(nowNs);
        } else if (episode.state() == RecoveryState.RECOVERY) {
            if (reno) {
                duplicateAcks.clear();
            }
            return episode.end(nowNs);
        }
        return false;
    }

    private void recoverOrOpen(long nowNs) {
        if (t.sent.lostOut() == 0) {
            episode.tryToOpen(false, nowNs);
        } else if (episode.isBelow(RecoveryState.CWR) && mtuProbing.lost(nowNs)) {
            resending.resendTooBig(nowNs);
        } else {
            episode.enterRecovery(nowNs);
        }
    }

    private void inRecovery(boolean reno, long nowNs) {
        if (!flags.cumulative.unaAdvanced) {
            if (reno) {
                duplicateAcks.add(flags.duplicates);
            }
        } else if (tryUndoPartial(nowNs)) {
            return;
        }
        if (undo.tryDsack(nowNs)) {
            episode.tryToOpen(true, nowNs);
        }
        identifyLoss(reno, nowNs);
        if (episode.state() != RecoveryState.RECOVERY && t.sent.lostOut() > 0) {
            episode.enterRecovery(nowNs); // undone, and yet something is lost
        }
    }

    /** After a timeout: F-RTO decides whether it was spurious (RFC 5682), then slow start resends what is lost. */
    @Rfc(value = 5682, section = "3.1")
    private void inLoss(boolean reno, long nowNs) {
        AckFlags f = flags;
        boolean recovered = episode.isOver();
        if (f.cumulative.unaAdvanced && episode.tryUndoLoss(false, nowNs)
                || frto.showsSpurious(f) && episode.tryUndoLoss(true, nowNs)) {
            if (episode.state() == RecoveryState.OPEN) {
                untroubled(reno, nowNs);
            }
            return;
        }
        if (frto.tryNewData(f, recovered)) {
            return;
        }
        if (recovered) {
            if (!episode.end(nowNs)) {
                untroubled(reno, nowNs);
            }
            return;
        }
        if (reno) {
            if (episode.sentSince() && f.duplicates > 0) {
                duplicateAcks.add(f.duplicates);
            } else if (f.cumulative.unaAdvanced) {
                duplicateAcks.clear();
            }
        }
        identifyLoss(reno, nowNs);
        if (f.lostRetransmission) {
            episode.enterRecovery(nowNs);
        }
    }

    private void identifyLoss(boolean reno, long nowNs) {
        if (reno) {
            duplicateAcks.markLost(episode.state(), flags.cumulative.unaAdvanced);
        } else {
            rackTlp.markLost(nowNs);
        }
    }

    /** RACK's reordering timer ran out. */
    void onReorderingTimeout(long nowNs) {
        int before = t.sent.inFlight();
        flags.clear();
        rackTlp.detect(nowNs);
        if (before != t.sent.inFlight()) {
            if (episode.isBelow(RecoveryState.CWR) && mtuProbing.lost(nowNs)) {
                resending.resendTooBig(nowNs);
            } else if (episode.state() != RecoveryState.RECOVERY) {
                episode.enterRecovery(nowNs);
                if (!congestion.control().controlsRecovery()) {
                    congestion.reduce(1, 0, false);
                }
            }
            t.wantOutput();
        }
        if (!t.timers.isSet(TimerKind.RTO)) {
            RetransmissionTimer.takeOver(t, nowNs);
        }
    }

    /**
     * An acknowledgment inside recovery that an original drew; returns whether nothing more is to be marked lost now.
     */
    @Rfc(value = 3522, section = "3")
    private boolean tryUndoPartial(long nowNs) {
        if (!undo.isMarked() || !undo.packetDelayed()) {
            return false;
        }
        reordering.note(flags.priorUna, true);
        if (t.sent.retransOut() > 0) {
            return true;
        }
        episode.undoPartially(nowNs);
        return false;
    }
}

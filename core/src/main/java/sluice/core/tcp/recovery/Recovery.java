package sluice.core.tcp.recovery;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.congestion.Pacing;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.tcp.path.MtuProbing;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.RetransmissionCause;
import sluice.core.trace.SenderSnapshot;
import sluice.core.trace.TraceEvent;

/**
 * Loss recovery of one connection: what is marked lost, when the window is reduced, and when all that is undone
 * as a mistake. What reducing and taking back do is the {@link Episode}'s business.
 */
@Rfc(value = 5681, section = "3.2")
@Rfc(value = 6582, section = "3.2")
public final class Recovery implements SenderSnapshot, SackProcessor.Reports {
    private final StateVariables t;
    private final Congestion congestion;
    private final MtuProbing mtuProbing;
    private final Pacing pacing;
    private final LossMarks marks;
    private final RackTlp rackTlp;
    private final SackProcessor sackProcessor;
    private final PathDiagnosis diagnosis;
    private final Reordering reordering;
    private final DuplicateAcks duplicateAcks;
    private final Undo undo;
    private final Dsack dsack;
    public final AckFlags flags = new AckFlags();
    private final Episode episode;
    private final Frto frto;
    /**
     * A report that comes after this says nothing about the round trip of what was sent before: the retransmission may
     * have drawn it.
     */
    private long lastRetransmissionNs = Time.NEVER;

    /** A connection without losses. */
    public Recovery(StateVariables t, Congestion congestion, Ecn ecn, MtuProbing mtuProbing, Pacing pacing) {
        this.t = t;
        this.congestion = congestion;
        this.mtuProbing = mtuProbing;
        this.pacing = pacing;
        reordering = new Reordering(t);
        marks = new LossMarks(t, congestion, flags);
        rackTlp = new RackTlp(t, congestion, reordering, marks);
        sackProcessor = new SackProcessor(t, this);
        diagnosis = new PathDiagnosis(t);
        duplicateAcks = new DuplicateAcks(t, congestion, reordering, marks);
        undo = new Undo(t, congestion, rackTlp, this);
        dsack = new Dsack(t, congestion, flags, rackTlp, reordering, undo);
        episode = new Episode(t, congestion, ecn, flags, rackTlp, undo, this);
        frto = new Frto(t, episode);
    }

    /** The state. */
    public RecoveryState state() {
        return episode.state();
    }

    /** RACK and the tail loss probe. */
    public RackTlp rackTlp() {
        return rackTlp;
    }

    /** What the network did to segments that were retransmitted. */
    public PathDiagnosis diagnosis() {
        return diagnosis;
    }

    /** Duplicate threshold, adapted to reordering, segments. */
    public int reordering() {
        return reordering.degree();
    }

    /** Whether this path has reordered. */
    public boolean reorderingSeen() {
        return reordering.timesSeen() > 0;
    }

    /** How often it was found to (tcpi_reord_seen). */
    public int reorderingsSeen() {
        return reordering.timesSeen();
    }

    /** Whether lost segments are to be retransmitted now (F-RTO holds them back to send new data first). */
    public boolean mayRetransmit() {
        return (!episode.isBelow(RecoveryState.RECOVERY) || t.sent.lostOut() > 0) && !frto.newDataFirst();
    }

    /**
     * F-RTO wanted new data sent first and there was none that could: lost segments go after all. Returns whether that
     * changes anything.
     */
    public boolean nothingNewToSend() {
        return frto.nothingNewToSend();
    }

    /** Why what is marked lost now goes again. */
    public RetransmissionCause retransmissionCause() {
        return episode.cause();
    }

    @Override
    public TraceEvent.Sender sender() {
        return new TraceEvent.Sender(state(), congestion.cwndSegments(), congestion.ssthreshSegments(),
                t.sent.inFlight(), t.sendMss, t.rtt.srttUs(), t.rtt.rtoUs(), pacing.rate());
    }

    /** Shows in the trace what an acknowledgment left behind. */
    public void traceAcknowledged(long nowNs) {
        if (t.trace.enabled()) {
            t.trace.acknowledged(this, t.snd.una, t.rtt.latestUs(), t.rtt.minRttUs(),
                    congestion.delivery.bytesPerSecond(),
                    nowNs);
        }
    }

    // --- marks ---

    @Override
    public void sacked(SentSegment s, long nowNs) {
        AckFlags f = flags;
        boolean wasRetransmitted = s.everRetransmitted;
        if (!wasRetransmitted) {
            reordering.originalArrived(s.seq, f.late);
            if (episode.began(s.end)) {
                f.originalSacked = true;
            }
            if (f.sack.firstSentNs == Time.NEVER) {
                f.sack.firstSentNs = s.sentNs;
            }
            if (lastRetransmissionNs == Time.NEVER || s.sentNs >= lastRetransmissionNs) {
                f.roundTrip.sacked(nowNs - s.sentNs);
            } else {
                f.roundTrip.distrusted(nowNs - s.sentNs);
            }
        } else {
            diagnosis.sacked(s.seq, s.end, nowNs);
        }
        t.sent.markSacked(s);
        f.sack.dataSacked = true;
        f.deliveredBytes += s.payload();
        congestion.delivery.arrived(s, nowNs);
        rackTlp.delivered(s, nowNs);
        congestion.delivery.countDelivered(s.count);
        reordering.reported(s);
    }

    @Override
    public void duplicate(int from, int to, int segments, long nowNs) {
        diagnosis.duplicateReported(from, to, nowNs);
        dsack.reported(from, to, segments);
    }

    /** A segment was retransmitted, because it is marked lost. */
    public void retransmitted(SentSegment s, long nowNs) {
        probed(s, nowNs);
        undo.retransmitted(s, nowNs);
    }

    /** A segment was retransmitted to make the peer answer; not yet the beginning of trouble. */
    public void probed(SentSegment s, long nowNs) {
        lastRetransmissionNs = nowNs;
        if (!s.syn) {
            diagnosis.retransmitted(s.seq, s.end, Seq.gt(reordering.fack(), s.seq), nowNs);
        }
    }

    /** Something was retransmitted that is not in the send queue: a SYN-ACK. */
    public void noteRetransmissionTime(long nowNs) {
        undo.stamp(nowNs);
    }

    /** Whether the acknowledgment being processed acknowledges our SYN. */
    public boolean acknowledgedSyn() {
        return flags.cumulative.synAcked;
    }

    /** When retransmission of the present episode began, nanoseconds; 0 when nothing was retransmitted. */
    public long retransStampNs() {
        return undo.retransStampNs();
    }

    /** What is retransmitted now probes a closed window: it does not count as a beginning of trouble. */
    public void forgetRetransmissionTime() {
        undo.forgetStamp();
    }

    /** The initial sequence number is chosen; nothing is sent yet. */
    public void begin() {
        episode.begin();
        reordering.startAt(t.snd.iss);
    }

    /** The SYN exchange is over. */
    public void handshakeDone() {
        undo.forgetStamp();
        undo.forget();
        episode.extend();
        reordering.startAt(t.snd.una);
    }

    /**
     * The SYN-ACK of a Fast Open connection is acknowledged: what its retransmission meant is over, or was spurious.
     */
    public void fastOpenConfirmed(long nowNs) {
        if (state() == RecoveryState.LOSS && t.sent.isEmpty()) {
            episode.end(nowNs);
        }
        if (state() != RecoveryState.RECOVERY) {
            undo.forgetStamp();
        }
    }

    // --- acknowledgments ---

    /** Step 5 of 3.10.7.4 hands over: takes the SACK option. */
    public void takeSack(Segment seg, long nowNs) {
        reordering.newAcknowledgment();
        sackProcessor.process(seg, seg.ack, flags.sack, nowNs);
    }

    /** An original, never retransmitted and never reported, was acknowledged cumulatively. */
    public void lateOriginalAcked(int start, int end) {
        if (episode.began(end)) {
            flags.originalSacked = true;
        }
        flags.late.originalAcked();
        reordering.originalArrived(start, flags.late);
    }

    /** The timestamp echo of the acknowledgment being processed. */
    public void echo(int tsEcr, boolean valid) {
        undo.echo(tsEcr, valid);
    }

    /** Whether the acknowledgment being processed echoes a timestamp from before this one. */
    public boolean echoesBefore(int timestamp) {
        return undo.echoesBefore(timestamp);
    }

    /** Everything about an acknowledgment is known: decides about losses, reductions and undo. */
    public void decide(int ack, long nowNs) {
        AckFlags f = flags;
        undo.tell(diagnosis, f.priorUna, nowNs);
        if (f.late.found() && t.agreed.sackPermitted
                && (state() != RecoveryState.LOSS || undo.isMarked() || f.late.hasOriginalAcked())) {
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
        if (state() != RecoveryState.OPEN || f.duplicates > 0 || t.sent.sackedOut() > 0 || t.sent.lostOut() > 0
                || f.sack.dsack
                || f.ece) {
            alert(nowNs);
        }
    }

    /** Nothing was outstanding: only a D-SACK comes in time, to take a reduction back; marks and the like do not. */
    public void decideAfterwards(int ack, long nowNs) {
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
        if (state() == RecoveryState.OPEN) {
            undo.forgetStamp();
        } else if (episode.isOver() && stays(reno, nowNs)) {
            return;
        }
        switch (state()) {
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
        if (state() == RecoveryState.CWR && !episode.isJustOver()) {
            episode.leaveCwr(nowNs);
        } else if (state() == RecoveryState.RECOVERY) {
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
            resendTooBig(nowNs);
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
        if (state() != RecoveryState.RECOVERY && t.sent.lostOut() > 0) {
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
            if (state() == RecoveryState.OPEN) {
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
            duplicateAcks.markLost(state(), flags.cumulative.unaAdvanced);
        } else {
            rackTlp.markLost(nowNs);
        }
    }

    /** Without SACK: {@code acked} segments went off the queue. */
    public void removeRenoDuplicates(int acked) {
        duplicateAcks.remove(acked);
    }

    // --- entering and leaving ---

    /** The retransmission timer ran out (RFC 5681 equation 4, RFC 6298 section 5). */
    public void enterLoss(long nowNs) {
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
    public void resendSynData(long nowNs) {
        frto.stop();
        resend(Integer.MIN_VALUE, RetransmissionCause.FAST_OPEN, nowNs);
    }

    /** The path's MTU shrank: everything sent in larger segments goes again, without any reduction of the window. */
    public void resendTooBig(long nowNs) {
        resendTooBig(t.sendMss, nowNs);
    }

    /** The same for what is larger than {@code bytes} of payload. */
    public void resendTooBig(int bytes, long nowNs) {
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
        if (any && state() != RecoveryState.LOSS) {
            frto.stop();
            episode.enterLossWithoutReduction(cause, nowNs);
        }
        t.wantOutput();
    }

    /** Sets the retransmission timer anew after the doubling was undone: it may be due at once. */
    public void restartTimerFrom(long sentNs, long nowNs) {
        t.timers.clear(TimerKind.TLP);
        t.timers.set(TimerKind.RTO, Math.max(nowNs, sentNs + t.rtt.rtoNs()));
    }

    /** RACK's reordering timer ran out. */
    public void onReorderingTimeout(long nowNs) {
        int before = t.sent.inFlight();
        flags.clear();
        rackTlp.detect(nowNs);
        if (before != t.sent.inFlight()) {
            if (episode.isBelow(RecoveryState.CWR) && mtuProbing.lost(nowNs)) {
                resendTooBig(nowNs);
            } else if (state() != RecoveryState.RECOVERY) {
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

    /** First lost segment that is not in flight again; null when there is none. */
    public @Nullable SentSegment firstToRetransmit() {
        return t.sent.lostOut() == 0 ? null : t.sent.firstPending();
    }
}

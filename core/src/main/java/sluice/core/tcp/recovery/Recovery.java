package sluice.core.tcp.recovery;

import org.jspecify.annotations.Nullable;
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
import sluice.core.trace.RetransmissionCause;
import sluice.core.trace.SenderSnapshot;
import sluice.core.trace.TraceEvent;

/**
 * Loss recovery of one connection, as the rest of it sees it: what it hears of (reports, retransmissions, timeouts),
 * and what it answers. {@link AckDecision} decides, {@link Resending} marks what goes again in any case, the {@link
 * Episode} enters, leaves and takes back.
 */
public final class Recovery implements SenderSnapshot, SackProcessor.Reports {
    private final StateVariables t;
    private final Congestion congestion;
    private final Reordering reordering;
    private final RackTlp rackTlp;
    private final PathDiagnosis diagnosis;
    private final DuplicateAcks duplicateAcks;
    private final Undo undo;
    private final Dsack dsack;
    private final Episode episode;
    private final Frto frto;
    private final Pacing pacing;
    private final SackProcessor sackProcessor;
    private final Resending resending;
    private final AckDecision decision;
    public final AckFlags flags;
    /**
     * A report that comes after this says nothing about the round trip of what was sent before: the retransmission may
     * have drawn it.
     */
    private long lastRetransmissionNs = Time.NEVER;

    /** A connection without losses. */
    public Recovery(StateVariables t, Congestion congestion, Ecn ecn, MtuProbing mtuProbing, Pacing pacing) {
        RecoveryParts parts = new RecoveryParts(t, congestion, ecn, mtuProbing, this);
        this.t = t;
        this.congestion = congestion;
        this.pacing = pacing;
        flags = parts.flags;
        reordering = parts.reordering;
        rackTlp = parts.rackTlp;
        diagnosis = parts.diagnosis;
        duplicateAcks = parts.duplicateAcks;
        undo = parts.undo;
        dsack = parts.dsack;
        episode = parts.episode;
        frto = parts.frto;
        sackProcessor = new SackProcessor(t, this);
        resending = new Resending(parts, sackProcessor);
        decision = new AckDecision(parts, resending);
        episode.startAt(t.snd.una);
        reordering.startAt(t.snd.una);
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

    /**
     * Whether nothing was ever lost, retransmitted, reordered or duplicated, as far as is known: another {@link
     * Recovery} made now would do the same.
     */
    public boolean isUntouched() {
        return state() == RecoveryState.OPEN && lastRetransmissionNs == Time.NEVER && t.totals.retransmissions == 0
                && t.totals.dsackDuplicates == 0 && reordering.isUntouched() && diagnosis.isUntouched()
                && undo.isUntouched() && !rackTlp.probeOutstanding();
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
        decision.decide(ack, nowNs);
    }

    /** Nothing was outstanding: only a D-SACK comes in time, to take a reduction back; marks and the like do not. */
    public void decideAfterwards(int ack, long nowNs) {
        decision.decideAfterwards(ack, nowNs);
    }

    /** RACK's reordering timer ran out. */
    public void onReorderingTimeout(long nowNs) {
        decision.onReorderingTimeout(nowNs);
    }

    /** Without SACK: {@code acked} segments went off the queue. */
    public void removeRenoDuplicates(int acked) {
        duplicateAcks.remove(acked);
    }

    // --- what goes again at once ---

    /** The retransmission timer ran out (RFC 5681 equation 4, RFC 6298 section 5). */
    public void enterLoss(long nowNs) {
        resending.enterLoss(nowNs);
    }

    /**
     * The server took the SYN and not, or not all of, its data (Fast Open): the rest goes again at once, without any
     * reduction of the window.
     */
    public void resendSynData(long nowNs) {
        resending.resendSynData(nowNs);
    }

    /** The path's MTU shrank: everything sent in larger segments goes again, without any reduction of the window. */
    public void resendTooBig(long nowNs) {
        resending.resendTooBig(nowNs);
    }

    /** The same for what is larger than {@code bytes} of payload. */
    public void resendTooBig(int bytes, long nowNs) {
        resending.resendTooBig(bytes, nowNs);
    }

    /** Sets the retransmission timer anew after the doubling was undone: it may be due at once. */
    public void restartTimerFrom(long sentNs, long nowNs) {
        t.timers.clear(TimerKind.TLP);
        t.timers.set(TimerKind.RTO, Math.max(nowNs, sentNs + t.rtt.rtoNs()));
    }

    /** First lost segment that is not in flight again; null when there is none. */
    public @Nullable SentSegment firstToRetransmit() {
        return t.sent.lostOut() == 0 ? null : t.sent.firstPending();
    }
}

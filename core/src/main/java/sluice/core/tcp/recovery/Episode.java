package sluice.core.tcp.recovery;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.congestion.CongestionSignal;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.trace.CongestionChange;
import sluice.core.trace.RetransmissionCause;
import sluice.core.trace.SenderSnapshot;
import sluice.core.trace.UndoProof;

/**
 * The present episode of trouble of one connection: the state that Linux calls tcp_ca_state, the sequence number whose
 * acknowledgment ends it (high_seq), and what entering and leaving do to the window. {@link AckDecision} decides when.
 */
@Rfc(value = 5681, section = "3.2")
@Rfc(value = 6582, section = "3.2")
final class Episode {
    private final StateVariables t;
    private final Congestion congestion;
    private final Ecn ecn;
    private final SenderSnapshot sender;
    private final AckFlags flags;
    private final RackTlp rackTlp;
    private final Undo undo;
    private int highSeq;
    /** Why the last {@link RecoveryState#LOSS} was entered. */
    private RetransmissionCause lossCause = RetransmissionCause.RTO;

    Episode(StateVariables t, Congestion congestion, Ecn ecn, AckFlags flags, RackTlp rackTlp, Undo undo,
            SenderSnapshot sender) {
        this.t = t;
        this.congestion = congestion;
        this.ecn = ecn;
        this.sender = sender;
        this.flags = flags;
        this.rackTlp = rackTlp;
        this.undo = undo;
    }

    RecoveryState state() {
        return congestion.state();
    }

    boolean isBelow(RecoveryState other) {
        return state().ordinal() < other.ordinal();
    }

    /** What was sent before {@code seq} is of the past. */
    void startAt(int seq) {
        highSeq = seq;
    }

    /** Nothing is sent yet. */
    void begin() {
        highSeq = t.snd.iss;
    }

    /** Whether everything that was sent before it began is acknowledged. */
    boolean isOver() {
        return Seq.geq(t.snd.una, highSeq);
    }

    /** Whether exactly that is acknowledged. */
    boolean isJustOver() {
        return t.snd.una == highSeq;
    }

    /** Whether all bytes before {@code end} were sent before it began. */
    boolean began(int end) {
        return Seq.leq(end, highSeq);
    }

    /** Whether something new was sent since it began. */
    boolean sentSince() {
        return Seq.gt(t.snd.nxt, highSeq);
    }

    /** It lasts until what is sent by now is acknowledged. */
    void extend() {
        highSeq = t.snd.nxt;
    }

    private void become(RecoveryState next, CongestionChange change, long nowNs) {
        if (state() != next) {
            RecoveryState from = state();
            congestion.enter(next);
            t.trace.congestion(change, from, congestion.priorCwndSegments(), sender, nowNs);
        }
    }

    /** Why what is marked lost now goes again. */
    RetransmissionCause cause() {
        return state() == RecoveryState.LOSS ? lossCause : RetransmissionCause.FAST;
    }

    // --- entering ---

    /** Fast retransmit. */
    void enterRecovery(long nowNs) {
        t.count(t.agreed.sackPermitted ? Counter.TcpExtTCPSackRecovery : Counter.TcpExtTCPRenoRecovery);
        congestion.forgetPriorSsthresh();
        markUndo(0);
        if (!congestion.inReduction()) {
            if (!flags.ece) {
                congestion.rememberSsthresh();
            }
            beginReduction(CongestionSignal.LOSS, nowNs);
        }
        become(RecoveryState.RECOVERY, CongestionChange.LOSS, nowNs);
    }

    private void beginReduction(CongestionSignal signal, long nowNs) {
        extend();
        rackTlp.forgetProbe();
        congestion.beginReduction(signal, nowNs);
        ecn.reduced();
    }

    /** The window is reduced without retransmitting anything. */
    void enterCwr(long nowNs) {
        congestion.forgetPriorSsthresh();
        if (isBelow(RecoveryState.CWR)) {
            undo.forget();
            beginReduction(CongestionSignal.MARKS, nowNs);
            become(RecoveryState.CWR, CongestionChange.MARKS, nowNs);
        }
    }

    /**
     * A probe was needed to repair a loss: the window is reduced for it, once more when it is being reduced already.
     */
    @Rfc(value = 8985, section = "7.4.2")
    void probeRepairedLoss(long nowNs) {
        beginReduction(CongestionSignal.LOSS, nowNs);
        become(RecoveryState.CWR, CongestionChange.PROBE_REPAIRED_LOSS, nowNs);
        leaveCwr(nowNs);
    }

    private void markUndo(int more) {
        undo.mark(t.sent.retransOut() + more + (rackTlp.retransmissionProbeOutstanding() ? 1 : 0));
    }

    /**
     * After a timeout, when the scoreboard says already what is lost; of the oldest segment {@code copies} may still be
     * on their way.
     */
    void enterLoss(int copies, long nowNs) {
        boolean another = isBelow(RecoveryState.CWR) || isOver() || state() == RecoveryState.LOSS && t.retransmits == 0;
        congestion.timeout(another, nowNs);
        if (another) {
            markUndo(copies);
        }
        congestion.collapseAfterTimeout();
        extend();
        rackTlp.forgetProbe();
        RecoveryState from = state();
        congestion.enter(RecoveryState.LOSS);
        lossCause = RetransmissionCause.RTO;
        // also when it was before: a timeout is always seen
        t.trace.congestion(CongestionChange.TIMEOUT, from, congestion.priorCwndSegments(), sender, nowNs);
    }

    /** Much goes again, for no fault of the network's. */
    void enterLossWithoutReduction(RetransmissionCause cause, long nowNs) {
        lossCause = cause;
        extend();
        undo.forget();
        congestion.forgetPriorSsthresh();
        become(RecoveryState.LOSS, CongestionChange.RESEND, nowNs);
    }

    // --- leaving ---

    void leaveCwr(long nowNs) {
        if (state() == RecoveryState.CWR) {
            congestion.endReduction(undo.isMarked(), nowNs);
            become(RecoveryState.OPEN, CongestionChange.ENDED, nowNs);
            keepOpen(false, nowNs);
        }
    }

    /** Nothing is lost; {@code undone}: as it turned out. */
    void tryToOpen(boolean undone, long nowNs) {
        undo.forgetStampUnlessPending();
        if (flags.ece) {
            enterCwr(nowNs);
        }
        if (state() != RecoveryState.CWR) {
            keepOpen(undone, nowNs);
        }
    }

    private void keepOpen(boolean undone, long nowNs) {
        RecoveryState next = t.sent.sackedOut() > 0 || t.sent.lostOut() > 0 || undo.anyRetransmissionOutstanding()
                ? RecoveryState.DISORDER : RecoveryState.OPEN;
        if (state() != next) {
            CongestionChange why = next == RecoveryState.DISORDER ? CongestionChange.DISORDER : CongestionChange.ENDED;
            become(next, undone ? CongestionChange.UNDONE : why, nowNs);
            extend();
        }
    }

    /** Recovery or loss ended; returns whether its state is to be held until something above is acknowledged. */
    boolean end(long nowNs) {
        boolean spurious = undo.everyRetransmissionWasSpurious();
        if (spurious) {
            t.count(state() == RecoveryState.LOSS ? Counter.TcpExtTCPLossUndo : Counter.TcpExtTCPFullUndo);
            undo.takeBack(false, undo.proof(), nowNs);
        } else {
            rackTlp.recoveryEnded();
        }
        if (holds()) {
            return true;
        }
        if (state() == RecoveryState.RECOVERY) {
            congestion.endReduction(undo.isMarked(), nowNs);
        }
        become(RecoveryState.OPEN, spurious ? CongestionChange.UNDONE : CongestionChange.ENDED, nowNs);
        return false;
    }

    /**
     * Without SACK the state is held until something above is acknowledged, against false fast retransmits (RFC 6582).
     */
    private boolean holds() {
        if (isJustOver() && !t.agreed.sackPermitted) {
            undo.forgetStampUnlessPending();
            return true;
        }
        return false;
    }

    /** An original arrived late within a recovery, and no copy is on its way. */
    void undoPartially(long nowNs) {
        undo.partial(nowNs);
        keepOpen(true, nowNs);
    }

    /**
     * The timeout was spurious if F-RTO or every copy's fate says so; returns whether it was undone. The state may
     * last for all that.
     */
    boolean tryUndoLoss(boolean byFrto, long nowNs) {
        if (!byFrto && !undo.everyRetransmissionWasSpurious()) {
            return false;
        }
        undo.takeBack(true, byFrto ? UndoProof.F_RTO : undo.proof(), nowNs);
        t.count(Counter.TcpExtTCPLossUndo);
        if (byFrto) {
            t.count(Counter.TcpExtTCPSpuriousRTOs);
        }
        t.retransmits = 0;
        if (!holds() && (byFrto || t.agreed.sackPermitted)) {
            become(RecoveryState.OPEN, CongestionChange.UNDONE, nowNs);
        }
        return true;
    }
}

package sluice.core.tcp.recovery;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.tcp.Tcb;
import sluice.core.trace.TraceEvent;

/**
 * The present episode of trouble of one connection: the state that Linux calls tcp_ca_state, the sequence number whose
 * acknowledgment ends it (high_seq), and what entering and leaving do to the window. {@link Recovery} decides when.
 */
@Rfc(value = 5681, section = "3.2")
@Rfc(value = 6582, section = "3.2")
final class Episode {
    private final Tcb t;
    private final AckFlags flags;
    private final RackTlp rackTlp;
    private final Undo undo;
    private RecoveryState state = RecoveryState.OPEN;
    private int highSeq;

    Episode(Tcb t, AckFlags flags, RackTlp rackTlp, Undo undo) {
        this.t = t;
        this.flags = flags;
        this.rackTlp = rackTlp;
        this.undo = undo;
    }

    RecoveryState state() {
        return state;
    }

    boolean isBelow(RecoveryState other) {
        return state.ordinal() < other.ordinal();
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

    private void become(RecoveryState next, long nowNs) {
        if (state == next) {
            return;
        }
        state = next;
        trace(nowNs);
    }

    /** Shows the congestion state in the trace. */
    void trace(long nowNs) {
        if (t.host.trace().enabled()) {
            t.host.trace()
                    .on(new TraceEvent.Congestion(nowNs, t.flow(), state.name(), t.congestion.cwndSegments(),
                            t.congestion.ssthreshSegments(),
                            t.sent.inFlight(), t.rtt.srttUs(), t.rtt.rtoUs(), t.pacing.rate()));
        }
    }

    // --- entering ---

    /** Fast retransmit. */
    void enterRecovery(long nowNs) {
        t.count(t.sackPermitted ? Counter.TcpExtTCPSackRecovery : Counter.TcpExtTCPRenoRecovery);
        t.congestion.forgetPriorSsthresh();
        markUndo(0);
        if (!t.congestion.inReduction()) {
            if (!flags.ece) {
                t.congestion.rememberSsthresh();
            }
            beginReduction(false, nowNs);
        }
        become(RecoveryState.RECOVERY, nowNs);
    }

    private void beginReduction(boolean becauseOfMarks, long nowNs) {
        extend();
        rackTlp.forgetProbe();
        t.congestion.beginReduction(becauseOfMarks, nowNs);
        t.ecn.reduced();
    }

    /** The window is reduced without retransmitting anything. */
    void enterCwr(long nowNs) {
        t.congestion.forgetPriorSsthresh();
        if (isBelow(RecoveryState.CWR)) {
            undo.forget();
            beginReduction(flags.ece, nowNs);
            become(RecoveryState.CWR, nowNs);
        }
    }

    /**
     * A probe was needed to repair a loss: the window is reduced for it, once more when it is being reduced already.
     */
    @Rfc(value = 8985, section = "7.4.2")
    void probeRepairedLoss(long nowNs) {
        beginReduction(false, nowNs);
        become(RecoveryState.CWR, nowNs);
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
        boolean another = isBelow(RecoveryState.CWR) || isOver() || state == RecoveryState.LOSS && t.retransmits == 0;
        t.congestion.timeout(another, nowNs);
        if (another) {
            markUndo(copies);
        }
        t.congestion.collapseAfterTimeout();
        extend();
        rackTlp.forgetProbe();
        state = RecoveryState.LOSS;
        trace(nowNs); // also when it was before: a timeout is always seen
    }

    /** Much goes again, for no fault of the network's. */
    void enterLossWithoutReduction(long nowNs) {
        extend();
        undo.forget();
        t.congestion.forgetPriorSsthresh();
        become(RecoveryState.LOSS, nowNs);
    }

    // --- leaving ---

    void leaveCwr(long nowNs) {
        if (state == RecoveryState.CWR) {
            t.congestion.endReduction(undo.isMarked());
            become(RecoveryState.OPEN, nowNs);
            keepOpen(nowNs);
        }
    }

    /** Nothing is lost. */
    void tryToOpen(long nowNs) {
        undo.forgetStampUnlessPending();
        if (flags.ece) {
            enterCwr(nowNs);
        }
        if (state != RecoveryState.CWR) {
            keepOpen(nowNs);
        }
    }

    private void keepOpen(long nowNs) {
        RecoveryState next = t.sent.sackedOut() > 0 || t.sent.lostOut() > 0 || undo.anyRetransmissionOutstanding()
                ? RecoveryState.DISORDER : RecoveryState.OPEN;
        if (state != next) {
            become(next, nowNs);
            extend();
        }
    }

    /** Recovery or loss ended; returns whether its state is to be held until something above is acknowledged. */
    boolean end(long nowNs) {
        if (undo.everyRetransmissionWasSpurious()) {
            t.count(state == RecoveryState.LOSS ? Counter.TcpExtTCPLossUndo : Counter.TcpExtTCPFullUndo);
            undo.takeBack(false, "every retransmission was spurious", nowNs);
        } else {
            rackTlp.recoveryEnded();
        }
        if (holds()) {
            return true;
        }
        if (state == RecoveryState.RECOVERY) {
            t.congestion.endReduction(undo.isMarked());
        }
        become(RecoveryState.OPEN, nowNs);
        return false;
    }

    /**
     * Without SACK the state is held until something above is acknowledged, against false fast retransmits (RFC 6582).
     */
    private boolean holds() {
        if (isJustOver() && !t.sackPermitted) {
            undo.forgetStampUnlessPending();
            return true;
        }
        return false;
    }

    /** An original arrived late within a recovery, and no copy is on its way. */
    void undoPartially(long nowNs) {
        undo.partial(nowNs);
        keepOpen(nowNs);
    }

    /**
     * The timeout was spurious if F-RTO or every copy's fate says so; returns whether it was taken back. The state may
     * last for all that.
     */
    boolean tryUndoLoss(boolean byFrto, long nowNs) {
        if (!byFrto && !undo.everyRetransmissionWasSpurious()) {
            return false;
        }
        undo.takeBack(true, byFrto ? "the timeout was spurious (F-RTO)" : "the timeout was spurious", nowNs);
        t.count(Counter.TcpExtTCPLossUndo);
        if (byFrto) {
            t.count(Counter.TcpExtTCPSpuriousRTOs);
        }
        t.retransmits = 0;
        if (!holds() && (byFrto || t.sackPermitted)) {
            become(RecoveryState.OPEN, nowNs);
        }
        return true;
    }
}

package sluice.core.tcp.recovery;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.base.Time;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.SenderSnapshot;
import sluice.core.trace.UndoProof;

/**
 * Tells whether a reduction of the window was a mistake, and takes it back. Two witnesses: an acknowledgment that
 * echoes a timestamp from before the first retransmission (Eifel: the original had arrived, only late), and D-SACKs
 * that report every retransmission as a duplicate.
 *
 * <p>D-SACKs come a round trip after the retransmissions, mostly when recovery has ended already. So the mark of an
 * episode stays until the next one begins or its reduction is undone, as Linux's {@code undo_marker} does.
 */
@Rfc(value = 3522, section = "3.2")
@Rfc(value = 3708, section = "3")
@Rfc(value = 4015, section = "3")
final class Undo {
    private static final int IMPOSSIBLE = -1;

    private final StateVariables t;
    private final Congestion congestion;
    private final RackTlp rackTlp;
    private final SenderSnapshot sender;
    private boolean marked;
    private int marker;
    /**
     * Segments retransmitted in this episode and not yet reported as duplicates; {@link #IMPOSSIBLE} before the first.
     */
    private int retransmissions;
    private long retransStampNs = Time.NEVER;
    private int retransStampTs;
    private int echo;
    private boolean echoValid;

    Undo(StateVariables t, Congestion congestion, RackTlp rackTlp, SenderSnapshot sender) {
        this.t = t;
        this.congestion = congestion;
        this.rackTlp = rackTlp;
        this.sender = sender;
    }

    /** An episode begins; {@code inFlightAgain} copies are still on their way and may draw D-SACKs. */
    void mark(int inFlightAgain) {
        marked = true;
        marker = t.snd.una;
        retransmissions = inFlightAgain > 0 ? inFlightAgain : IMPOSSIBLE;
    }

    /** There is nothing to undo. */
    void forget() {
        marked = false;
    }

    /** Whether there is nothing to undo and no retransmission to remember. */
    boolean isUntouched() {
        return !marked && retransStampNs == Time.NEVER;
    }

    /** Whether the last reduction for loss could still be undone. */
    boolean isMarked() {
        return marked;
    }

    // --- witnesses ---

    /** A segment was retransmitted. */
    void retransmitted(SentSegment s, long nowNs) {
        stamp(nowNs);
        retransmissions = Math.max(0, retransmissions) + s.count;
    }

    /** Retransmission begins, unless it has. */
    void stamp(long nowNs) {
        if (retransStampNs == Time.NEVER) {
            retransStampNs = nowNs;
            retransStampTs = t.timestampClock(nowNs);
        }
    }

    /** When retransmission of the present episode began, nanoseconds; {@link Time#NEVER} when nothing was. */
    long retransStampNs() {
        return retransStampNs;
    }

    void forgetStamp() {
        retransStampNs = Time.NEVER;
    }

    /**
     * Forgets when retransmission began, unless something that was retransmitted is still the oldest outstanding or in
     * flight.
     */
    void forgetStampUnlessPending() {
        if (!anyRetransmissionOutstanding()) {
            retransStampNs = Time.NEVER;
        }
    }

    boolean anyRetransmissionOutstanding() {
        SentSegment head = t.sent.first();
        return t.sent.retransOut() > 0 || head != null && head.everRetransmitted;
    }

    /** The timestamp that the acknowledgment being processed echoes. */
    void echo(int tsEcr, boolean valid) {
        echo = tsEcr;
        echoValid = valid && t.agreed.timestamps;
    }

    /** Tells the diagnosis what the acknowledgment being processed echoes. */
    void tell(PathDiagnosis diagnosis, int priorUna, long nowNs) {
        diagnosis.acknowledged(priorUna, echo, echoValid, nowNs);
    }

    boolean echoesBefore(int timestamp) {
        return echoValid && Seq.lt(echo, timestamp);
    }

    /** A D-SACK up to {@code to} for that many segments, all below SND.UNA. */
    void duplicateBelowUna(int to, int segments) {
        if (!marked) {
            t.count(Counter.TcpExtTCPDSACKIgnoredNoUndo);
        } else if (Seq.leq(to, marker)) {
            t.count(Counter.TcpExtTCPDSACKIgnoredOld);
        } else {
            duplicates(segments);
        }
    }

    /** A D-SACK for so many wire segments of an entry that is still on the scoreboard. */
    void duplicateOf(SentSegment s, int segments) {
        if (marked && s.everRetransmitted && Seq.gt(s.end, marker)) {
            duplicates(segments);
        }
    }

    private void duplicates(int segments) {
        if (retransmissions > 0) {
            retransmissions = Math.max(0, retransmissions - segments);
        }
    }

    /**
     * What was acknowledged now left before the first retransmission; also when nothing was retransmitted at all, while
     * it was marked lost.
     */
    boolean packetDelayed() {
        if (retransStampNs != Time.NEVER) {
            return echoesBefore(retransStampTs);
        }
        return t.agreed.sackPermitted && t.state() != TcpState.SYN_SENT;
    }

    /** Whether every retransmission of the episode is known to have been spurious. */
    boolean everyRetransmissionWasSpurious() {
        return marked && (retransmissions == 0 || packetDelayed());
    }

    /** What shows that, when it is so. */
    UndoProof proof() {
        if (retransmissions == 0) {
            return UndoProof.DSACK;
        }
        return retransStampNs != Time.NEVER ? UndoProof.TIMESTAMPS : UndoProof.NOT_RETRANSMITTED;
    }

    // --- verdicts ---

    /** An original arrived late within a recovery, and no copy is on its way: it is undone. */
    void partial(long nowNs) {
        UndoProof proof = proof();
        forgetStampUnlessPending();
        takeBack(true, proof, nowNs);
        t.count(Counter.TcpExtTCPPartialUndo);
    }

    /** D-SACK reported each retransmission as a duplicate? Then it is undone. */
    boolean tryDsack(long nowNs) {
        if (!marked || retransmissions != 0) {
            return false;
        }
        takeBack(false, UndoProof.DSACK, nowNs);
        t.count(Counter.TcpExtTCPDSACKUndo);
        return true;
    }

    /** Takes the reduction back; {@code unmarkLoss}: what is marked lost is in flight after all. */
    void takeBack(boolean unmarkLoss, UndoProof proof, long nowNs) {
        if (unmarkLoss) {
            t.sent.unmarkAllLost();
        }
        congestion.undo(nowNs);
        rackTlp.wasTooQuick();
        marked = false;
        rackTlp.forceAdvance();
        t.trace.undone(congestion.state(), proof, sender, nowNs);
    }
}

package sluice.core.tcp.recovery;

import sluice.base.Rfc;
import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.data.SentSegment;
import sluice.core.tcp.data.StateVariables;

/**
 * Loss detection without SACK (NewReno): each duplicate acknowledgment stands for one segment that left the network.
 */
@Rfc(value = 5681, section = "3.2")
@Rfc(value = 6582, section = "3.2")
final class DuplicateAcks {
    private final StateVariables t;
    private final Congestion congestion;
    private final LossMarks marks;
    private final Reordering reordering;

    DuplicateAcks(StateVariables t, Congestion congestion, Reordering reordering, LossMarks marks) {
        this.t = t;
        this.congestion = congestion;
        this.marks = marks;
        this.reordering = reordering;
    }

    /**
     * The third duplicate acknowledgment condemns the oldest segment; each partial acknowledgment in recovery the next
     * oldest.
     */
    void markLost(RecoveryState state, boolean unaAdvanced) {
        boolean condemn = state.ordinal() < RecoveryState.RECOVERY.ordinal()
                && t.sent.sackedOut() >= reordering.degree()
                || state == RecoveryState.RECOVERY && unaAdvanced;
        SentSegment s = t.sent.first();
        if (!condemn || s == null || s.lost) {
            return;
        }
        if (s.count > 1) {
            t.sent.split(0, s.seq + s.mss);
        }
        marks.markLost(s);
    }

    /** So many more duplicates came. */
    void add(int n) {
        if (n > 0 && t.sent.packetsOut() > 0) {
            int before = t.sent.sackedOut();
            set(before + n, 0);
            congestion.delivery.countDelivered(Math.max(0, t.sent.sackedOut() - before));
        }
    }

    /**
     * {@code acked} segments went off the queue; one of them was the hole, the others had drawn duplicate
     * acknowledgments.
     */
    void remove(int acked) {
        set(Math.max(0, t.sent.sackedOut() - (acked - 1)), acked);
    }

    /** More was found lost otherwise. */
    void limit() {
        t.sent.renoSackedOut(Math.min(t.sent.sackedOut(), most()));
    }

    private int most() {
        return Math.max(0, t.sent.packetsOut() - Math.max(t.sent.lostOut(), 1));
    }

    /** None are left. */
    void clear() {
        t.sent.renoSackedOut(0);
    }

    /**
     * There can be no more duplicates than segments outstanding that are not lost; more tell of reordering, or of
     * duplication on the way.
     */
    private void set(int wanted, int acked) {
        int out = t.sent.packetsOut();
        int most = most();
        t.sent.renoSackedOut(Math.min(wanted, most));
        if (wanted > most && most > 0) {
            reordering.noteWithoutSack(out + acked);
        }
    }
}

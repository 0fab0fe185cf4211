package sluice.core.tcp.recovery;

import sluice.base.Seq;

/** What one acknowledgment shows to have arrived out of order, below the highest report. */
final class LateArrivals {
    private boolean found;
    private int lowestSeq;
    private boolean neverReported;

    /** The segment at {@code seq} arrived late. */
    void add(int seq) {
        if (!found || Seq.lt(seq, lowestSeq)) {
            found = true;
            lowestSeq = seq;
        }
    }

    /** An original that was never retransmitted nor reported was acknowledged cumulatively. */
    void originalAcked() {
        neverReported = true;
    }

    boolean found() {
        return found;
    }

    /** Valid when something was {@link #found}. */
    int lowestSeq() {
        return lowestSeq;
    }

    /** Whether {@link #originalAcked} was called. */
    boolean hasOriginalAcked() {
        return neverReported;
    }

    void clear() {
        found = false;
        neverReported = false;
    }
}

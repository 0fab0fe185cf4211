package sluice.core.trace;

/** Why a sender changed what it does about congestion. */
public enum CongestionChange {
    /** Something arrived out of order: perhaps a loss (DISORDER). */
    DISORDER,
    /** The peer reported marks: the window is reduced (CWR; RFC 3168 section 6.1.2, RFC 9768). */
    MARKS,
    /** A tail loss probe repaired a loss: the window is reduced for it (CWR; RFC 8985 section 7.4.2). */
    PROBE_REPAIRED_LOSS,
    /** Segments are marked lost: fast retransmit, and the window is reduced (RECOVERY; RFC 5681, 6675, 6937). */
    LOSS,
    /** The retransmission timer ran out: slow start from one segment (LOSS; RFC 5681 section 3.1). */
    TIMEOUT,
    /** Much goes again that the network is not to blame for: no reduction (LOSS; RFC 1191, RFC 7413). */
    RESEND,
    /** What was in trouble is acknowledged: the reduction is complete. */
    ENDED,
    /** The reduction was undone; {@link TraceEvent.Undo} said why. */
    UNDONE
}

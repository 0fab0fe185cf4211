package sluice.core.trace;

/** What showed that a reduction of the congestion window was a mistake. */
public enum UndoProof {
    /** D-SACKs reported every retransmission as a duplicate (RFC 3708). */
    DSACK,
    /** An acknowledgment echoes a timestamp from before the first retransmission (Eifel, RFC 3522). */
    TIMESTAMPS,
    /** New data was acknowledged after the timeout before anything else was retransmitted (F-RTO, RFC 5682). */
    F_RTO,
    /** What was marked lost was acknowledged and had not been retransmitted. */
    NOT_RETRANSMITTED
}

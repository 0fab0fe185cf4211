package sluice.core.trace;

/** What made a segment be retransmitted. */
public enum RetransmissionCause {
    /**
     * The retransmission timer ran out: the oldest segment at once, what else it marked lost in slow start (RFC 6298).
     */
    RTO,
    /** Marked lost by RACK, SACK or duplicate acknowledgments: fast retransmit and recovery (RFC 8985, 6675, 5681). */
    FAST,
    /** Tail loss probe: the last segment, to draw an acknowledgment (RFC 8985 section 7.3). */
    TLP,
    /** A SYN without an answer (RFC 9293 section 3.8.1, RFC 6298 section 2). */
    SYN,
    /** A SYN-ACK without an answer, also of a half-open connection. */
    SYN_ACK,
    /** The peer took its window back below what was sent: the oldest segment probes it (RFC 9293 section 3.8.6). */
    ZERO_WINDOW,
    /** The path's MTU is smaller than thought: what was too large goes again in smaller segments (RFC 1191, 4821). */
    PATH_MTU,
    /** The server took the SYN and not all of its data (RFC 7413 section 4.2.1). */
    FAST_OPEN
}

package sluice.core.tcp.congestion;

/** What tells of congestion. */
public enum CongestionSignal {
    /** Segments were lost: fast retransmit, or a probe that repaired a loss. */
    LOSS,
    /** Segments were marked (ECN), none is lost. */
    MARKS,
    /** The retransmission timer ran out. */
    TIMEOUT
}

package sluice.core.tcp.congestion;

/** How a congestion control sees the state of recovery. */
public enum CongestionPhase {
    /** Nothing is lost. */
    OPEN,
    /** Lost segments are retransmitted after a fast retransmit. */
    RECOVERY,
    /** After a retransmission timeout. */
    LOSS;

    /** Whether lost segments are being retransmitted. */
    public boolean recovering() {
        return this != OPEN;
    }
}

package sluice.core.tcp.congestion;

import sluice.base.Rfc;

/** What a sender is doing about congestion: Linux's tcp_ca_state, in order of severity. */
@Rfc(value = 5681, section = "3")
public enum RecoveryState {
    /** No trouble. */
    OPEN,
    /** Something arrived out of order: perhaps a loss. */
    DISORDER,
    /** The window is being reduced without a loss: for marks, or because a probe had to repair one. */
    CWR,
    /** Fast retransmit: losses are being repaired while the window is reduced. */
    RECOVERY,
    /** A retransmission timeout. */
    LOSS
}

package sluice.core.tcp.congestion;

/**
 * What congestion control works with while an acknowledgment is processed: one of each for all connections of a host,
 * since only one of them is processed at a time.
 */
public final class AckWorkspace {
    final RateSample sample = new RateSample();
    final CongestionWindow answer = new CongestionWindow(Congestion.INITIAL_CWND);
}

package sluice.core.tcp.congestion;

/** Finds the moment at which slow start has filled the path, before it loses packets. */
interface SlowStartExit {
    /** Watches an acknowledgment; returns the threshold to set (leave slow start now), or 0. */
    int onSample(CongestionView view, RateSample sample);

    /** Growth of cwnd for {@code acked} segments in slow start. */
    default int slowStartGrowth(int acked) {
        return acked;
    }

    /** Whether growth is being tried out slowly. */
    default boolean inConservativeSlowStart() {
        return false;
    }

    /** Slow start is over. */
    void stop();

    /** A timeout: slow start begins again. */
    void restart();
}

package sluice.core.tcp.congestion;

/** The most bandwidth of the present and the last probing cycle, segments per second ({@code BBR.MaxBwFilter}). */
final class MaxBwFilter {
    private double last;
    private double present;
    private double maxBw;

    /** A sample of an application that had nothing to send counts only where it shows more (BBRUpdateMaxBw). */
    void update(RateSample s) {
        double rate = s.deliveryRate();
        if (rate >= maxBw || !s.appLimited) {
            present = Math.max(present, rate);
            maxBw = Math.max(last, present);
        }
    }

    /** Another cycle begins: from the next sample on, the one before the last is forgotten. */
    void advance() {
        last = present;
        present = 0;
    }

    double maxBw() {
        return maxBw;
    }
}

package sluice.core.tcp.congestion;

/** The shortest round trip, nanoseconds, and since when it is known: after the window any may replace it. Of BBR. */
final class MinRttFilter {
    private final long windowNs;
    private long minRttNs = Long.MAX_VALUE;
    private long stampNs;

    MinRttFilter(long windowNs) {
        this.windowNs = windowNs;
    }

    /** It holds for another window from now on. */
    void renew(long nowNs) {
        stampNs = nowNs;
    }

    void set(long ns, long atNs) {
        minRttNs = ns;
        stampNs = atNs;
    }

    boolean expired(long nowNs) {
        return nowNs - stampNs > windowNs;
    }

    /** {@link Long#MAX_VALUE} when none is known. */
    long minRttNs() {
        return minRttNs;
    }

    long stampNs() {
        return stampNs;
    }
}

package sluice.observe.explain;

/** Times from a segment's passing to that of its acknowledgment, seen from the point of capture. */
public final class RoundTrips {
    private long count;
    private long minNs = Long.MAX_VALUE;
    private long maxNs;
    private long smoothedNs;
    private double sumNs;

    /** None. */
    RoundTrips() {}

    void add(long ns) {
        long n = Math.max(0, ns);
        smoothedNs = count == 0 ? n : smoothedNs + (n - smoothedNs) / 8;
        count++;
        sumNs += n;
        minNs = Math.min(minNs, n);
        maxNs = Math.max(maxNs, n);
    }

    /** Samples. */
    public long count() {
        return count;
    }

    /** The least, 0 without samples. */
    public long minNs() {
        return count == 0 ? 0 : minNs;
    }

    /** The largest. */
    public long maxNs() {
        return maxNs;
    }

    /** The mean. */
    public long meanNs() {
        return count == 0 ? 0 : (long) (sumNs / count);
    }

    /** A moving mean (RFC 6298's SRTT). */
    long smoothedNs() {
        return smoothedNs;
    }
}

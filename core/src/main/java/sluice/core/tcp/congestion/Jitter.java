package sluice.core.tcp.congestion;

/** Numbers that keep the probes of several connections apart, the same in every run of a simulated world. Of BBR. */
final class Jitter {
    private long seed = 0x9E3779B97F4A7C15L;

    void seed(long nowNs) {
        seed ^= nowNs;
    }

    /** The next 31 bits. */
    int next() {
        seed = seed * 6364136223846793005L + 1442695040888963407L;
        return (int) (seed >>> 33);
    }
}

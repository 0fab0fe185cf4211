package sluice.sim;

/** A host's clock: it agrees with the world's until its rate is changed, and never jumps. Both in nanoseconds. */
final class SkewedClock {
    private static final int MILLION = 1_000_000;
    private static final int MOST_PPM = 100_000;

    private long worldBase;
    private long hostBase;
    private int ppm;

    /** From {@code worldNow} on it runs faster than the world's by that many millionths. */
    void skew(int millionths, long worldNow) {
        if (Math.abs(millionths) > MOST_PPM) {
            throw new IllegalArgumentException(
                    "clock skew of " + millionths + " ppm is outside -" + MOST_PPM + "…" + MOST_PPM);
        }
        hostBase = at(worldNow);
        worldBase = worldNow;
        ppm = millionths;
    }

    /** What it shows at a time of the world. */
    long at(long worldNs) {
        long passed = worldNs - worldBase;
        return ppm == 0 ? hostBase + passed
                : hostBase + passed + passed / MILLION * ppm + passed % MILLION * ppm / MILLION;
    }

    /**
     * The first time of the world at which it shows {@code hostNs} or more; {@link Long#MAX_VALUE} stays what it is.
     */
    long worldTimeOf(long hostNs) {
        if (hostNs == Long.MAX_VALUE || ppm == 0) {
            return hostNs == Long.MAX_VALUE ? hostNs : worldBase + (hostNs - hostBase);
        }
        long passed = hostNs - hostBase;
        long guess = worldBase + passed - passed / (MILLION + ppm) * ppm
                - passed % (MILLION + ppm) * ppm / (MILLION + ppm);
        while (at(guess) >= hostNs) {
            guess--;
        }
        while (at(guess) < hostNs) {
            guess++;
        }
        return guess;
    }
}

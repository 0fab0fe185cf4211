package sluice.sim;

import sluice.base.Time;

/** A host's clock: it agrees with the world's until it is set or its rate is changed. Both in nanoseconds. */
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

    /** Sets it: it shows {@code hostNs} now. */
    void set(long hostNs, long worldNow) {
        hostBase = hostNs;
        worldBase = worldNow;
    }

    /** What it shows at a time of the world. */
    long at(long worldNs) {
        long passed = worldNs - worldBase;
        return ppm == 0 ? hostBase + passed
                : hostBase + passed + passed / MILLION * ppm + passed % MILLION * ppm / MILLION;
    }

    /**
     * The first time of the world at which it shows {@code hostNs} or more; {@link Time#NEVER} stays what it is.
     */
    long worldTimeOf(long hostNs) {
        if (hostNs == Time.NEVER || ppm == 0) {
            return hostNs == Time.NEVER ? hostNs : worldBase + (hostNs - hostBase);
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

package sluice.link;

import sluice.base.Entropy;

/**
 * One impairment's own random numbers, each mixed with the one before by a correlation, as sch_netem does: next =
 * random·(1-ρ) + last·ρ.
 */
final class NetemRandom {
    private static final long ONE = 1L << 32;

    private final Entropy entropy;
    private final long rho;
    private long last;

    NetemRandom(long seed, String name, double correlation) {
        entropy = Entropy.seeded(seed, "netem/" + name);
        rho = Math.round(correlation * (ONE - 1));
        last = rho == 0 ? 0 : uniform();
    }

    /** 32 random bits without correlation. */
    long uniform() {
        return entropy.nextLong() >>> 32;
    }

    /** 32 random bits. */
    long next() {
        long value = uniform();
        if (rho == 0) {
            return value;
        }
        long weight = rho + 1;
        // 32 by 32 bits and a sum below 2^64: unsigned.
        last = value * (ONE - weight) + last * weight >>> 32;
        return last;
    }

    /** A probability as a threshold for {@link #hits}. */
    static long threshold(double probability) {
        return Math.round(probability * ONE);
    }

    /** Whether an event of the probability with this threshold happens now; draws a number unless it is impossible. */
    boolean hits(long threshold) {
        return threshold != 0 && next() < threshold;
    }
}

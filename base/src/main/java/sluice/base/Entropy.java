package sluice.base;

/**
 * The only source of randomness of the core; given at construction. Seeded in simulation, from the system's generator
 * on a real link.
 */
public interface Entropy {
    /** 64 random bits. */
    long nextLong();

    /** A number in {@code [0, bound)}; {@code bound} must be positive. */
    default int nextInt(int bound) {
        return (int) Long.remainderUnsigned(nextLong() >>> 1, bound);
    }

    /**
     * A deterministic stream (SplitMix64): the same seed gives the same numbers for ever. Not for secrets on real
     * networks.
     */
    static Entropy seeded(long seed) {
        return new Entropy() {
            private long state = seed;

            @Override
            public long nextLong() {
                state += 0x9E3779B97F4A7C15L;
                long z = state;
                z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
                z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
                return z ^ (z >>> 31);
            }
        };
    }

    /**
     * An independent stream for the part called {@code name}, so that adding one part does not change the others'
     * numbers.
     */
    static Entropy seeded(long seed, String name) {
        long h = seed ^ 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) {
            h = (h ^ name.charAt(i)) * 0x100000001B3L;
        }
        Entropy e = seeded(h);
        return seeded(e.nextLong());
    }
}

package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/**
 * Numbers that the JDK's random generators begin with: drawn from the simulation's seed where its members run one at a
 * time, else the platform's, which are given. Called by instrumented code of the JDK.
 */
public final class Seeds {
    private Seeds() {}

    private static @Nullable Member seeded() {
        Member m = Hooks.active ? MemberTable.find(Thread.currentThread()) : null;
        return m != null && m.simulation().seeded ? m : null;
    }

    /** In {@code ThreadLocalRandom.localInit}. */
    public static long seed(long platforms) {
        Member m = seeded();
        return m == null ? platforms : Baton.mix(m.random + 1);
    }

    /** In {@code ThreadLocalRandom.nextSecondarySeed}, which the JDK uses itself. */
    public static long secondarySeed(long platforms) {
        Member m = seeded();
        return m == null ? platforms : Baton.mix(m.random + 2);
    }

    /** In {@code ThreadLocalRandom.localInit}: the number by which threads go apart. */
    public static int probe(int platforms) {
        Member m = seeded();
        return m == null ? platforms : m.probe;
    }

    /** In {@code ThreadLocalRandom.getProbe}: a virtual thread would have its carrier's. */
    public static int carriersProbe(int platforms) {
        Member m = seeded();
        return m == null || !m.thread.isVirtual() ? platforms : m.probe;
    }

    /** In {@code ThreadLocalRandom.nextSeed}, which adds the thread's number. */
    public static long threadNumber(long platforms) {
        Member m = seeded();
        return m == null ? platforms : m.number;
    }

    /** In {@code Random.seedUniquifier}, whose result and nanoTime make the seed. */
    public static long uniquifier(long platforms) {
        Member m = seeded();
        if (m == null) {
            return platforms;
        }
        m.generators += Baton.GOLDEN;
        return Baton.mix(m.random + m.generators) ^ m.simulation().nanoTimeAtZero + m.simulation().nowNs + m.debtNs;
    }
}

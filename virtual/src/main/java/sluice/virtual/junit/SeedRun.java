package sluice.virtual.junit;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs of one test with many seeds: how long they took, in real time, is printed when the last has ended. */
final class SeedRun {
    private final String test;
    private final int seeds;
    private final long startNs = System.nanoTime();
    private final AtomicInteger ended = new AtomicInteger();

    SeedRun(String test, int seeds) {
        this.test = test;
        this.seeds = seeds;
    }

    void ended() {
        if (ended.incrementAndGet() == seeds) {
            double seconds = (System.nanoTime() - startNs) / 1e9;
            System.out.printf(Locale.ROOT, "%,d seeds of %s: %.1f s, %.1f ms each%n", seeds, test, seconds,
                    seconds * 1000 / seeds);
        }
    }
}

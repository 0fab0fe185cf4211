package sluice.bench;

import java.util.Locale;
import java.util.stream.LongStream;
import sluice.sim.SwarmRun;

/**
 * Prints the event hash of each world of the swarm, a line each: {@code seed hash}. Two commits whose lists are the
 * same sent the same bytes at the same times in all these worlds.
 */
public final class EventHashes {
    private EventHashes() {}

    /** {@code first count}. */
    public static void main(String[] args) {
        long first = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        LongStream.range(first, first + count).parallel().mapToObj(EventHashes::line)
                .forEachOrdered(System.out::println);
    }

    private static String line(long seed) {
        try {
            return String.format(Locale.ROOT, "%d %016x", seed, new SwarmRun(seed).run());
        } catch (AssertionError | RuntimeException e) {
            return seed + " failed: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
    }
}

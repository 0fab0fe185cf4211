package sluice.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failing run small: takes away one impairment, setting or connection after the other, and halves what is sent,
 * as long as it still fails in the same way.
 */
public final class Shrink {
    /** Tried in this order: what matters least first. */
    private static final List<Key> REMOVABLE = List.of(Key.CLOCK_SKEW, Key.TOPOLOGY, Key.STAGGER, Key.FLOWS,
            Key.ALGORITHM, Key.DUPLICATE, Key.CORRUPT, Key.JITTER, Key.REORDER, Key.CUT, Key.MTU, Key.QUEUE,
            Key.BUFFER, Key.NETEM, Key.REVERSE_NETEM, Key.LOSS, Key.RATE, Key.DELAY);
    private static final long LEAST_BYTES = 1;
    private static final long DEFAULT_BYTES = 10L << 20;
    private static final int KIND = 40;

    private final Function<Setup, Run.Result> runner;
    private int tries;

    /** {@code runner} runs a setup with the failing seed. */
    Shrink(Function<Setup, Run.Result> runner) {
        this.runner = runner;
    }

    /**
     * The smallest that was found.
     *
     * @param setup what is left
     * @param result how it fails
     * @param tries how many runs that took
     */
    public record Smallest(Setup setup, Run.Result result, int tries) {}

    /** Shrinks a run of a campaign; null when it does not fail. */
    public static @Nullable Smallest of(Campaign campaign, long run) {
        long seed = campaign.seed(run);
        return new Shrink(s -> Run.of(s.spec(seed), campaign.asked())).shrink(campaign.setup(campaign.cell(run)));
    }

    @Nullable Smallest shrink(Setup whole) {
        Run.Result first = runner.apply(whole);
        if (first.status() == Run.Status.OK) {
            return null;
        }
        Setup least = whole;
        Run.Result fails = first;
        for (boolean smaller = true; smaller;) {
            smaller = false;
            for (Setup candidate : candidates(least)) {
                Run.Result r = run(candidate);
                if (r != null && kind(r).equals(kind(first))) {
                    least = candidate;
                    fails = r;
                    smaller = true;
                    break;
                }
            }
        }
        return new Smallest(least, fails, tries);
    }

    private Run.@Nullable Result run(Setup candidate) {
        tries++;
        try {
            return runner.apply(candidate);
        } catch (IllegalArgumentException e) {
            return null; // what is left does not go together
        }
    }

    /** What makes two failures the same: how they failed, and the beginning of why without its numbers. */
    private static String kind(Run.Result r) {
        String why = r.why().replaceFirst(" does not hold.*", "").replaceAll("[0-9.]+", "#");
        return r.status() + " " + why.substring(0, Math.min(KIND, why.length()));
    }

    private static List<Setup> candidates(Setup s) {
        List<Setup> simpler = new ArrayList<>();
        s.settings().keySet().forEach(name -> simpler.add(s.without(name)));
        REMOVABLE.stream().filter(s.values()::containsKey).forEach(k -> simpler.add(s.with(k, null)));
        String duration = s.values().get(Key.DURATION);
        String bytes = s.values().get(Key.BYTES);
        if (duration == null) {
            List<Long> now = bytes == null ? List.of(DEFAULT_BYTES) : Words.amounts(bytes);
            if (now.size() > 1) {
                now.stream().distinct().forEach(one -> simpler.add(s.with(Key.BYTES, one.toString())));
            }
            if (now.stream().anyMatch(n -> n > LEAST_BYTES)) {
                simpler.add(s.with(Key.BYTES, String.join(",",
                        now.stream().map(n -> Long.toString(Math.max(LEAST_BYTES, n / 2))).toList())));
            }
        }
        return simpler;
    }
}

package sluice.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run: all that terminals, pages and programs show is made of this.
 *
 * @param about the experiment
 * @param gap what it cannot show of its row
 * @param variation what was changed
 * @param stages what happened, world by world
 * @param checks what was asserted, in order
 * @param notes what else there is to say
 * @param ended why the script did not come to its end; null when it did
 */
public record Result(About about, Text gap, Variation variation, List<Stage> stages, List<Check> checks,
        List<Text> notes,
        @Nullable String ended) {
    /** How many assertions came out that way. */
    public long count(Check.Verdict verdict) {
        return checks.stream().filter(c -> c.verdict() == verdict).count();
    }

    /** Whether nothing asserted failed; a script that could not go on because of what was changed is no failure. */
    public boolean passed() {
        return count(Check.Verdict.FAILS) == 0 && (ended == null || !variation.asWritten())
                && !(checks.isEmpty() && ended == null);
    }
}

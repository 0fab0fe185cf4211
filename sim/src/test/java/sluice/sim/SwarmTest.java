package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many small worlds, each drawn from its seed: bad paths, odd settings, both directions at once, closes and aborts. The checkers of the simulator judge. */
class SwarmTest {
    private static final int RUNS = Integer.getInteger("sluice.swarm", 300);
    private static final int TWICE = 10;

    @Test
    void everySeedComesThrough() {
        long only = Long.getLong("sluice.seed", -1);
        List<String> failures = new ArrayList<>();
        for (long seed = only >= 0 ? only : 1; seed <= (only >= 0 ? only : RUNS); seed++) {
            try {
                new SwarmRun(seed).run();
            } catch (AssertionError | RuntimeException e) {
                failures.add("seed " + seed + ": " + e.getMessage());
            }
        }
        assertThat(failures).as(failures.size() + " seeds failed").hasSizeLessThan(1);
    }

    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = 1; seed <= TWICE; seed++) {
            assertThat(new SwarmRun(seed).run()).as("seed " + seed).isEqualTo(new SwarmRun(seed).run());
        }
    }
}

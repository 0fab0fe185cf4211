package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Many small worlds, each drawn from its seed: bad paths, odd settings, both directions at once, closes and aborts. The
 * checkers of the simulator judge. Each lives twice, and both lives must have the same hash. {@code ./sluice sim
 * --swarm 10000} runs more, {@code --swarm-seed N} one again.
 */
class SwarmTest {
    private static final int RUNS = Integer.getInteger("sluice.swarm", 300);

    @Test
    void everySeedComesThroughTwiceAlike() {
        long only = Long.getLong("sluice.seed", -1);
        List<String> failures = LongStream.rangeClosed(only >= 0 ? only : 1, only >= 0 ? only : RUNS).parallel()
                .mapToObj(SwarmTest::failure).filter(f -> !f.isEmpty()).toList();
        assertThat(failures).as(failures.size() + " seeds failed").isEmpty();
    }

    private static String failure(long seed) {
        try {
            long first = new SwarmRun(seed).run();
            long second = new SwarmRun(seed).run();
            return first == second ? "" : "seed " + seed + ": two runs, two hashes";
        } catch (AssertionError | RuntimeException e) {
            return "seed " + seed + ": " + e.getMessage();
        }
    }
}

package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Counter;

/** A host takes any monotonic clock: nothing depends on where it starts, on 0 or below as little as above. */
class ClockOriginTest {
    private static final int WORLDS = 60;
    /** After so long the timestamps and the clock of the initial sequence numbers show the same again. */
    private static final long SAME_32_BITS_NS = (1L << 32) * 1_000_000;

    /** BBR draws where its cycles begin from the clock. */
    private static boolean drawsFromTheClock(SwarmRun run) {
        return run.what().contains("bbr");
    }

    @Test
    void aNegativeClockGivesTheSamePackets() {
        int compared = 0;
        for (long seed = 1; seed <= WORLDS; seed++) {
            SwarmRun early = new SwarmRun(seed, World.START_NS - SAME_32_BITS_NS);
            if (!drawsFromTheClock(early)) {
                assertThat(early.run()).as("world %d", seed).isEqualTo(new SwarmRun(seed).run());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(WORLDS / 3);
    }

    /** Sequence numbers and timestamps are others then; what happens, and when, is not. */
    @ParameterizedTest
    @ValueSource(longs = {0, -20_000_000, -10_000_000_000L})
    void aClockThatPassesZeroGivesTheSameConversation(long clockNs) {
        int compared = 0;
        for (long seed = 1; seed <= WORLDS; seed++) {
            SwarmRun run = new SwarmRun(seed, clockNs);
            if (!drawsFromTheClock(run)) {
                assertThat(course(run)).as("world %d", seed).isEqualTo(course(new SwarmRun(seed)));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(WORLDS / 3);
    }

    private static List<String> course(SwarmRun run) {
        run.run();
        List<String> course = new ArrayList<>();
        course.add(run.what());
        course.add("over at " + run.world().nowNs());
        for (SimHost h : run.world().hosts()) {
            for (Counter c : Counter.values()) {
                course.add(h.name() + " " + c + " " + h.count(c));
            }
        }
        return course;
    }
}

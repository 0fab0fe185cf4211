package sluice.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who gives way when all places are taken. */
class PlacesTest {
    private final Places<String> places = new Places<>(() -> 3);

    @Test
    void theOneLongestWithoutProgressGivesWay() {
        for (String name : new String[]{"a", "b", "c"}) {
            assertThat(places.enter(name)).isNull();
        }
        places.progressed("a");
        assertThat(places.enter("d")).isEqualTo("b");
        assertThat(places.enter("e")).isEqualTo("c");
        places.leave("a");
        assertThat(places.enter("f")).as("one had left").isNull();
        assertThat(places.taken()).isEqualTo(3);
    }

    @Test
    void whoHasNoPlaceAnyMoreMakesNoDifference() {
        places.enter("a");
        places.leave("a");
        places.progressed("a");
        places.leave("a");
        assertThat(places.taken()).isZero();
    }

    /** A newcomer waits while everybody gets on, however slowly, and has the place of who stands still. */
    @Test
    void crowdedWhileEveryoneGetsOn() {
        long[] now = {0};
        Places<String> timed = new Places<>(() -> 2, () -> now[0]);
        timed.enter("a");
        assertThat(timed.isCrowded(100)).as("one place is free").isFalse();
        timed.enter("b");
        now[0] = 99;
        assertThat(timed.isCrowded(100)).isTrue();
        timed.progressed("a");
        now[0] = 100;
        assertThat(timed.isCrowded(100)).as("b stands still").isFalse();
        assertThat(timed.enter("c")).isEqualTo("b");
        assertThat(timed.isCrowded(100)).as("a got on a moment ago").isTrue();
        timed.leave("a");
        assertThat(timed.isCrowded(100)).isFalse();
    }
}

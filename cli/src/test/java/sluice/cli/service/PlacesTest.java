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
}

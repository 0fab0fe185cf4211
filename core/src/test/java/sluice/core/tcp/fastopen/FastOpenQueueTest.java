package sluice.core.tcp.fastopen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.base.Rfc;

/** How many Fast Open connections may wait, and for how long one that was reset counts. */
@Rfc(value = 7413, section = "5.1")
class FastOpenQueueTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private final FastOpenQueue queue = new FastOpenQueue();

    @Test
    void aResetCountsForAMinuteAndThenMakesRoom() {
        queue.add();
        queue.reset(5 * SECOND_NS);
        assertThat(queue.hasRoom(1, 5 * SECOND_NS)).isFalse();
        assertThat(queue.hasRoom(1, 65 * SECOND_NS - 1)).as("just before the minute is over").isFalse();
        assertThat(queue.hasRoom(1, 65 * SECOND_NS)).as("after it").isTrue();
        assertThat(queue.length()).isZero();
        queue.add();
        assertThat(queue.hasRoom(1, 200 * SECOND_NS)).as("the place is taken again, by one that was not reset")
                .isFalse();
    }

    @Test
    void oneResetMakesOnePlace() {
        for (int i = 0; i < 3; i++) {
            queue.add();
        }
        queue.reset(0);
        queue.reset(SECOND_NS);
        assertThat(queue.hasRoom(3, 70 * SECOND_NS)).isTrue();
        assertThat(queue.length()).isEqualTo(2);
        queue.add();
        assertThat(queue.hasRoom(3, 70 * SECOND_NS)).isTrue();
        queue.add();
        assertThat(queue.hasRoom(3, 70 * SECOND_NS)).isFalse();
    }

    @Test
    void aConnectionThatIsOverMakesRoom() {
        queue.add();
        assertThat(queue.hasRoom(1, 0)).isFalse();
        queue.remove();
        assertThat(queue.hasRoom(1, 0)).isTrue();
        assertThat(queue.hasRoom(0, 0)).as("none allowed").isFalse();
    }
}

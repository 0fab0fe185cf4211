package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** What makes two runs different: bytes, time, host, length, order. */
class EventHashTest {
    private static final int LENGTH = 29; // a block of 16, one of 8, and single bytes
    private final MemorySegment bytes = Arena.ofAuto().allocate(64);

    private static final class Run {
        final EventHash hash = new EventHash();

        Run add(long timeNs, int host, MemorySegment m, int length, long more) {
            hash.add(timeNs, host, m, 0, length, more);
            return this;
        }
    }

    private static Run run() {
        return new Run();
    }

    @Test
    void theSameEventsHaveTheSameHash() {
        assertThat(run().add(5, 1, bytes, LENGTH, 0).add(9, 2, bytes, LENGTH, 3).hash.value())
                .isEqualTo(run().add(5, 1, bytes, LENGTH, 0).add(9, 2, bytes, LENGTH, 3).hash.value());
    }

    @Test
    void eachThingCounts() {
        long value = run().add(5, 1, bytes, LENGTH, 0).hash.value();
        assertThat(run().add(6, 1, bytes, LENGTH, 0).hash.value()).as("time").isNotEqualTo(value);
        assertThat(run().add(5, 2, bytes, LENGTH, 0).hash.value()).as("host").isNotEqualTo(value);
        assertThat(run().add(5, 1, bytes, LENGTH + 1, 0).hash.value()).as("length").isNotEqualTo(value);
        assertThat(run().add(5, 1, bytes, LENGTH, 1).hash.value()).as("what is not hashed").isNotEqualTo(value);
        for (int i = 0; i < LENGTH; i++) {
            bytes.set(ValueLayout.JAVA_BYTE, i, (byte) 1);
            assertThat(run().add(5, 1, bytes, LENGTH, 0).hash.value()).as("byte %d", i).isNotEqualTo(value);
            bytes.set(ValueLayout.JAVA_BYTE, i, (byte) 0);
        }
    }

    @Test
    void theOrderCounts() {
        assertThat(run().add(5, 1, bytes, LENGTH, 0).add(5, 2, bytes, LENGTH, 0).hash.value())
                .isNotEqualTo(run().add(5, 2, bytes, LENGTH, 0).add(5, 1, bytes, LENGTH, 0).hash.value());
        assertThat(run().add(5, 1, bytes, LENGTH, 0).add(5, 1, bytes, LENGTH, 0).hash.value()).as("once more")
                .isNotEqualTo(run().add(5, 1, bytes, LENGTH, 0).hash.value());
    }
}

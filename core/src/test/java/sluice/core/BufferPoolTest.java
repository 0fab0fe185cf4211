package sluice.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine without memory is a refusal, and what nobody wants is let go of. */
class BufferPoolTest {
    private boolean empty;
    private int asked;

    private MemorySegment machine(long size) {
        asked++;
        if (empty) {
            throw new OutOfMemoryError("for the test");
        }
        return Arena.ofAuto().allocate(size, 64);
    }

    private final BufferPool pool = new BufferPool(Long.MAX_VALUE, this::machine);

    private List<MemorySegment> take(int count, int bytes) {
        List<MemorySegment> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(pool.take(bytes));
        }
        return all;
    }

    @Test
    void aFailedAllocationIsARefusal() {
        List<MemorySegment> had = take(2, 4096);
        empty = true;
        assertThat(pool.take(4096)).isNull();
        assertThat(pool.inUseBytes()).isEqualTo(2 * 4096);
        pool.give(had.get(0));
        assertThat(pool.take(4096)).as("one that was given back").isNotNull();
    }

    @Test
    void afterAFailureTheMachineIsAskedRarely() {
        empty = true;
        for (int i = 0; i < 10_000; i++) {
            assertThat(pool.take(4096)).isNull();
        }
        assertThat(asked).isBetween(2, 8);
        assertThat(pool.failures()).isEqualTo(asked);
        empty = false;
        int tries = 0;
        while (pool.take(4096) == null) {
            tries++;
        }
        assertThat(tries).as("until it is asked again").isLessThan(1 << 16);
        empty = true;
        pool.take(1 << 20);
        assertThat(pool.idleBytes()).as("idle blocks are let go of").isZero();
    }

    @Test
    void trimmingLetsGoOfWhatNobodyWanted() {
        List<MemorySegment> blocks = take(10, 4096);
        blocks.forEach(pool::give);
        pool.trim();
        assertThat(pool.idleBytes()).isEqualTo(10 * 4096);
        take(3, 4096).forEach(pool::give);
        long before = pool.trim();
        assertThat(pool.idleBytes()).as("three at a time were wanted").isEqualTo(3 * 4096);
        pool.trim();
        assertThat(pool.idleBytes()).isZero();
        assertThat(pool.trim()).isEqualTo(before + 3 * 4096);
        assertThat(pool.inUseBytes()).isZero();
    }
}

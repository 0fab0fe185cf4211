package sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryReturnTest {
    private final AtomicInteger collections = new AtomicInteger();
    private final MemoryReturn memory = new MemoryReturn(collections::incrementAndGet);

    @Test
    void collectsWhenHalfIsGone() {
        memory.look(100 << 20);
        memory.look(51 << 20);
        assertThat(collections).hasValue(0);
        memory.look(50 << 20);
        memory.look(49 << 20);
        assertThat(collections).hasValue(1);
    }

    @Test
    void littleIsNotWorthACollection() {
        memory.look(7 << 20);
        memory.look(3 << 20 | 1);
        assertThat(collections).hasValue(0);
    }

    @Test
    void idleConnectionsRestAndGoOnAfterwards() {
        try (TwoShards shards = new TwoShards()) {
            shards.serve(TwoShards::echo);
            TwoShards.Client c = shards.connect();
            c.send(1);
            assertThat(c.receive()).isEqualTo(1);
            memory.rest(shards.left, Long.MAX_VALUE / 2);
            assertThat(awake(shards, c)).as("not idle for so long").isTrue();
            memory.rest(shards.left, 0);
            assertThat(awake(shards, c)).isFalse();
            c.send(1);
            assertThat(c.receive()).isEqualTo(1);
            assertThat(awake(shards, c)).isTrue();
        }
    }

    private static boolean awake(TwoShards shards, TwoShards.Client c) {
        return shards.left.execute(host -> c.tcb.recoveryIfAwake() != null);
    }
}

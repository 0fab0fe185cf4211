package sluice.observe.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A set of intervals is a set. */
class IntervalsTest {
    @Test
    void isWhatABitSetIs() {
        Random random = new Random(5);
        Intervals intervals = new Intervals();
        BitSet bits = new BitSet();
        for (int i = 0; i < 20_000; i++) {
            int from = random.nextInt(200);
            int to = from + random.nextInt(20);
            if (random.nextInt(3) == 0) {
                intervals.remove(from, to);
                bits.clear(from, to);
            } else {
                intervals.add(from, to);
                bits.set(from, to);
            }
            if (random.nextInt(50) == 0) {
                intervals.remove(Long.MIN_VALUE, 190);
                bits.clear(0, 190);
            }
            assertThat(intervals.total()).isEqualTo(bits.cardinality());
            assertThat(intervals.totalBelow(100)).isEqualTo(bits.get(0, 100).cardinality());
            assertThat(intervals.end(-1)).isEqualTo(bits.isEmpty() ? -1 : bits.length());
        }
    }
}

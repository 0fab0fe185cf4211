package sluice.core.tcp.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Entropy;

/** What has arrived beyond a hole: beside a set of bytes, and at the size that a hostile peer can make it. */
class ReassemblyQueueTest {
    private static final int SPAN = 4000;

    /** The queue and the set say the same. */
    private static void compare(ReassemblyQueue q, BitSet bytes) {
        int intervals = 0;
        for (int at = bytes.nextSetBit(0); at >= 0; at = bytes.nextSetBit(bytes.nextClearBit(at))) {
            intervals++;
        }
        assertThat(q.size()).isEqualTo(intervals);
        assertThat(q.isEmpty()).isEqualTo(bytes.isEmpty());
        assertThat(q.bytes()).isEqualTo(bytes.cardinality());
        if (!q.isEmpty()) {
            assertThat(q.highest()).isEqualTo(bytes.length());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void itKeepsWhatASetOfBytesKeeps(long seed) {
        Entropy random = Entropy.seeded(seed);
        ReassemblyQueue q = new ReassemblyQueue();
        BitSet bytes = new BitSet();
        int next = 0;
        int longest = seed % 2 == 0 ? 3 : 40;
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(200) == 0 || next + SPAN < bytes.length()) {
                next += 1 + random.nextInt(60);
                int end = Math.max(next, bytes.get(next) ? bytes.nextClearBit(next) : next);
                assertThat(q.advance(next)).isEqualTo(end);
                bytes.clear(0, end);
                next = end;
            } else {
                int start = next + 1 + random.nextInt(SPAN);
                int end = start + 1 + (random.nextInt(50) == 0 ? random.nextInt(SPAN) : random.nextInt(longest));
                int firstThere = bytes.nextSetBit(start);
                boolean duplicate = firstThere >= 0 && firstThere < end;
                assertThat(q.add(start, end)).isTrue();
                assertThat(q.lastHadDuplicate()).isEqualTo(duplicate);
                if (duplicate) {
                    assertThat(q.duplicateStart()).isEqualTo(firstThere);
                    assertThat(q.duplicateEnd()).isEqualTo(Math.min(end, bytes.nextClearBit(firstThere)));
                }
                bytes.set(start, end);
                assertThat(q.recentStart(0)).isEqualTo(bytes.previousClearBit(start) + 1);
                assertThat(q.recentEnd(0)).isEqualTo(bytes.nextClearBit(start));
            }
            if (i % 50 == 0) {
                compare(q, bytes);
            }
        }
        compare(q, bytes);
        q.clear();
        compare(q, new BitSet());
    }

    /** Intervals of one byte with holes of one byte, put in in this order. */
    private static Intervals holes(int[] order) {
        Intervals intervals = new Intervals();
        for (int i : order) {
            intervals.seek(2L * i);
            intervals.insert(2L * i, 2L * i + 1);
        }
        return intervals;
    }

    /** What a change moves at most is a block and the list of blocks: both stay small. */
    private static void shallow(Intervals intervals) {
        assertThat(intervals.largestBlock()).isLessThanOrEqualTo(Intervals.BLOCK);
        assertThat(intervals.blockCount()).isLessThanOrEqualTo(2 + 4 * intervals.size() / Intervals.BLOCK);
    }

    @Test
    void aChangeMovesLittleHoweverManyHolesThereAre() {
        int n = ReassemblyQueue.MAX_INTERVALS;
        int[] forth = new int[n];
        int[] back = new int[n];
        int[] random = new int[n];
        Entropy entropy = Entropy.seeded(7);
        for (int i = 0; i < n; i++) {
            forth[i] = i;
            back[i] = n - 1 - i;
            int j = entropy.nextInt(i + 1);
            random[i] = random[j];
            random[j] = i;
        }
        for (int[] order : new int[][]{forth, back, random}) {
            Intervals intervals = holes(order);
            assertThat(intervals.size()).isEqualTo(n);
            shallow(intervals);
            for (int i = 1; i < n; i++) { // the holes are filled in the middle, most blocks shrink to little
                if (i % 200 != 0) {
                    assertThat(intervals.seek(2L * i - 1)).isTrue();
                    intervals.join(2L * i - 1, 2L * i);
                    if (i % 100 == 0) {
                        shallow(intervals);
                    }
                }
            }
            assertThat(intervals.size()).isEqualTo((n - 1) / 200 + 1);
            shallow(intervals);
            assertThat(intervals.takeUpTo(0)).isEqualTo(399);
            assertThat(intervals.takeUpTo(2L * n)).isEqualTo(2L * n);
            assertThat(intervals.size()).isZero();
            assertThat(intervals.blockCount()).isZero();
        }
    }

    @Test
    void tooManyIntervalsAreRefusedAndWhatExtendsOneIsNot() {
        ReassemblyQueue q = new ReassemblyQueue();
        for (int i = 1; i <= ReassemblyQueue.MAX_INTERVALS; i++) {
            assertThat(q.add(10L * i, 10L * i + 1)).isTrue();
        }
        assertThat(q.add(5, 6)).isFalse();
        assertThat(q.size()).isEqualTo(ReassemblyQueue.MAX_INTERVALS);
        assertThat(q.add(9, 10)).isTrue();
        assertThat(q.add(10, 1000)).isTrue();
        assertThat(q.add(5, 6)).isTrue();
    }
}

package sluice.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence arithmetic on the circle, at its seams as well as in the middle. */
class SeqTest {
    /** Near 0, near 2^31 and near 2^32, where comparisons of plain numbers go wrong. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -1000})
    void aNumberIsBeforeTheNext2To31MinusOne(int a) {
        for (int ahead : new int[]{1, 2, 1000, 65_535, 1 << 30, Integer.MAX_VALUE}) {
            int b = a + ahead;
            assertThat(Seq.lt(a, b)).as("%d < %d", a, b).isTrue();
            assertThat(Seq.lt(b, a)).isFalse();
            assertThat(Seq.gt(b, a)).isTrue();
            assertThat(Seq.gt(a, b)).isFalse();
            assertThat(Seq.leq(a, b)).isTrue();
            assertThat(Seq.leq(b, a)).isFalse();
            assertThat(Seq.geq(b, a)).isTrue();
            assertThat(Seq.geq(a, b)).isFalse();
            assertThat(Seq.diff(b, a)).isEqualTo(ahead);
            assertThat(Seq.diff(a, b)).isEqualTo(-ahead);
            assertThat(Seq.max(a, b)).isEqualTo(b);
            assertThat(Seq.max(b, a)).isEqualTo(b);
            assertThat(Seq.min(a, b)).isEqualTo(a);
            assertThat(Seq.min(b, a)).isEqualTo(a);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aNumberIsNeitherBeforeNorAfterItself(int a) {
        assertThat(Seq.lt(a, a)).isFalse();
        assertThat(Seq.gt(a, a)).isFalse();
        assertThat(Seq.leq(a, a)).isTrue();
        assertThat(Seq.geq(a, a)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3, Integer.MAX_VALUE - 3, Integer.MIN_VALUE})
    void bothEndsLieBetweenAndTheirNeighboursDoNot(int low) {
        int high = low + 10;
        assertThat(Seq.between(low, low, high)).isTrue();
        assertThat(Seq.between(low, high, high)).isTrue();
        assertThat(Seq.between(low, low - 1, high)).isFalse();
        assertThat(Seq.between(low, high + 1, high)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3, Integer.MAX_VALUE - 3, Integer.MIN_VALUE})
    void aWindowHasItsFirstNumberAndNotTheOneBehindItsLast(int low) {
        assertThat(Seq.inWindow(low, low, 4)).isTrue();
        assertThat(Seq.inWindow(low, low + 3, 4)).isTrue();
        assertThat(Seq.inWindow(low, low + 4, 4)).isFalse();
        assertThat(Seq.inWindow(low, low - 1, 4)).isFalse();
        assertThat(Seq.inWindow(low, low, 0)).as("an empty window").isFalse();
    }
}

package sluice.observe.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which points a series keeps. */
class TimeSeriesTest {
    @Test
    void aValueThatIsTheLastOnesIsNoPoint() {
        TimeSeries s = new TimeSeries().add(1, 5).add(2, 5).add(3, 6).add(4, 6).add(5, 5);
        assertThat(s.size()).isEqualTo(3);
        assertThat(new long[]{s.timeNs(0), s.timeNs(1), s.timeNs(2)}).containsExactly(1, 3, 5);
        assertThat(s.endNs()).as("the latest time, kept or not").isEqualTo(5);
        s.add(9, 5);
        assertThat(s.size()).isEqualTo(3);
        assertThat(s.endNs()).isEqualTo(9);
    }

    @Test
    void noneAfterNoneIsNoPoint() {
        assertThat(new TimeSeries().add(1, Double.NaN).add(2, Double.NaN).add(3, 0).size()).isEqualTo(2);
    }

    @Test
    void aDotIsAPointWhateverWasBefore() {
        assertThat(new TimeSeries().dot(1, 5).dot(2, 5).add(3, 5).size()).isEqualTo(2);
    }

    /** Every second point is forgotten when there are too many, and then every second one is kept. */
    @Test
    void pointsAreBounded() {
        TimeSeries s = new TimeSeries();
        for (int i = 0; i < 3 * TimeSeries.MOST_POINTS; i++) {
            s.add(i, i);
        }
        assertThat(s.size()).isBetween(TimeSeries.MOST_POINTS / 2, TimeSeries.MOST_POINTS);
        for (int i = 1; i < s.size(); i++) {
            assertThat(s.timeNs(i)).isGreaterThan(s.timeNs(i - 1));
            assertThat(s.value(i)).isEqualTo(s.timeNs(i));
        }
        assertThat(s.endNs()).isEqualTo(3L * TimeSeries.MOST_POINTS - 1);
    }
}

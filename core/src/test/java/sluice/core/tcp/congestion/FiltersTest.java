package sluice.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What BBR remembers of the path, and for how long. */
class FiltersTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static RateSample rate(int segmentsPerSecond, boolean appLimited) {
        RateSample s = new RateSample();
        s.deliveredSegments = segmentsPerSecond;
        s.intervalUs = 1_000_000;
        s.appLimited = appLimited;
        return s;
    }

    /** draft-ietf-ccwg-bbr, BBR.MaxBwFilterLen: two probing cycles. */
    @Test
    void theBandwidthOfTheCycleBeforeTheLastIsForgotten() {
        MaxBwFilter filter = new MaxBwFilter();
        filter.update(rate(100, false));
        filter.advance();
        filter.update(rate(50, false));
        assertThat(filter.maxBw()).as("one cycle later").isEqualTo(100);
        filter.advance();
        filter.update(rate(60, false));
        assertThat(filter.maxBw()).as("two cycles later").isEqualTo(60);
        filter.advance();
        filter.update(rate(40, false));
        assertThat(filter.maxBw()).isEqualTo(60);
    }

    @Test
    void anApplicationWithNothingToSendShowsNoLessBandwidth() {
        MaxBwFilter filter = new MaxBwFilter();
        filter.update(rate(100, false));
        filter.advance();
        filter.advance();
        filter.update(rate(30, true));
        assertThat(filter.maxBw()).as("a sample limited by the application").isEqualTo(100);
        filter.update(rate(120, true));
        assertThat(filter.maxBw()).as("but one that shows more counts").isEqualTo(120);
        filter.advance();
        filter.advance();
        filter.update(rate(30, false));
        assertThat(filter.maxBw()).isEqualTo(30);
    }

    @Test
    void theMaximumOfTenRoundsForgetsTheEleventh() {
        RoundMaximum maximum = new RoundMaximum(10);
        maximum.advance(0);
        maximum.add(100);
        for (int round = 1; round <= 9; round++) {
            maximum.advance(round);
            maximum.add(50 + round);
            assertThat(maximum.value()).as("round %d", round).isEqualTo(100);
        }
        maximum.advance(10);
        assertThat(maximum.value()).isEqualTo(59);
        maximum.add(10);
        assertThat(maximum.value()).isEqualTo(59);
    }

    @Test
    void theShortestRoundTripExpires() {
        MinRttFilter filter = new MinRttFilter(10 * SECOND_NS);
        filter.set(40, 0);
        assertThat(filter.expired(10 * SECOND_NS)).isFalse();
        assertThat(filter.expired(10 * SECOND_NS + 1)).isTrue();
        filter.renew(5 * SECOND_NS);
        assertThat(filter.minRttNs()).isEqualTo(40);
        assertThat(filter.expired(15 * SECOND_NS)).isFalse();
        assertThat(filter.expired(15 * SECOND_NS + 1)).isTrue();
    }

    @Test
    void aRoundTripIsOverWhenSomethingSentAfterItsBeginningIsAcknowledged() {
        RoundCounter rounds = new RoundCounter();
        Path path = new Path();
        path.una = 10;
        RateSample s = rate(10, false);
        rounds.update(path, s, true);
        assertThat(rounds.count()).isEqualTo(1);
        s.priorDelivered = 9;
        path.una = 20;
        rounds.update(path, s, true);
        assertThat(rounds.start()).as("sent before").isFalse();
        s.priorDelivered = 10;
        rounds.update(path, s, true);
        assertThat(rounds.start()).isTrue();
        assertThat(rounds.count()).isEqualTo(2);
    }
}

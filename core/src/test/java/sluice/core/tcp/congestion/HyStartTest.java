package sluice.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Rfc;

/** HyStart++, round by round. */
@Rfc(value = 9406, section = "4.2")
class HyStartTest {
    private final Path path = new Path();
    private final HyStart hyStart = new HyStart();

    @BeforeEach
    void window() {
        path.window.cwndSegments = 64;
    }

    /** A round trip of so many samples; returns what the first acknowledgment said about leaving. */
    private int round(double rttMs, int samples) {
        path.una = path.nxt + 1;
        path.nxt += 1000;
        int exit = 0;
        for (int i = 0; i < samples; i++) {
            path.sample.rttUs = Math.round(rttMs * 1000);
            int said = hyStart.onSample(path, path.sample);
            exit = i == 0 ? said : exit;
            assertThat(i == 0 ? 0 : said).as("within a round").isZero();
        }
        return exit;
    }

    private int round(double rttMs) {
        return round(rttMs, 8);
    }

    /** The round trip has to grow by an eighth, and by 4 ms at least and 16 at most. */
    @ParameterizedTest
    @CsvSource({"100, 112.4, false", "100, 112.5, true", "20, 23.9, false", "20, 24, true", "400, 415.9, false",
        "400, 416, true"})
    void itBecomesCarefulWhenTheRoundTripGrows(double before, double then, boolean careful) {
        round(before);
        round(then);
        assertThat(hyStart.inConservativeSlowStart()).isEqualTo(careful);
        assertThat(hyStart.slowStartGrowth(8)).isEqualTo(careful ? 2 : 8);
    }

    /** L = 8 for a sender that does not pace; later slow starts are as long as they were. */
    @Test
    void oneAcknowledgmentOfManySegmentsAddsEightAtMost() {
        assertThat(hyStart.slowStartGrowth(7)).isEqualTo(7);
        assertThat(hyStart.slowStartGrowth(44)).isEqualTo(8);
        hyStart.stop();
        assertThat(hyStart.slowStartGrowth(44)).isEqualTo(44);
    }

    @Test
    void sevenSamplesAreTooFew() {
        round(100);
        round(200, 7);
        assertThat(hyStart.inConservativeSlowStart()).isFalse();
        round(200, 8);
        assertThat(hyStart.inConservativeSlowStart()).as("compared with the round before").isFalse();
    }

    @Test
    void slowStartEndsAfterFiveCarefulRounds() {
        round(100);
        round(120);
        for (int i = 1; i <= 4; i++) {
            assertThat(round(120)).as("round %d", i).isZero();
        }
        assertThat(hyStart.inConservativeSlowStart()).isTrue();
        assertThat(round(120)).as("the threshold").isEqualTo(64);
        assertThat(hyStart.inConservativeSlowStart()).isFalse();
    }

    @Test
    void jitterBringsSlowStartBack() {
        round(100);
        round(120);
        round(119);
        assertThat(hyStart.inConservativeSlowStart()).as("below the round trip that made it careful").isFalse();
        assertThat(hyStart.slowStartGrowth(8)).isEqualTo(8);
        for (int i = 0; i < 6; i++) {
            assertThat(round(119)).isZero();
        }
    }

    @Test
    void quartersOfSegmentsAreKept() {
        round(100);
        round(120);
        int grown = 0;
        for (int i = 0; i < 9; i++) {
            grown += hyStart.slowStartGrowth(1);
        }
        assertThat(grown).isEqualTo(2);
    }

    /** Slow start comes again after idling: the end of its last round is behind, also 2^31 bytes later. */
    @Test
    void aRoundBeginsAfterHalfARoundOfSequenceNumbers() {
        round(100);
        path.window.ssthreshSegments = 64;
        path.sample.rttUs = 100_000;
        for (long sent = 0; sent <= 1L << 31; sent += 1 << 20) {
            path.una += 1 << 20;
            hyStart.onSample(path, path.sample);
        }
        path.nxt = path.una;
        path.window.ssthreshSegments = 1000;
        round(100);
        round(120);
        assertThat(hyStart.inConservativeSlowStart()).isTrue();
    }

    /** The same for the one that Linux's CUBIC has. */
    @Test
    void aRoundOfTheDelayBeginsAfterHalfARoundOfSequenceNumbers() {
        DelayTrainHyStart linux = new DelayTrainHyStart();
        path.sample.rttUs = 100_000;
        linux.onSample(path, path.sample);
        path.window.ssthreshSegments = 64;
        for (long sent = 0; sent <= 1L << 31; sent += 1 << 20) {
            path.una += 1 << 20;
            linux.onSample(path, path.sample);
        }
        path.nxt = path.una;
        path.window.ssthreshSegments = 1000;
        path.sample.rttUs = 120_000;
        int exit = 0;
        for (int i = 0; i < 9; i++) {
            exit = linux.onSample(path, path.sample);
        }
        assertThat(exit).isEqualTo(64);
    }

    @Test
    void itIsForTheFirstSlowStartOnly() {
        hyStart.stop();
        hyStart.restart();
        round(100);
        round(200);
        assertThat(hyStart.inConservativeSlowStart()).isFalse();
    }
}

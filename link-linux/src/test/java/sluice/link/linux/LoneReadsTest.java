package sluice.link.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the read after a packet is left out. */
class LoneReadsTest {
    private final LoneReads reads = new LoneReads();

    @Test
    void onlyAfterSeveralPacketsThatNothingFollowed() {
        for (int i = 0; i < LoneReads.LONE; i++) {
            assertThat(reads.skip()).isFalse();
            reads.found(60);
            assertThat(reads.skip()).isFalse();
            reads.foundNone();
        }
        reads.found(60);
        assertThat(reads.skip()).isTrue();
    }

    @Test
    void neverTwiceWithoutAPacketBetween() {
        comeAlone();
        reads.found(60);
        assertThat(reads.skip()).isTrue();
        assertThat(reads.skip()).isFalse();
        reads.foundNone();
        assertThat(reads.skip()).isFalse();
    }

    @Test
    void oneOfSixteenIsDoneAndSeesThatPacketsComeCloserNow() {
        comeAlone();
        int skipped = 0;
        reads.found(60);
        while (reads.skip()) {
            skipped++;
            reads.found(60);
        }
        assertThat(skipped).isEqualTo(LoneReads.CHECK_EVERY - 1);
        reads.found(60); // the read that was done after all gave a second packet
        assertThat(reads.skip()).isFalse();
        reads.foundNone();
        reads.found(60);
        assertThat(reads.skip()).isFalse();
    }

    @Test
    void neverWhereMuchDataComes() {
        for (int i = 0; i < 100; i++) {
            reads.found(LoneReads.SMALL + 1);
            assertThat(reads.skip()).isFalse();
            reads.foundNone();
        }
    }

    private void comeAlone() {
        for (int i = 0; i < LoneReads.LONE; i++) {
            reads.found(60);
            reads.foundNone();
        }
    }
}

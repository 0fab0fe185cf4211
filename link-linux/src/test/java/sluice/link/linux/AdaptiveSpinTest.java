package sluice.link.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When looking before sleeping is tried, and how soon a vain habit ends. */
class AdaptiveSpinTest {
    @Test
    void goesOnWhileItPays() {
        AdaptiveSpin spin = new AdaptiveSpin(true);
        for (int i = 0; i < 100; i++) {
            assertThat(spin.isWorthwhile()).isTrue();
            spin.ended(true);
        }
    }

    @Test
    void eachVainTryDoublesTheSleepsBeforeTheNext() {
        AdaptiveSpin spin = new AdaptiveSpin(true);
        int expected = 1;
        for (int tries = 0; tries < 12; tries++) {
            assertThat(spin.isWorthwhile()).isTrue();
            spin.ended(false);
            assertThat(sleepsUntilNextTry(spin)).isEqualTo(expected);
            expected = Math.min(expected * 2, AdaptiveSpin.MOST_SKIPPED);
        }
    }

    @Test
    void oneSuccessRestoresTrust() {
        AdaptiveSpin spin = new AdaptiveSpin(true);
        for (int tries = 0; tries < 12; tries++) {
            sleepsUntilNextTry(spin);
            spin.ended(false);
        }
        assertThat(sleepsUntilNextTry(spin)).isEqualTo(AdaptiveSpin.MOST_SKIPPED);
        spin.ended(true);
        assertThat(spin.isWorthwhile()).isTrue();
        spin.ended(false);
        assertThat(sleepsUntilNextTry(spin)).isEqualTo(1);
    }

    @Test
    void neverOnASingleProcessor() {
        AdaptiveSpin spin = new AdaptiveSpin(false);
        for (int i = 0; i < 1000; i++) {
            assertThat(spin.isWorthwhile()).isFalse();
        }
    }

    private static int sleepsUntilNextTry(AdaptiveSpin spin) {
        int n = 0;
        while (!spin.isWorthwhile()) {
            n++;
        }
        return n;
    }
}

package sluice.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The test vectors of the SipHash paper: key 00 01 … 0f, input 00 01 …. */
class SipHashTest {
    private final SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    @Test
    void nothing() {
        assertThat(hash.hashOf()).isEqualTo(0x726fdb47dd0e0e31L);
    }

    @Test
    void oneWord() {
        assertThat(hash.hashOf(0x0706050403020100L)).isEqualTo(0x93f5f5799a932462L);
    }

    @Test
    void fiveWordsAreTheSameEitherWay() {
        assertThat(hash.hash(1, 2, 3, 4, 5)).isEqualTo(hash.hashOf(1, 2, 3, 4, 5))
                .isNotEqualTo(hash.hash(1, 2, 3, 5, 4));
    }
}

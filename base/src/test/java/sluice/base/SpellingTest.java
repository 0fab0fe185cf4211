package sluice.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far words are apart, and what is a slip of the pen. */
class SpellingTest {
    @ParameterizedTest
    @CsvSource({"tcp_sack, tcp_sack, 0, true", "tcp_sac, tcp_sack, 1, true", "tcp_scak, tcp_sack, 2, true",
        "handshak, handshake, 1, true", "abc, xyz, 3, false", "kitten, sitting, 3, false", "'', ab, 2, true",
        "nosuch, tcp_sack, 6, false"})
    void distanceAndSlip(String wanted, String meant, int distance, boolean slip) {
        assertThat(Spelling.distance(wanted, meant)).isEqualTo(distance);
        assertThat(Spelling.distance(meant, wanted)).isEqualTo(distance);
        assertThat(Spelling.isSlip(wanted, distance)).isEqualTo(slip);
    }
}

package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** ping's last lines. */
class PingStatisticsTest {
    private static final long SECOND = 1_000_000_000L;

    private final PingStatistics s = new PingStatistics();

    /** Two requests a second apart, the second lost: it was "time 4317 ms" with the wait for the answer. */
    @Test
    void theTimeDoesNotContainTheWaitForTheLastAnswer() {
        s.sent(5 * SECOND);
        s.received(0.5);
        s.sent(6 * SECOND + 1_000_000);
        assertThat(s.isAnswered()).isFalse();
        assertThat(s.summary("h")).isEqualTo("""

                --- h ping statistics ---
                2 packets transmitted, 1 received, 50% packet loss, time 1001ms
                rtt min/avg/max/mdev = 0.500/0.500/0.500/0.000 ms
                """);
    }

    @Test
    void errorsAndDuplicatesAreCountedApart() {
        s.sent(0);
        s.error();
        s.duplicate();
        assertThat(s.isAnswered()).isTrue();
        assertThat(s.anyReceived()).isFalse();
        assertThat(s.summary("h")).contains("1 packets transmitted, 0 received, +1 duplicates, +1 errors, 100% packet "
                + "loss, time 0ms").doesNotContain("rtt");
    }
}

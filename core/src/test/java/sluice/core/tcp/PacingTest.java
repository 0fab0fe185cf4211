package sluice.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;

/**
 * A paced sender that is woken late: it keeps its rate when pacing alone held it back, and does not burst for other
 * waits.
 */
class PacingTest {
    private static final int MSS = 1000;
    private static final double RTT_MS = 10;

    /** A connection under bbr with plenty to send and a window that does not limit; the first round trip is over. */
    private static TcpConversation paced() {
        return sending(900);
    }

    private static TcpConversation sending(int segments) {
        TcpConversation c = with().set("tcp_congestion_control", "bbr").set("tcp_wmem", "4096 4000000 4000000")
                .window(65_535)
                .peer("<mss 1000, sackOK, wscale 6>").connecting();
        c.recv("S 0(0)").after(RTT_MS).send("SA <mss 1000, sackOK, wscale 6>");
        c.tcb.congestion.set(1000, 1000);
        c.write(segments * MSS);
        c.all();
        return c;
    }

    /** Segments that left in {@code ms}, woken every {@code step} ms. */
    private static int sent(TcpConversation c, double ms, double step) {
        long before = c.tcb.totals.dataSegmentsOut;
        for (double t = 0; t < ms; t += step) {
            c.late(step);
            c.all();
        }
        return (int) (c.tcb.totals.dataSegmentsOut - before);
    }

    @Test
    void aThreadThatIsWokenLateKeepsTheRate() {
        TcpConversation exact = paced();
        long before = exact.tcb.totals.dataSegmentsOut;
        exact.after(40);
        exact.all();
        int expected = (int) (exact.tcb.totals.dataSegmentsOut - before);
        assertThat(expected).isGreaterThan(50);
        assertThat(sent(paced(), 40, 1)).as("1 ms late").isBetween(expected - 4, expected + 4);
        assertThat(sent(paced(), 40, 8)).as("8 ms late").isBetween(expected - 4, expected + 4);
    }

    @Test
    void noMoreThanTenMillisecondsAreMadeGood() {
        TcpConversation c = paced();
        int inTen = sent(c, 10, 10);
        assertThat(sent(c, 200, 200)).isBetween(inTen - 4, inTen + 4);
    }

    @Test
    void aPauseOfTheApplicationIsNotMadeGood() {
        TcpConversation c = sending(4);
        c.after(9); // everything left, nothing waits
        c.all();
        c.write(900 * MSS);
        assertThat(c.all().size()).as("segments at once after a pause").isLessThanOrEqualTo(4);
    }
}

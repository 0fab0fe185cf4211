package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.base.Counter;
import sluice.base.Rfc;

/**
 * Paths that lose nothing but let segments overtake each other: what is taken for loss must be found out and taken
 * back.
 */
@ExtendWith(Worlds.class)
class ReorderingTest {
    private static double megabitsPerSecond(World w, String words, int bytes) {
        SimHost a = w.host("sender");
        SimHost b = w.host("receiver");
        w.link(a, b).netem(words);
        World.Pair p = w.connect(a, b, 80);
        BulkSender sender = new BulkSender(a, p.client(), bytes);
        VerifyingSink sink = new VerifyingSink(b, p.server());
        double start = w.nowMs();
        w.runUntil("all acknowledged", sender::isDone);
        assertThat(sink.received()).isEqualTo(bytes);
        assertThat(a.count(Counter.TcpExtTCPTimeouts)).isZero();
        return bytes * 8.0 / 1000 / (w.nowMs() - start);
    }

    /**
     * What overtakes has a round trip down to nothing, so a quarter of the shortest one says nothing about how late a
     * segment may be (decision 3).
     */
    @Test
    @Rfc(value = 8985, section = "6.2")
    void halfARoundTripOfReordering() {
        double sum = 0;
        for (int seed = 1; seed <= 5; seed++) {
            sum += megabitsPerSecond(new World(seed).unwatched(), "delay 25ms 10ms reorder 5% limit 20000", 30_000_000);
        }
        // 2.5 with steps of a quarter of the shortest round trip; 50 when the bound is SRTT after the round trip of
        // what overtook.
        assertThat(sum / 5).isGreaterThan(100);
    }

    @Test
    void aQuarterOfTheSegmentsTenMillisecondsAhead(World w) {
        assertThat(megabitsPerSecond(w.unwatched(), "delay 10ms reorder 25% limit 20000", 10_000_000))
                .isGreaterThan(25);
    }
}

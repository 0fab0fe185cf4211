package sluice.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Rfc;
import sluice.wire.Bytes;
import sluice.wire.Packet;

class LineQueueTest {
    private static final long MS = 1_000_000;
    private static final int LENGTH = 1500;

    private final List<Packet> dropped = new ArrayList<>();

    private static Packet packet(int ecn) {
        Packet p = new Packet(java.lang.foreign.Arena.ofAuto(), 2048);
        p.clear();
        p.end = p.start + LENGTH;
        Bytes.put8(p.memory, p.start, 0x45);
        Bytes.put8(p.memory, p.start + 1, ecn);
        return p;
    }

    private static int ecn(Packet p) {
        return Bytes.u8(p.memory, p.start + 1) & 3;
    }

    private LineQueue queue(String words) {
        return new LineQueue(QueueSpec.parse(words), dropped::add);
    }

    @Test
    void dropTailByPacketsAndByBytes() {
        for (String words : List.of("pfifo limit 3", "bfifo limit 4500")) {
            dropped.clear();
            LineQueue q = queue(words);
            for (int i = 0; i < 5; i++) {
                q.offer(packet(0), i);
            }
            assertThat(q.size()).isEqualTo(3);
            assertThat(q.bytes()).isEqualTo(4500);
            assertThat(dropped).hasSize(2);
            assertThat(q.poll(9)).isNotNull();
            assertThat(q.bytes()).isEqualTo(3000);
        }
    }

    @Test
    @Rfc(value = 8257, section = "3.1")
    void theThresholdMarksWhatComesAboveItAndNothingElse() {
        LineQueue q = queue("mark 2 limit 10");
        List<Packet> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(packet(i == 3 ? 0 : 2));
            q.offer(all.get(i), 0);
        }
        assertThat(all).extracting(LineQueueTest::ecn).containsExactly(2, 2, 3, 0);
        assertThat(q.marked()).isEqualTo(1);
        assertThat(dropped).isEmpty();
    }

    /** A line at 1 packet/ms that is offered 1.25; returns the times of drops, ms. */
    private List<Long> overload(LineQueue q, int ecn, long untilMs) {
        List<Long> times = new ArrayList<>();
        long offered = 0;
        for (long ms = 0; ms < untilMs; ms++) {
            for (; offered * 4 < ms * 5; offered++) {
                q.offer(packet(ecn), ms * MS);
            }
            long before = q.dropped() + q.marked();
            q.poll(ms * MS);
            for (long n = before; n < q.dropped() + q.marked(); n++) {
                times.add(ms);
            }
        }
        return times;
    }

    @Test
    @Rfc(value = 8289, section = "5")
    void codelDropsAfterAnIntervalAboveTheTargetAndThenFaster() {
        List<Long> times = overload(queue("codel"), 0, 700);
        // The delay passes 5 ms near 25 ms; the first drop is an interval later, the next after 100/√1, 100/√2, 100/√3
        // ms (control law).
        assertThat(times.getFirst()).isBetween(120L, 130L);
        long first = times.getFirst();
        assertThat(times.get(1) - first).isEqualTo(100);
        assertThat(times.get(2) - times.get(1)).isBetween(70L, 72L);
        assertThat(times.get(3) - times.get(2)).isBetween(57L, 59L);
    }

    @Test
    void codelMarksInsteadWhereItMay() {
        LineQueue q = queue("codel ecn");
        overload(q, 2, 500);
        assertThat(q.marked()).isPositive();
        assertThat(q.dropped()).isZero();
        LineQueue without = queue("codel ecn");
        overload(without, 0, 500);
        assertThat(without.dropped()).isPositive();
        LineQueue threshold = queue("codel ce_threshold 1ms target 1s");
        overload(threshold, 2, 100);
        assertThat(threshold.marked()).isGreaterThan(50);
        assertThat(threshold.dropped()).isZero();
    }

    @Test
    void codelLeavesAShortQueueAlone() {
        LineQueue q = queue("codel");
        for (long ms = 0; ms < 1000; ms++) {
            q.offer(packet(0), ms * MS);
            assertThat(q.poll(ms * MS + 4 * MS)).isNotNull();
        }
        assertThat(dropped).isEmpty();
    }

    /** RFC 8289 section 5.6: a queue of no more than one packet is no standing queue, however long it waited. */
    @Test
    @Rfc(value = 8289, section = "5.6")
    void codelDoesNotDropTheLastPacket() {
        LineQueue q = queue("codel");
        q.offer(packet(0), 0);
        for (int i = 1; i <= 20; i++) {
            q.offer(packet(0), (i - 1) * 1000 * MS);
            assertThat(q.poll(i * 1000 * MS)).isNotNull();
        }
        assertThat(dropped).isEmpty();
    }

    /** Offers five packets to a line of four in 4 ms, from then on; the times of the drops, ms. */
    private List<Long> series(LineQueue q, long fromMs, long untilMs) {
        List<Long> times = new ArrayList<>();
        for (long t = fromMs; t < untilMs; t++) {
            q.offer(packet(0), t * MS);
            if (t % 4 == 0) {
                q.offer(packet(0), t * MS);
            }
            int before = dropped.size();
            q.poll(t * MS);
            for (int i = before; i < dropped.size(); i++) {
                times.add(t);
            }
        }
        while (q.poll(untilMs * MS) != null) {
            // the line is fast for a moment: the queue is gone
        }
        return times;
    }

    /** RFC 8289 section 5.4: soon after a series of drops the next begins as fast as that was, later anew. */
    @Test
    @Rfc(value = 8289, section = "5.4")
    void codelGoesOnAsFastSoonAfterASeries() {
        LineQueue q = queue("codel");
        List<Long> first = series(q, 0, 1500);
        List<Long> soon = series(q, 1600, 2500);
        List<Long> later = series(q, 9000, 10_000);
        assertThat(first.get(1) - first.get(0)).as("an interval between the first two").isBetween(99L, 101L);
        assertThat(soon.get(1) - soon.get(0)).as("soon after").isLessThan(50L);
        assertThat(later.get(1) - later.get(0)).as("much later").isBetween(99L, 101L);
    }

    @Test
    void readsAllWords() {
        assertThat(QueueSpec.parse("codel limit 50 target 2ms interval 30ms ecn ce_threshold 1ms"))
                .isEqualTo(new QueueSpec.Codel(2 * MS, 30 * MS, 50, true, MS));
        assertThat(QueueSpec.parse(" pfifo ")).isEqualTo(new QueueSpec.DropTail(1000, QueueSpec.NO_BYTE_LIMIT));
        assertThat(QueueSpec.parse("bfifo limit 30000"))
                .isEqualTo(new QueueSpec.DropTail(QueueSpec.NO_PACKET_LIMIT, 30_000));
        assertThat(QueueSpec.parse("mark 20")).isEqualTo(new QueueSpec.Threshold(20, 1000));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"|missing", "red|pfifo, bfifo, mark, codel", "codel target 5x|ns, us, ms or s",
                "codel goal 5ms|goal", "pfifo limit 0|1…",
                "mark|mark", "pfifo 7|\"7\"", "codel limit|missing"})
    void errorsNameTheWord(String text, String part) {
        assertThatIllegalArgumentException().isThrownBy(() -> QueueSpec.parse(text == null ? "" : text))
                .withMessageStartingWith("queue: ")
                .withMessageContaining(part);
    }
}

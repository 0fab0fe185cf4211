package sluice.core.tcp.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of transmission, which RACK walks. */
class SentSegmentsTest {
    private static List<Integer> inTimeOrder(SentSegments sent) {
        List<Integer> seqs = new ArrayList<>();
        for (SentSegment s = sent.oldestSent(); s != null; s = sent.newerSent(s)) {
            seqs.add(s.seq);
        }
        return seqs;
    }

    private static SentSegments sent(int n) {
        SentSegments sent = new SentSegments();
        for (int i = 0; i < n; i++) {
            sent.add(i * 10, i * 10 + 10, 1, 10, 100 + i / 2); // two at a time
        }
        return sent;
    }

    @Test
    void whatIsLostLeavesTheOrderUntilItIsSentAgain() {
        SentSegments sent = sent(4);
        sent.markLost(sent.get(1));
        assertThat(inTimeOrder(sent)).containsExactly(0, 20, 30);
        sent.resent(sent.get(1), 200);
        assertThat(inTimeOrder(sent)).containsExactly(0, 20, 30, 10);
    }

    @Test
    void whatIsNotLostAfterAllTakesItsOldPlace() {
        SentSegments sent = sent(8);
        for (int i : new int[]{0, 1, 3, 4, 7}) {
            sent.markLost(sent.get(i));
        }
        sent.resent(sent.get(3), 200);
        sent.markSacked(sent.get(5));
        sent.unmarkAllLost();
        assertThat(sent.lostOut()).isZero();
        assertThat(sent.retransOut()).isEqualTo(1);
        assertThat(inTimeOrder(sent)).containsExactly(0, 10, 20, 40, 60, 70, 30);
    }

    @Test
    void aCopyThatIsLostTooIsPlacedByItsOwnTime() {
        SentSegments sent = sent(3);
        sent.markLost(sent.get(0));
        sent.resent(sent.get(0), 200);
        sent.add(30, 40, 1, 10, 300);
        sent.markLost(sent.get(0)); // the copy
        sent.markLost(sent.get(0));
        sent.markLost(sent.get(2));
        sent.unmarkAllLost();
        assertThat(inTimeOrder(sent)).containsExactly(10, 20, 0, 30);
    }

    /** A peer that reports every second segment of 48 bytes cuts entries until they take as much as the send buffer. */
    @Test
    void cuttingIsBoundedByTheSendBuffer() {
        SentSegments sent = new SentSegments();
        int bytes = 1 << 20;
        sent.add(0, bytes, bytes / 48, 48, 0);
        int cuts = 0;
        while (sent.mayCut(64 << 10) && cuts < bytes / 48 - 1) {
            sent.split(cuts, ++cuts * 48);
        }
        assertThat(sent.size()).as("entries of 160 bytes in 64 KB and 128 KB more").isBetween(1200, 1300);
        sent.removeFirst();
        sent.removeFirst();
        assertThat(sent.mayCut(64 << 10)).isTrue();
    }
}

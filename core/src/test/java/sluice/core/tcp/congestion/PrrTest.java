package sluice.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Rfc;

/** Proportional rate reduction: what each acknowledgment lets out. */
@Rfc(value = 6937, section = "3")
class PrrTest {
    private final Prr prr = new Prr();

    /** Acknowledgments of one segment each; all that is let out goes. */
    private List<Integer> letOut(int acknowledgments, int inFlightAtFirst, int ssthresh, boolean safe) {
        List<Integer> out = new ArrayList<>();
        int inFlight = inFlightAtFirst;
        for (int i = 0; i < acknowledgments; i++) {
            inFlight--;
            int window = prr.onAck(1, safe, inFlight, ssthresh);
            int n = Math.max(0, window - inFlight);
            prr.sent(n);
            inFlight += n;
            out.add(n);
        }
        return out;
    }

    /** 20 in flight are to become 10: each second acknowledgment lets one out, so that nothing is silent or bursts. */
    @Test
    void aHalvedWindowSendsForEachSecondAcknowledgment() {
        prr.begin(20);
        assertThat(letOut(18, 20, 10, false)).containsExactly(1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0);
    }

    /** CUBIC's seven tenths: 7 of 10. */
    @Test
    void sevenTenthsSendForSevenOfTen() {
        prr.begin(10);
        assertThat(letOut(10, 10, 7, false).stream().mapToInt(i -> i).sum()).isEqualTo(7);
    }

    /** The first retransmission goes in any case. */
    @Test
    void theFirstAcknowledgmentLetsOneOut() {
        prr.begin(100);
        assertThat(prr.onAck(1, false, 99, 1)).isEqualTo(100);
        prr.sent(1);
        assertThat(prr.onAck(1, false, 98, 1)).as("and no more until a hundredth is due").isEqualTo(98);
    }

    /** Below the threshold: as many as were delivered (PRR-CRB), one more each time something new is acknowledged. */
    @Test
    @Rfc(value = 6937, section = "4")
    void belowTheThresholdAsMuchLeavesAsArrives() {
        prr.begin(20);
        assertThat(letOut(4, 6, 10, false)).containsExactly(1, 1, 1, 1);
        prr.begin(20);
        assertThat(letOut(6, 6, 10, true)).containsExactly(2, 2, 2, 2, 1, 1);
    }

    @Test
    void theThresholdIsNotExceeded() {
        prr.begin(20);
        assertThat(prr.onAck(5, true, 8, 10)).isEqualTo(10);
    }

    @Test
    void anAcknowledgmentOfNothingDoesNotCount() {
        prr.begin(20);
        assertThat(prr.counts(0)).isFalse();
        assertThat(prr.counts(1)).isTrue();
        assertThat(new Prr().counts(1)).as("no reduction").isFalse();
    }
}

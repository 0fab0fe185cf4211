package sluice.observe.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.observe.capture.CapturedSegment;
import sluice.observe.explain.Retransmissions.Cause;
import sluice.observe.explain.Retransmissions.Moment;

/** Why a segment passed again, and whether in vain. */
class RetransmissionsTest {
    private static final long MS = 1_000_000;
    private static final long RTT = 50 * MS;
    private final Retransmissions r = new Retransmissions();

    private static CapturedSegment segment(int tsVal) {
        CapturedSegment s = new CapturedSegment();
        s.payload = 1000;
        s.hasTimestamps = true;
        s.tsVal = tsVal;
        return s;
    }

    /** Bytes {@code from} to {@code from} + 1000 of ten segments out pass again; up to {@code ack} are acknowledged. */
    private int again(long from, long ack, boolean reported, long silentMs) {
        return r.add(segment(100), from, from + 1000, 1000 * MS, 7,
                new Moment(ack, 10_000, reported, silentMs * MS, silentMs * MS, RTT, 1, true));
    }

    @Test
    void afterSilenceItIsATimeout() {
        assertThat(Mark.TIMEOUT.in(again(0, 0, false, 300))).isTrue();
        assertThat(r.count(Cause.TIMEOUT)).isEqualTo(1);
        assertThat(r.timeouts()).isEqualTo(1);
    }

    @Test
    void afterReportsItIsAFastRetransmission() {
        assertThat(Mark.FAST.in(again(0, 0, true, 10))).isTrue();
        assertThat(r.timeouts()).isZero();
    }

    @Test
    void theLastOneAfterARoundTripIsAProbe() {
        assertThat(Mark.PROBE.in(again(9000, 5000, false, 60))).isTrue();
    }

    @Test
    void whatWasAcknowledgedGoesAgainInVain() {
        assertThat(Mark.SPURIOUS.in(again(0, 1000, false, 10))).isTrue();
        assertThat(Mark.SPURIOUS.in(again(1000, 1500, false, 10))).isFalse();
        assertThat(r.spurious().count()).isEqualTo(1);
        assertThat(r.lostAfter().count()).isEqualTo(1);
    }

    /** The acknowledgment echoes a clock from before the copy left: it answers the original. */
    @Test
    void anEchoOfTheOriginalShowsThatTheCopyWasNeedless() {
        again(0, 0, true, 10);
        CapturedSegment answer = segment(0);
        answer.tsEcr = 100;
        r.acknowledged(answer, 0, 1000);
        assertThat(r.spurious().count()).as("the copy's own clock").isZero();
        again(1000, 1000, true, 10);
        answer.tsEcr = 99;
        r.acknowledged(answer, 1000, 2000);
        assertThat(r.spurious().count()).isEqualTo(1);
    }

    @Test
    void aSmallWindowIsNotClosed() {
        WindowHistory w = new WindowHistory();
        assertThat(w.announced(500, 1, 1)).isFalse();
        assertThat(w.announced(1, 2, 2)).isFalse();
        assertThat(w.closings()).isZero();
        assertThat(w.announced(0, 3, 3)).isTrue();
        assertThat(w.announced(1, 5, 4)).isFalse();
        assertThat(w.closings()).isEqualTo(1);
        assertThat(w.closedNs()).isEqualTo(2);
        assertThat(w.smallest()).isEqualTo(1);
    }
}

package sluice.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.base.Rfc;

/** CUBIC's figures, away from any connection. */
class CubicTest {
    private final Path path = new Path();
    private final Cubic cubic = new Cubic();

    private void lossAt(int cwnd) {
        path.window.cwndSegments = cwnd;
        path.congestion(cubic, CongestionSignal.LOSS);
    }

    /** RFC 9438 section 5.8: the cubic does not go on while the application has nothing to send. */
    @Test
    @Rfc(value = 9438, section = "5.8")
    void idleTimeDoesNotCount() {
        Path busy = new Path();
        Cubic other = new Cubic();
        busy.window.cwndSegments = 200;
        busy.congestion(other, CongestionSignal.LOSS);
        lossAt(200);
        busy.grow(other, 1);
        path.grow(cubic, 1);
        assertThat(path.cwndSegments()).isEqualTo(busy.cwndSegments());
        path.nowNs += 20_000_000_000L;
        path.packetsOut = 0;
        cubic.onSent(path);
        path.packetsOut = 1;
        busy.grow(other, 2);
        path.grow(cubic, 2);
        assertThat(path.cwndSegments()).as("after a pause of 20 s").isBetween(busy.cwndSegments() - 1,
                busy.cwndSegments() + 1);
        assertThat(busy.cwndSegments()).as("without one").isLessThan(200);
    }

    @Test
    @Rfc(value = 9438, section = "4.6")
    void aLossLeavesSevenTenthsAndAMarkMoreWhereAskedFor() {
        path.window.cwndSegments = 100;
        path.window.ssthreshSegments = 50;
        assertThat(cubic.onCongestion(path, CongestionSignal.LOSS)).isEqualTo(70);
        assertThat(cubic.onCongestion(path, CongestionSignal.MARKS)).isEqualTo(70);
        path.alternativeBackoff = true;
        assertThat(cubic.onCongestion(path, CongestionSignal.LOSS)).isEqualTo(70);
        assertThat(cubic.onCongestion(path, CongestionSignal.MARKS)).isEqualTo(85);
    }

    /** K is the cube root of (200 − 140) / 0.4: 5.3 s to the old window, flat there, and growing faster afterwards. */
    @Test
    @Rfc(value = 9438, section = "4.2")
    void theWindowIsBackAtTheOldOneAfterK() {
        path.srttUs = 500_000;
        lossAt(200);
        path.grow(cubic, 4.5);
        assertThat(path.cwndSegments()).isBetween(197, 200);
        path.grow(cubic, 1.5);
        assertThat(path.cwndSegments()).isBetween(199, 202);
        path.grow(cubic, 4);
        assertThat(path.cwndSegments()).isGreaterThan(230);
    }

    /** A second loss below the last one gives up room: W_max is 119, not 140, and K is 2.8 s, not 4.7 s. */
    @Test
    @Rfc(value = 9438, section = "4.7")
    void aFlowThatLosesRoomGivesUpMore() {
        path.srttUs = 500_000;
        lossAt(200);
        lossAt(140);
        path.grow(cubic, 4);
        assertThat(path.cwndSegments()).isBetween(117, 122);
    }

    /** On a short path the window is what Reno's would be: 0.53 a round trip up to W_max, and 1 from there. */
    @Test
    @Rfc(value = 9438, section = "4.3")
    void beyondTheOldWindowItGrowsAsReno() {
        path.srttUs = 10_000;
        lossAt(20);
        path.grow(cubic, 0.3);
        assertThat(path.cwndSegments()).isBetween(33, 40);
    }

    /**
     * After a second loss below the last one W_max is 34, cwnd_prior 40: up to 40 the window grows by 0.53 a round trip
     * still (with 1 from W_max on it would be 43 after 25 of them), and by 1 from there.
     */
    @Test
    @Rfc(value = 9438, section = "4.3")
    void growsAsRenoOnlyFromTheLastReductionOn() {
        path.srttUs = 10_000;
        lossAt(80);
        lossAt(40);
        path.grow(cubic, 0.25);
        assertThat(path.cwndSegments()).isBetween(37, 40);
        path.grow(cubic, 0.15);
        assertThat(path.cwndSegments()).isBetween(51, 55);
    }

    @Test
    @Rfc(value = 9438, section = "4.9")
    void anUndoBringsTheOldPlateauBack() {
        path.srttUs = 500_000;
        lossAt(200);
        lossAt(140);
        path.window.cwndSegments = cubic.onUndo(path);
        assertThat(path.cwndSegments()).isEqualTo(140);
        path.window.ssthreshSegments = 100;
        path.grow(cubic, 3);
        assertThat(path.cwndSegments()).as("a cubic towards 200").isBetween(185, 200);
    }
}

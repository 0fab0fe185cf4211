package sluice.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Rfc;
import sluice.core.Settings;

/**
 * What becomes of a congestion window that the application does not use: shrunk (Linux), or kept and reckoned with (RFC
 * 7661).
 */
class CwndValidationTest {
    private static final int MSS = 1000;

    /** A sender with a window of 40 segments, all of them just used; round trips of 50 ms. */
    private static TcpConversation busy(String how) {
        TcpConversation c = with().set("sluice.tcp_cwnd_validation", how).set("tcp_congestion_control", "reno")
                .set("tcp_wmem", "4096 4000000 4000000")
                .window(60_000)
                .peer("<mss 1000, sackOK>").connecting();
        c.recv("S 0(0)").after(50).send("SA <mss 1000, sackOK>");
        c.all();
        c.tcb.congestion.set(40, 20);
        for (int i = 0; i < 3; i++) {
            flight(c, 40);
        }
        return c;
    }

    /** Writes, lets a round trip pass and acknowledges everything. */
    private static void flight(TcpConversation c, int segments) {
        c.write(segments * MSS);
        while (c.tcb.snd.nxt != c.tcb.sendSeq(c.tcb.sendBuffer.end())) {
            c.after(1);
            c.all();
        }
        c.after(50);
        c.all();
        c.send("A");
        c.all();
    }

    private static int cwnd(TcpConversation c) {
        return c.tcb.congestion.cwndSegments();
    }

    @Test
    void linuxShrinksTheWindowForEachTimeoutOfIdleness() {
        TcpConversation c = busy("linux");
        c.after(30_000);
        flight(c, 1);
        assertThat(cwnd(c)).isEqualTo(10);
    }

    @Test
    @Rfc(value = 7661, section = "4.4")
    void anUnusedWindowIsKeptAndDoesNotGrow() {
        TcpConversation c = busy("rfc7661");
        int before = cwnd(c);
        c.after(30_000);
        for (int i = 0; i < 100; i++) {
            flight(c, 4);
        }
        assertThat(cwnd(c)).isEqualTo(before);
    }

    @Test
    @Rfc(value = 7661, section = "4.4")
    void usedAgainItGrowsAgain() {
        TcpConversation c = busy("rfc7661");
        int before = cwnd(c);
        c.after(30_000);
        for (int i = 0; i < 4; i++) {
            flight(c, before);
        }
        assertThat(cwnd(c)).isGreaterThan(before);
    }

    @Test
    @Rfc(value = 7661, section = "4.4.2")
    void whatUsesAnUnvalidatedWindowIsPaced() {
        TcpConversation c = busy("rfc7661");
        int before = cwnd(c);
        c.after(30_000).write(before * MSS);
        assertThat(c.all().size()).isLessThan(before / 2);
    }

    @Test
    @Rfc(value = 7661, section = "4.4.3")
    void afterFiveMinutesItIsHalved() {
        TcpConversation c = busy("rfc7661");
        int before = cwnd(c);
        c.after(299_000);
        flight(c, 1);
        assertThat(cwnd(c)).isEqualTo(before);
        c.after(10_000);
        flight(c, 1);
        assertThat(cwnd(c)).isEqualTo(before / 2);
        assertThat(c.tcb.congestion.ssthreshSegments()).isEqualTo(before * 3 / 4);
    }

    @Test
    @Rfc(value = 7661, section = "4.4.1")
    void aLossLeavesHalfOfWhatWasUsedLessWhatWasLost() {
        TcpConversation c = busy("rfc7661");
        c.after(30_000);
        flight(c, 1);
        flight(c, 1);
        long una = c.hostNext;
        c.write(10 * MSS);
        while (c.tcb.snd.nxt != c.tcb.sendSeq(c.tcb.sendBuffer.end())) {
            c.after(1);
            c.all();
        }
        // the first two are lost
        c.after(50).send("A ack " + una + " <sack " + (una + 2 * MSS) + "-" + (una + 10 * MSS) + ">");
        c.after(30);
        c.all();
        c.after(50).send("A ack " + (una + 10 * MSS));
        assertThat(c.tcb.recovery().state().name()).isEqualTo("OPEN");
        assertThat(cwnd(c)).isEqualTo((10 - 2) / 2);
    }

    /** What counts begins with the acknowledgment that ends recovery, not with what happened before it. */
    @Test
    @Rfc(value = 7661, section = "4.1")
    void afterRecoveryNothingIsKnownAndTheWindowIsValidated() {
        TcpConversation c = busy("rfc7661");
        int before = cwnd(c);
        long una = c.hostNext;
        c.write(before * MSS);
        c.all();
        c.after(50).send("A ack " + una + " <sack " + (una + MSS) + "-" + (una + (long) before * MSS) + ">");
        c.all();
        c.after(150).send("A ack " + (una + (long) before * MSS));
        assertThat(c.tcb.recovery().state().name()).isEqualTo("OPEN");
        assertThat(c.tcb.congestion.usesUnvalidatedWindow()).isFalse();
        assertThat(cwnd(c)).isEqualTo(before / 2);
    }

    @Test
    @Rfc(value = 7661, section = "4.4.1")
    void inTheValidatedPhaseALossIsAnsweredAsUsual() {
        TcpConversation c = busy("rfc7661");
        int before = cwnd(c);
        long una = c.hostNext;
        c.write(before * MSS);
        c.all();
        c.after(50).send("A ack " + una + " <sack " + (una + MSS) + "-" + (una + (long) before * MSS) + ">");
        assertThat(c.tcb.congestion.ssthreshSegments()).isEqualTo(before / 2);
    }

    @Test
    @Rfc(value = 7661, section = "4.4")
    void aTimeoutIsAnsweredAsUsual() {
        TcpConversation c = busy("rfc7661");
        c.after(30_000).write(MSS);
        c.all();
        c.after(5000);
        c.all();
        assertThat(cwnd(c)).isEqualTo(1);
    }

    @Test
    void otherWordsAreRefused() {
        assertThatThrownBy(() -> new Settings().set("sluice.tcp_cwnd_validation", "rfc2861"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sluice.tcp_cwnd_validation = \"rfc2861\": must be linux or rfc7661");
    }
}

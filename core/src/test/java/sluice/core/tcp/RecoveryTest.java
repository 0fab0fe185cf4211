package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.RecoveryState;

/**
 * What tells late segments from lost ones. Segments are of 1448 bytes, with SACK and timestamps; the round trip is 50
 * ms.
 */
class RecoveryTest {
    private static final int MSS = 1448;
    /** The host's timestamps at the start of the conversation's clock. */
    private int ts0;

    /** Ten segments are out, sent at 50 ms. */
    private TcpConversation tenOut() {
        TcpConversation c = with().options(o -> o.sendBufferBytes = 100_000).peer("<mss 1460, sackOK, ts>").synSent()
                .at(50).send("SA <mss 1460, sackOK, ts>")
                .recv("A 1(0)");
        c.write(10 * MSS);
        c.check(c.all().size() == 10, "not ten segments");
        ts0 = c.tcb.timestampClock(c.now()) - 50;
        return c;
    }

    private static int seq(int segment) {
        return 1 + (segment - 1) * MSS;
    }

    /** Reports segments; the timestamps are those of these times of the two clocks, milliseconds. */
    private String ack(TcpConversation c, int segment, int sentAt, int echoOf, int from, int to) {
        String sack = from == 0 ? "" : ", sack " + seq(from) + "-" + seq(to + 1);
        return "A ack " + seq(segment) + " <ts " + (c.peerTs() - (int) c.ms() + sentAt) + "/" + (ts0 + echoOf) + sack
                + ">";
    }

    private String ack(TcpConversation c, int segment, int echoOf, int from, int to) {
        return ack(c, segment, (int) c.ms(), echoOf, from, to);
    }

    /** Segment 1 is marked lost at 100 ms because 2 to 4 arrived, and retransmitted. */
    private TcpConversation firstSentAgain() {
        TcpConversation c = tenOut().at(100);
        for (int i = 2; i <= 4; i++) {
            c.send(ack(c, 1, 50, 2, i));
        }
        c.recv("A 1(1448) ack 1");
        return c;
    }

    @Test
    @Rfc(value = 8985, section = "6.2")
    @Rfc(value = 3522, section = "3.2")
    void anOriginalThatArrivesAfterItsCopyWasSentCondemnsNothing() {
        TcpConversation c = firstSentAgain().at(160);
        // The echo is from before the retransmission: that has not been answered, so 5 to 10, sent before it, are not
        // lost.
        c.send(ack(c, 5, 50, 0, 0));
        c.check(c.tcb.sent.lostOut() == 0, "lost " + c.tcb.sent.lostOut())
                .check(c.tcb.recovery.state() != RecoveryState.RECOVERY, "recovery goes on")
                .check(c.tcb.congestion.cwndSegments() >= 10, "cwnd " + c.tcb.congestion.cwndSegments())
                .counted(Counter.TcpExtTCPPartialUndo, 1);
    }

    @Test
    @Rfc(value = 8985, section = "6.2")
    void aCopyThatIsAnsweredCondemnsWhatWasSentBeforeIt() {
        TcpConversation c = firstSentAgain().at(160);
        c.send(ack(c, 5, 100, 0, 0));
        c.check(c.tcb.sent.lostOut() == 6, "lost " + c.tcb.sent.lostOut())
                .check(c.tcb.recovery.state() == RecoveryState.RECOVERY, "recovery ended");
    }

    @Test
    @Rfc(value = 3708, section = "3")
    void aDuplicateReportedWithinTheScoreboardTakesTheReductionBack() {
        TcpConversation c = tenOut().at(100);
        for (int i = 3; i <= 5; i++) {
            c.send(ack(c, 1, 50, 3, i));
        }
        c.recv("A 1(1448) ack 1").send(ack(c, 1, 50, 3, 6)).recv("A 1449(1448) ack 1");
        int reduced = c.tcb.congestion.ssthreshSegments();
        // The original of 2 arrives late, then its copy: a D-SACK inside what is reported. Then one for the copy of 1,
        // below SND.UNA.
        c.at(110).send(ack(c, 1, 50, 2, 6));
        c.send(sacks(c, 1, 50, "sack " + seq(2) + "-" + seq(3) + " " + seq(2) + "-" + seq(7)));
        c.check(c.tcb.congestion.ssthreshSegments() == reduced, "undone too early");
        c.at(150).send(sacks(c, 11, 100, "sack 1-" + seq(2)));
        c.counted(Counter.TcpExtTCPFullUndo, 1);
        c.check(c.tcb.congestion.ssthreshSegments() > reduced, "not undone");
    }

    private String sacks(TcpConversation c, int segment, int echoOf, String sack) {
        return "A ack " + seq(segment) + " <ts " + c.peerTs() + "/" + (ts0 + echoOf) + ", " + sack + ">";
    }

    @Test
    @Rfc(value = 2883, section = "4")
    void duplicatesOfTheNetworksMakingAreDubious() {
        TcpConversation c = tenOut().at(100);
        c.send(ack(c, 5, 50, 0, 0)).all();
        long delivered = c.tcb.congestion.deliveredSegments();
        c.send(ack(c, 5, 50, 1, 2)).counted(Counter.TcpExtTCPDSACKIgnoredDubious, 1);
        c.check(c.tcb.congestion.deliveredSegments() == delivered, "counted as delivered");
    }

    @Test
    @Rfc(value = 7323, section = "5.2")
    void anOvertakenReportWithASmallerWindowIsTaken() {
        TcpConversation c = tenOut().at(100);
        c.send(ack(c, 1, 100, 50, 3, 3));
        c.at(110).send(ack(c, 1, 95, 50, 2, 2).replace("A ack", "A win 60000 ack"));
        c.counted(Counter.TcpExtPAWSEstab, 0).check(c.tcb.sent.sackedOut() == 2, "reported " + c.tcb.sent.sackedOut());
    }

    @Test
    @Rfc(value = 7323, section = "5.2")
    void anOvertakenReportThatWouldOpenTheWindowIsOld() {
        TcpConversation c = tenOut().at(100);
        c.send(ack(c, 1, 100, 50, 3, 3).replace("A ack", "A win 60000 ack"));
        c.at(110).send(ack(c, 1, 95, 50, 2, 2).replace("A ack", "A win 65000 ack"));
        c.counted(Counter.TcpExtPAWSEstab, 1).check(c.tcb.sent.sackedOut() == 1, "reported " + c.tcb.sent.sackedOut());
    }
}

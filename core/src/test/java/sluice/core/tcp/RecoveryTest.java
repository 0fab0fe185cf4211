package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.core.tcp.recovery.RackTlp;

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
                .check(c.tcb.recovery().state() != RecoveryState.RECOVERY, "recovery goes on")
                .check(c.tcb.congestion.cwndSegments() >= 10, "cwnd " + c.tcb.congestion.cwndSegments())
                .counted(Counter.TcpExtTCPPartialUndo, 1);
    }

    @Test
    @Rfc(value = 8985, section = "6.2")
    void aCopyThatIsAnsweredCondemnsWhatWasSentBeforeIt() {
        TcpConversation c = firstSentAgain().at(160);
        c.send(ack(c, 5, 100, 0, 0));
        c.check(c.tcb.sent.lostOut() == 6, "lost " + c.tcb.sent.lostOut())
                .check(c.tcb.recovery().state() == RecoveryState.RECOVERY, "recovery ended");
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

    /** A duplicate of what was sent once is of the network's making: it says nothing about the copies. */
    @Test
    @Rfc(value = 3708, section = "3")
    void duplicatesOfWhatWasSentOnceTakeNothingBack() {
        TcpConversation c = tenOut().at(100);
        for (int i = 3; i <= 5; i++) {
            c.send(ack(c, 1, 50, 3, i));
        }
        c.recv("A 1(1448) ack 1").send(ack(c, 1, 50, 3, 6)).recv("A 1449(1448) ack 1");
        int reduced = c.tcb.congestion.ssthreshSegments();
        for (int i = 3; i <= 4; i++) {
            c.send(sacks(c, 1, 50, "sack " + seq(i) + "-" + seq(i + 1) + " " + seq(3) + "-" + seq(7)));
        }
        c.check(c.tcb.recovery().state() == RecoveryState.RECOVERY, "recovery ended");
        c.at(150).send(ack(c, 11, 100, 0, 0));
        c.check(c.tcb.congestion.ssthreshSegments() == reduced, "undone").counted(Counter.TcpExtTCPFullUndo, 0)
                .counted(Counter.TcpExtTCPDSACKUndo, 0);
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

    // --- what reports of parts say ---

    /** Segments of 1000 bytes with SACK, without timestamps and probes; so many are out, sent at 50 ms. */
    private static TcpConversation plain(int segments) {
        TcpConversation c = with().set("tcp_early_retrans", 0).options(o -> o.sendBufferBytes = 100_000).synSent()
                .at(50).send("SA <mss 1000, sackOK>").recv("A 1(0)");
        c.write(segments * 1000);
        c.check(c.all().size() == Math.min(10, segments), "not all sent");
        return c;
    }

    /** RFC 2018 section 5: a segment is reported when all of it is. */
    @Test
    @Rfc(value = 2018, section = "5")
    void aSegmentOfWhichAPartIsReportedHasNotArrived() {
        TcpConversation c = plain(10);
        c.send("A ack 1 <sack 2001-2501>").check(c.tcb.sent.sackedOut() == 0, "the first half of 3 counts");
        c.send("A ack 1 <sack 2500-3001>").check(c.tcb.sent.sackedOut() == 0, "the last half of 3 counts");
        c.send("A ack 1 <sack 3001-4501>").check(c.tcb.sent.sackedOut() == 1, "4 counts, and the half of 5 does not");
        c.send("A ack 1 <sack 5500-7001>").check(c.tcb.sent.sackedOut() == 2, "7 counts, and the half of 6 does not");
        c.send("A ack 1 <sack 8002-9000>").check(c.tcb.sent.sackedOut() == 2, "nearly all of 9 counts");
        c.send("A ack 1 <sack 8001-9001>").check(c.tcb.sent.sackedOut() == 3, "9 does not count");
    }

    @Test
    @Rfc(value = 2018, section = "5")
    void whatWasNotSentOrIsAcknowledgedIsNotReported() {
        TcpConversation c = plain(10);
        c.send("A ack 2001 <sack 9001-11001>").check(c.tcb.sent.sackedOut() == 0, "beyond SND.NXT");
        c.send("A ack 2001 <sack 5001-4001>").check(c.tcb.sent.sackedOut() == 0, "backwards");
        c.counted(Counter.TcpExtTCPSACKDiscard, 2);
    }

    // --- F-RTO ---

    /**
     * RFC 5682 section 3.1, step 3a: a duplicate after the new data means that something was lost; an original that
     * arrives later proves nothing any more.
     */
    @Test
    @Rfc(value = 5682, section = "3.1")
    void afterADuplicateAnOriginalDoesNotShowThatTheTimeoutWasSpurious() {
        TcpConversation c = plain(14);
        c.next();
        c.recv("A 1(1000)").send("A ack 1001").recv("A 10001(1000)", "A 11001(1000)");
        c.send("A ack 1001 <sack 10001-11001>").all();
        c.send("A ack 1001 <sack 7001-8001 10001-11001>").counted(Counter.TcpExtTCPSpuriousRTOs, 0);
        c.check(c.tcb.recovery().state() == RecoveryState.LOSS, "the timeout was taken back");
    }

    @Test
    @Rfc(value = 5682, section = "3.1")
    void withoutADuplicateAnOriginalShowsThatTheTimeoutWasSpurious() {
        TcpConversation c = plain(14);
        c.next();
        c.recv("A 1(1000)").send("A ack 1001").recv("A 10001(1000)", "A 11001(1000)");
        c.send("A ack 2001").counted(Counter.TcpExtTCPSpuriousRTOs, 1);
        c.check(c.tcb.recovery().state() != RecoveryState.LOSS, "the timeout was not taken back");
    }

    @Test
    @Rfc(value = 5682, section = "3.1")
    void switchedOffItNeverAsks() {
        TcpConversation c = with().set("tcp_early_retrans", 0).set("tcp_frto", 0)
                .options(o -> o.sendBufferBytes = 100_000).peer("<mss 1000, sackOK>").established();
        c.write(14_000);
        c.all();
        c.next();
        c.recv("A 1(1000)").send("A ack 1001").recv("A 1001(1000)", "A 2001(1000)");
        c.counted(Counter.TcpExtTCPSpuriousRTOs, 0);
    }

    // --- undo ---

    /** Segment {@code from} is lost when the three behind it arrive, and retransmitted; then all is acknowledged. */
    private static void episode(TcpConversation c, int from, int end) {
        for (int i = 1; i <= 3; i++) {
            c.send("A ack " + from + " <sack " + (from + 1000) + "-" + (from + 1000 + i * 1000) + ">");
        }
        c.check(c.tcb.recovery().state() == RecoveryState.RECOVERY, "no recovery");
        c.check(c.all().stream().anyMatch(s -> s.seq == from), "nothing retransmitted");
        c.after(50).send("A ack " + end);
    }

    /**
     * RFC 3708 section 3: a duplicate of an earlier episode's copy says nothing about this episode's, which was not
     * spurious.
     */
    @Test
    @Rfc(value = 3708, section = "3")
    void aDuplicateOfAnEarlierEpisodeTakesNothingBack() {
        TcpConversation c = plain(10).at(100);
        episode(c, 1, 10_001);
        c.write(6000).after(1);
        c.all();
        for (int i = 1; i <= 3; i++) {
            c.send("A ack 10001 <sack 11001-" + (11_001 + i * 1000) + ">");
        }
        c.check(c.tcb.recovery().state() == RecoveryState.RECOVERY, "no second recovery").all();
        int reduced = c.tcb.congestion.ssthreshSegments();
        c.send("A ack 10001 <sack 1-1001 11001-14001>").counted(Counter.TcpExtTCPDSACKIgnoredOld, 1)
                .counted(Counter.TcpExtTCPDSACKUndo, 0);
        c.check(c.tcb.recovery().state() == RecoveryState.RECOVERY, "the second reduction was taken back")
                .check(c.tcb.congestion.ssthreshSegments() == reduced, "ssthresh rose");
    }

    @Test
    @Rfc(value = 3708, section = "3")
    void aDuplicateOfThisEpisodesCopyTakesTheReductionBack() {
        TcpConversation c = plain(10).at(100);
        int before = c.tcb.congestion.cwndSegments();
        episode(c, 1, 10_001);
        c.check(c.tcb.congestion.ssthreshSegments() < before, "not reduced");
        c.send("A ack 10001 <sack 1-1001>").counted(Counter.TcpExtTCPDSACKUndo, 1);
        c.check(c.tcb.congestion.cwndSegments() >= before, "cwnd " + c.tcb.congestion.cwndSegments());
    }

    // --- RACK's reordering window ---

    /** RFC 8985 section 6.2, step 4: wider once for each round trip with a spurious retransmission. */
    @Test
    @Rfc(value = 8985, section = "6.2")
    void theReorderingWindowWidensOnceARoundTrip() {
        TcpConversation c = plain(1).at(100).send("A ack 1001").write(1000);
        RackTlp rack = c.tcb.recovery().rackTlp();
        long quarter = rack.reorderingWindowNs();
        c.check(quarter == 12_500_000, "a quarter of the round trip is " + quarter);
        long delivered = c.tcb.congestion.deliveredSegments();
        rack.wasTooQuick();
        rack.adaptReorderingWindow(delivered);
        c.check(rack.reorderingWindowNs() == 2 * quarter, "first " + rack.reorderingWindowNs());
        rack.wasTooQuick();
        rack.adaptReorderingWindow(delivered - 1);
        c.check(rack.reorderingWindowNs() == 2 * quarter, "twice in a round trip: " + rack.reorderingWindowNs());
        rack.wasTooQuick();
        rack.adaptReorderingWindow(delivered);
        c.check(rack.reorderingWindowNs() == 3 * quarter, "the next round trip: " + rack.reorderingWindowNs());
    }

    /** RFC 8985 section 6.2, step 4: back to the shortest after 16 recoveries without another. */
    @Test
    @Rfc(value = 8985, section = "6.2")
    void theReorderingWindowIsNarrowAgainAfterSixteenRecoveries() {
        TcpConversation c = plain(1).at(100).send("A ack 1001").write(1000);
        RackTlp rack = c.tcb.recovery().rackTlp();
        long quarter = rack.reorderingWindowNs();
        long delivered = c.tcb.congestion.deliveredSegments();
        rack.wasTooQuick();
        rack.adaptReorderingWindow(delivered);
        for (int i = 1; i <= 15; i++) {
            rack.recoveryEnded();
            rack.adaptReorderingWindow(delivered);
            c.check(rack.reorderingWindowNs() == 2 * quarter, "narrow after " + i);
        }
        rack.recoveryEnded();
        rack.adaptReorderingWindow(delivered);
        c.check(rack.reorderingWindowNs() == quarter, "still " + rack.reorderingWindowNs());
    }
}

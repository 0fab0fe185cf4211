package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.LinkProperties;
import sluice.core.Pollable;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;

/** CLOSE and ABORT, half-close, the states after them, TIME-WAIT, and orphans. */
class CloseTest {
    // --- FIN from us ---

    @Test
    @Rfc(value = 9293, section = "3.10.4")
    void closeFollowsTheQueuedData() {
        established().write(2000).shutdownWrite().recv("A 1(1460) ack 1", "FPA 1461(540) ack 1")
                .state(TcpState.FIN_WAIT_1).send("A")
                .state(TcpState.FIN_WAIT_2);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.4")
    void aSecondCloseSendsNoSecondFin() {
        with().finWait1().shutdownWrite().close().recvNothing().state(TcpState.FIN_WAIT_1);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.2")
    void sendingAfterCloseFails() {
        with().finWait1().writeFails(Errno.EPIPE);
        with().finWait2().writeFails(Errno.EPIPE);
        with().lastAck().writeFails(Errno.EPIPE);
        with().closing().writeFails(Errno.EPIPE);
        with().timeWait().writeFails(Errno.EPIPE);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.4")
    void closingInSynSentForgetsTheConnection() {
        with().synSent().close().recvNothing().state(TcpState.CLOSED).nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.6")
    void aFinIsSentAgainUntilAcknowledged() {
        with().finWait1().recvAt(200.001, "FA 1(0) ack 1");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void anAcknowledgmentOfTheDataButNotTheFinStaysInFinWait1() {
        established().write(10).shutdownWrite().recv("FPA 1(10)").send("A ack 11").recvNothing()
                .state(TcpState.FIN_WAIT_1).send("A ack 12")
                .state(TcpState.FIN_WAIT_2);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void dataIsReceivedInFinWait1AndFinWait2() {
        with().finWait1().send("PA (10) ack 1").recv("A 2(0) ack 11").read(10).send("A (5) ack 2").recv("A 2(0) ack 16")
                .state(TcpState.FIN_WAIT_2).read(5)
                .send("A (7)")
                .recv("A 2(0) ack 23").read(7);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aFinThatAcknowledgesOursGoesStraightToTimeWait() {
        with().finWait1().send("FA ack 2").recv("A 2(0) ack 2").state(TcpState.TIME_WAIT).inTable(TcpState.TIME_WAIT);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void simultaneousCloseGoesThroughClosing() {
        with().closing().send("A ack 2").recvNothing().state(TcpState.TIME_WAIT).inTable(TcpState.TIME_WAIT);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void inClosingAnAcknowledgmentThatMissesTheFinIsIgnored() {
        with().closing().send("A ack 1").recvNothing().state(TcpState.CLOSING);
    }

    // --- FIN from the peer ---

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "MUST-12")
    void aFinEndsTheStreamAfterTheData() {
        TcpConversation c = established().send("FPA (10)").after(40).recv("A 1(0) ack 12").state(TcpState.CLOSE_WAIT)
                .ready(Pollable.READABLE | Pollable.READ_HANGUP);
        c.read(10).readEnd().readEnd().notReady(Pollable.ERROR | Pollable.HANGUP);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.2")
    void dataMayBeSentInCloseWait() {
        with().closeWait().write(10).recv("PA 1(10) ack 2").send("A ack 11").shutdownWrite().recv("FA 11(0) ack 2")
                .state(TcpState.LAST_ACK).send("A ack 12")
                .state(TcpState.CLOSED);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void theAcknowledgmentOfTheLastFinEndsTheConnection() {
        with().lastAck().send("A ack 2").recvNothing().state(TcpState.CLOSED).nothingLeft().readEnd();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void inLastAckAnAcknowledgmentThatMissesTheFinIsIgnored() {
        with().lastAck().send("A ack 1").recvNothing().state(TcpState.LAST_ACK);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aRepeatedFinIsAcknowledgedAgainInEveryStateAfterIt() {
        with().closeWait().send("FA 1(0)").recv("A 1(0) ack 2").state(TcpState.CLOSE_WAIT);
        with().lastAck().send("FA 1(0) ack 1").recv("A 2(0) ack 2").state(TcpState.LAST_ACK);
        with().closing().send("FA 1(0) ack 1").recv("A 2(0) ack 2").state(TcpState.CLOSING);
        with().timeWait().send("FA 1(0)").recv("A 2(0) ack 2").inTable(TcpState.TIME_WAIT);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void textAndUrgentPointersAfterAFinAreIgnored() {
        TcpConversation c = with().closeWait();
        c.send("PA 2(10)").recvNothing().send("UA 2(0) urg 5").recvNothing().state(TcpState.CLOSE_WAIT)
                .notReady(Pollable.URGENT).readEnd();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "SHLD-31")
    void aFinAheadOfMissingDataWaitsForIt() {
        TcpConversation c = established().send("FPA 11(10)").recv("A 1(0) ack 1").state(TcpState.ESTABLISHED)
                .send("A 1(10)").recv("A 1(0) ack 22");
        c.state(TcpState.CLOSE_WAIT).read(20).readEnd();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "SHLD-31")
    void aBareFinAheadOfMissingDataWaitsForIt() {
        TcpConversation c = established().send("FA 11(0)").recv("A 1(0) ack 1").state(TcpState.ESTABLISHED)
                .send("A 1(10)").recv("A 1(0) ack 12");
        c.state(TcpState.CLOSE_WAIT).read(10).readEnd();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aFinBeyondTheWindowIsNotTakenWithTheDataBeforeIt() {
        TcpConversation c = with().options(o -> o.receiveBufferBytes = 1000).established();
        c.send("FPA 1(1500)").recv("A 1(0) ack 1001 win 0").state(TcpState.ESTABLISHED).read(1000)
                .recv("A 1(0) ack 1001 win 1000").send("FPA 1001(500)");
        c.after(40).recv("A 1(0) ack 1502").state(TcpState.CLOSE_WAIT).read(500).readEnd();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aFinExactlyAtTheRightEdgeIsTaken() {
        TcpConversation c = with().options(o -> o.receiveBufferBytes = 1000).established();
        c.send("FPA 1(1000)").after(40).recv("A 1(0) ack 1002").state(TcpState.CLOSE_WAIT).read(1000).readEnd();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aBareFinIntoAZeroWindowIsTaken() {
        TcpConversation c = with().options(o -> o.receiveBufferBytes = 1000).established();
        c.send("PA 1(1000)").recv("A 1(0) ack 1001 win 0").send("FA 1001(0)").after(40)
                .recv("A 1(0) ack 1002 win 0").state(TcpState.CLOSE_WAIT);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aFinWithoutAckIsDropped() {
        established().send("F 1(0)").recvNothing().state(TcpState.ESTABLISHED);
    }

    // --- unread data, linger, abort ---

    @Test
    @Rfc(value = 9293, section = "3.6.1", req = {"SHLD-3", "MAY-1"})
    void closingWithUnreadDataResets() {
        TcpConversation c = established().send("PA (10)").recv("A 1(0) ack 11").close();
        c.recv("RA 1(0) ack 11 win 0").nothingLeft().counted(Counter.TcpExtTCPAbortOnClose, 1);
    }

    @Test
    @Rfc(value = 9293, section = "3.6.1", req = {"SHLD-3", "MAY-1"})
    void dataForAClosedApplicationDrawsAReset() {
        for (int state = 1; state <= 2; state++) {
            TcpConversation c = established().close().recv("FA 1(0) ack 1");
            if (state == 2) {
                c.send("A").recvNothing().state(TcpState.FIN_WAIT_2);
            }
            c.send("PA 1(10)").recv("R 2(0)").nothingLeft().counted(Counter.TcpExtTCPAbortOnData, 1);
        }
    }

    @Test
    void dataAfterBothDirectionsWereShutDrawsAReset() {
        TcpConversation c = established();
        c.tcb.shutdownRead(c.now());
        c.shutdownWrite().recv("FA 1(0)").send("A").send("PA 1(10)").recv("R 2(0)").state(TcpState.CLOSED);
    }

    @Test
    void shutdownOfReadingAloneAcknowledgesDataAsAlways() {
        TcpConversation c = established();
        c.tcb.shutdownRead(c.now());
        c.readEnd().send("PA (10)").recv("A 1(0) ack 11").state(TcpState.ESTABLISHED);
    }

    @Test
    void lingerZeroResetsInsteadOfClosing() {
        TcpConversation c = with().options(o -> o.lingerSeconds = 0).established().write(5000);
        c.close().check(c.any().has(Seg.RST | Seg.ACK), "no reset").recvNothing().nothingLeft();
    }

    @Test
    void lingerWithTimeClosesInOrder() {
        with().options(o -> o.lingerSeconds = 5).established().close().recv("FA 1(0) ack 1").state(TcpState.FIN_WAIT_1);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.5")
    void abortSendsAResetAndForgetsEverything() {
        established().write(10).recv("PA 1(10)").abort().recv("RA 11(0) ack 1 win 0").state(TcpState.CLOSED)
                .nothingLeft();
        with().finWait1().abort().recv("RA 2(0) ack 1").nothingLeft();
        with().finWait2().abort().recv("RA 2(0) ack 1").nothingLeft();
        with().closeWait().abort().recv("RA 1(0) ack 2").nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.5")
    void abortInSynSentIsSilent() {
        with().synSent().abort().recvNothing().state(TcpState.CLOSED).nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.5")
    void abortAfterCrossingSynsSendsAReset() {
        with().synSent().send("S 0(0) <mss 1460>").recv("SA 0(0) ack 1").abort().recv("RA 1(0) ack 1").nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.6")
    void statusTellsTheState() {
        TcpConversation c = with().finWait2();
        c.check(c.tcb.info(c.now()).state == TcpState.FIN_WAIT_2, "wrong state");
    }

    @Test
    void everyEndFromEstablishedOrCloseWaitCountsAsAReset() {
        TcpConversation c = established().abort();
        c.counted(Counter.TcpEstabResets, 1).counted(Counter.TcpCurrEstab, 0);
        TcpConversation d = with().closeWait().counted(Counter.TcpCurrEstab, 1).abort();
        d.counted(Counter.TcpEstabResets, 1);
        TcpConversation e = with().finWait1().abort();
        e.counted(Counter.TcpEstabResets, 0);
    }

    // --- orphans ---

    @Test
    void anOrphanInFinWait2EndsAfterAMinute() {
        TcpConversation c = established().close().recv("FA 1(0)").at(100).send("A");
        c.quietUntil(60_099).inTable(TcpState.FIN_WAIT_2).quietUntil(60_100).nothingLeft();
    }

    @Test
    void anOrphansTimeInFinWait2CanBeChosen() {
        with().options(o -> o.finTimeoutSeconds = 7).finWait2().close().quietUntil(6999).inTable(TcpState.FIN_WAIT_2)
                .quietUntil(7000).nothingLeft();
        with().options(o -> o.finTimeoutSeconds = -1).finWait2().close().nothingLeft();
    }

    @Test
    void aFinWait2WithAnOwnerWaitsForEver() {
        with().finWait2().quietUntil(86_400_000).state(TcpState.FIN_WAIT_2);
    }

    /** It goes without a reset, as on Linux: who has not answered eight times hears none either. */
    @Test
    void anOrphanGivesUpAfterEightRetransmissions() {
        TcpConversation c = established().close().recv("FA 1(0)");
        int sent = 0;
        while (c.host.tcp().tableSize() > 0) {
            c.after(100);
            for (Seg s : c.all()) {
                c.check(!s.has(Seg.RST), "a reset");
                sent++;
            }
        }
        c.check(sent == 8 || sent == 9, sent + " retransmissions").recvNothing().nothingLeft()
                .counted(Counter.TcpExtTCPAbortOnTimeout, 1);
    }

    /** As tcp_orphan_retries of Linux: where the timeout is as long as it gets, and where ICMP says so, no more. */
    @Test
    void anOrphanGivesUpSoonerWhereTheTimeoutIsBounded() {
        TcpConversation c = with().set("tcp_rto_max_ms", 1000).established().close().recv("FA 1(0)");
        int sent = 0;
        while (c.host.tcp().tableSize() > 0) {
            c.after(100);
            sent += c.all().size();
        }
        c.check(sent == 3, sent + " retransmissions").check(c.ms() < 3000, c.ms() + " ms").nothingLeft();
    }

    @Test
    void moreOrphansThanAllowedAreReset() {
        TcpConversation c = with().set("tcp_max_orphans", 0).established().close();
        c.recv("RA 1(0) ack 1").nothingLeft().counted(Counter.TcpExtTCPAbortOnMemory, 1);
    }

    // --- TIME-WAIT ---

    @Test
    @Rfc(value = 9293, section = "3.6.1", req = "MUST-13")
    void timeWaitLastsTwoMaximumSegmentLifetimes() {
        with().timeWait().quietUntil(59_999).inTable(TcpState.TIME_WAIT).quietUntil(60_000).inTable(TcpState.CLOSED)
                .nothingLeft().counted(Counter.TcpExtTW, 1);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "MUST-13")
    void aRepeatedFinStartsTimeWaitAnew() {
        with().timeWait().quietUntil(50_000).send("FA 1(0)").recv("A 2(0) ack 2").quietUntil(109_999)
                .inTable(TcpState.TIME_WAIT).quietUntil(110_000)
                .nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void everyRepeatedFinInTimeWaitIsAcknowledged() {
        with().timeWait().at(10).send("FA 1(0)").recv("A 2(0) ack 2").at(20).send("FA 1(0)").recv("A 2(0) ack 2").at(30)
                .send("FA 1(0)").recv("A 2(0) ack 2");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void oldDataInTimeWaitIsAcknowledgedAndDropped() {
        with().timeWait().at(10_000).send("PA 1(0) ack 2").recv("A 2(0) ack 2").quietUntil(60_000).nothingLeft();
    }

    @Test
    void acknowledgmentsOfDatalessSegmentsInTimeWaitAreLimited() {
        TcpConversation c = with().timeWait().at(10).send("A 1(0) ack 2").recv("A 2(0) ack 2").send("A 1(0) ack 2")
                .recvNothing()
                .counted(Counter.TcpExtTCPACKSkippedTimeWait, 1);
        c.at(510).send("A 1(0) ack 2").recv("A 2(0) ack 2");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void anExactResetEndsTimeWait() {
        with().timeWait().send("R 2(0)").recvNothing().nothingLeft().counted(Counter.TcpExtTWKilled, 1);
        with().timeWait().send("R 3(0)").recvNothing().inTable(TcpState.TIME_WAIT);
    }

    @Test
    @Rfc(value = 1337, section = "4")
    void aResetDoesNotEndTimeWaitWhenRfc1337IsOn() {
        with().set("tcp_rfc1337", 1).timeWait().send("R 2(0)").recvNothing().inTable(TcpState.TIME_WAIT);
    }

    private static TcpConversation serverTimeWait(String options) {
        TcpConversation c = with().peer(options).accepted();
        c.close().recv("FA 1(0) ack 1").send("FA ack 2").recv("A 2(0) ack 2");
        return c.inTable(TcpState.TIME_WAIT);
    }

    @Test
    @Rfc(value = 9293, section = "3.6.1", req = "MAY-2")
    void aSynAboveTheOldNumbersReopensATimeWait() {
        TcpConversation c = serverTimeWait("<mss 1460>");
        int old = c.hostIsn;
        c.at(1000).send("S 100(0) <mss 1460>");
        Seg s = c.any();
        c.check(s.has(Seg.SYN | Seg.ACK) && s.ack == 101, "no SYN-ACK: " + s);
        c.check(s.seq > 2, "the new ISS " + s.seq + " is not above what was used (" + old + ")");
        c.inTable(TcpState.SYN_RECEIVED);
    }

    @Test
    @Rfc(value = 9293, section = "3.6.1", req = "MAY-2")
    void aSynBelowTheOldNumbersDoesNotReopenATimeWait() {
        serverTimeWait("<mss 1460>").at(1000).send("S 0(0) <mss 1460>").recv("A 2(0) ack 2")
                .inTable(TcpState.TIME_WAIT);
    }

    @Test
    @Rfc(value = 6191, section = "2")
    @Rfc(value = 9293, section = "3.6.1", req = "SHLD-4")
    void aSynWithANewerTimestampReopensATimeWaitWhateverItsNumber() {
        TcpConversation c = serverTimeWait("<mss 1460, ts, sackOK>").at(1000).send("S 0(0) <mss 1460, ts>");
        c.check(c.any().has(Seg.SYN | Seg.ACK), "no SYN-ACK").inTable(TcpState.SYN_RECEIVED);
    }

    @Test
    @Rfc(value = 6191, section = "2")
    void aSynWithAnOlderTimestampDoesNotReopenATimeWait() {
        TcpConversation c = serverTimeWait("<mss 1460, ts, sackOK>").at(1000).send("S 100(0) <mss 1460, ts 5/0>");
        c.recv("A 2(0) ack 2").inTable(TcpState.TIME_WAIT).counted(Counter.TcpExtPAWSTimewait, 1);
    }

    @Test
    void aSynForAReopenedConnectionDoesNotLeaveItsNumberBehind() {
        TcpConversation c = serverTimeWait("<mss 1460>").at(1000);
        FourTuple t = c.tcb.tuple();
        int plain = c.host.tcp().initialSequence(t, c.now());
        c.listener.close(c.now());
        c.send("S 100(0) <mss 1460>").all();
        c.check(c.host.tcp().initialSequence(t, c.now()) == plain, "a noted number is used later");
    }

    @Test
    void whatWasReadableStaysReadableInTimeWait() {
        TcpConversation c = with().finWait2().send("FPA (10)").recv("A 2(0) ack 12").state(TcpState.TIME_WAIT).read(10)
                .readEnd();
        c.at(60_000).nothingLeft();
    }

    @Test
    void tooManyTimeWaitsAreClosedAtOnce() {
        TcpConversation c = with().set("tcp_max_tw_buckets", 0).timeWait();
        c.inTable(TcpState.CLOSED).counted(Counter.TcpExtTCPTimeWaitOverflow, 1).nothingLeft();
    }

    // --- the FIN and the peer's window ---

    @Test
    @Rfc(value = 9293, section = "3.8.6")
    void aFinDoesNotRideBeyondTheWindowOfASuperSegment() {
        LinkProperties cutting = new LinkProperties(false, 0, 1500, 65_535, false, false, false);
        TcpConversation c = with().link(cutting).peer("<mss 1000>").window(4000).established().write(8000)
                .recv("PA 1(2000)", "PA 2001(2000)").close().send("A ack 4001 win 4000")
                .recv("PA 4001(2000)", "PA 6001(2000)");
        c.send("A ack 8001 win 1").recv("FA 8001(0)");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = "SHLD-16")
    void aFinThatTheWindowLeftBehindIsNotRetransmittedBeyondIt() {
        LinkProperties cutting = new LinkProperties(false, 0, 1500, 65_535, false, false, false);
        TcpConversation c = with().link(cutting).peer("<mss 1000>").established();
        c.options(o -> o.cork = true).write(3500).recv("PA 1(3000)").close().recv("FPA 3001(500)");
        c.send("A ack 1001 win 2500").recvAt(200.001, "A 1001(1000)").send("A ack 2001 win 1500");
        c.recv("A 2001(1000)", "PA 3001(500)").send("A ack 3501 win 0");
        c.after(300).send("A ack 3501 win 5").state(TcpState.FIN_WAIT_1);
    }
}

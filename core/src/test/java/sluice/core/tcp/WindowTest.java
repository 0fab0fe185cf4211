package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.Pollable;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;

/**
 * Windows both ways: scaling, shrinking, zero windows and their probes, silly windows, Nagle, delayed acknowledgments,
 * PSH.
 */
class WindowTest {
    // --- what the peer's window allows ---

    @Test
    @Rfc(value = 9293, section = "3.8.6")
    void noMoreIsSentThanTheWindowTakes() {
        with().window(2000).established().write(5000).recv("A 1(1000) ack 1", "PA 1001(1000) ack 1").send("A ack 2001")
                .recv("A 2001(1000)", "PA 3001(1000)");
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = {"MUST-1", "REC-1"})
    void aWindowOf65535IsNotNegative() {
        TcpConversation c = with().window(65_535).established();
        c.check(c.tcb.snd.wnd == 65_535, "window " + c.tcb.snd.wnd).write(14_600);
        c.check(c.all().size() == 10, "not the whole initial window was sent");
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = "REC-1")
    void theLargestScaledWindowIsHeld() {
        TcpConversation c = with().peer("<mss 1460, wscale 14>").established().send("A");
        c.check(c.tcb.snd.wnd == 65_535 << 14, "window " + c.tcb.snd.wnd);
    }

    @Test
    @Rfc(value = 7323, section = "2.3")
    void aShiftAboveFourteenIsTakenAsFourteen() {
        TcpConversation c = with().peer("<mss 1460, wscale 200>").established().send("A");
        c.check(c.tcb.agreed.peerShift == 14, "shift " + c.tcb.agreed.peerShift).write(100).recv("PA 1(100)");
    }

    @Test
    @Rfc(value = 7323, section = "2.2")
    void theWindowOfASynAckIsNotScaled() {
        TcpConversation c = with().window(1000).peer("<mss 100, wscale 7>").established();
        c.check(c.tcb.snd.wnd == 1000, "window " + c.tcb.snd.wnd);
    }

    @Test
    @Rfc(value = 7323, section = "2.2")
    void theWindowOfOurSynAckIsNotScaledAndLaterOnesAre() {
        TcpConversation c = with().peer("<mss 1460, wscale 2>").listening().send("S 0(0) <mss 1460, wscale 2>")
                .recv("SA 0(0) win 64240 <wscale 10>").send("A");
        c.tcb = c.listener.accept();
        c.send("PA (10)");
        Seg s = c.any();
        c.check(s.win == 63 || s.win == 64, "window field " + s.win);
    }

    @Test
    @Rfc(value = 7323, section = "1.3")
    void withoutTheOptionNoWindowIsScaled() {
        TcpConversation c = established().send("PA (10)");
        c.recv("A 1(0) ack 11 win 64230").check(c.tcb.agreed.ourShift == 0 && c.tcb.agreed.peerShift == 0, "shifted");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void anOldSegmentDoesNotChangeTheWindow() {
        TcpConversation c = established().send("A 1(10)").recv("A 1(0) ack 11").send("A 11(10)").recv("A 1(0) ack 21");
        c.send("A 1(30) win 10").check(c.tcb.snd.wnd == 65_535, "window " + c.tcb.snd.wnd).send("A 31(0) win 10").check(
                c.tcb.snd.wnd == 10,
                "window " + c.tcb.snd.wnd);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void anOldAcknowledgmentDoesNotChangeTheWindow() {
        TcpConversation c = established().write(20).recv("PA 1(20)").send("A ack 21 win 5000").send("A ack 11 win 10");
        c.check(c.tcb.snd.wnd == 5000, "window " + c.tcb.snd.wnd);
    }

    // --- a window that shrinks ---

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = {"MUST-34", "SHLD-15", "SHLD-16"})
    void aShrunkWindowStopsNewDataAndWhatIsInsideIsSentAgain() {
        TcpConversation c = with().window(2000).established().write(5000).recv("A 1(1000)", "PA 1001(1000)")
                .send("A ack 1 win 1000").recvNothing();
        c.recvAt(200.001, "A 1(1000) ack 1").send("A ack 1001 win 1000").recv("PA 1001(1000)")
                .send("A ack 2001 win 1000").recv("A 2001(1000)");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = "MUST-34")
    void anAcknowledgmentUnderAShrunkWindowStaysAcceptable() {
        TcpConversation c = with().window(2000).established().write(2000).recv("A 1(1000)", "PA 1001(1000)")
                .send("A ack 1 win 100")
                .send("PA (10) ack 1 win 100");
        c.recv("A 101(0) ack 11").abort().recv("RA 101(0) ack 11");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = {"MUST-35", "MUST-37", "SHLD-17", "MAY-7"})
    void aWindowShrunkToNothingIsProbedForAsLongAsThePeerAnswers() {
        TcpConversation c = with().window(2000).established().write(2000).recv("A 1(1000)", "PA 1001(1000)")
                .send("A ack 1 win 0");
        double last = c.ms();
        for (int i = 0; i < 60; i++) {
            double now = c.next();
            c.check(now - last <= 120_001, "no probe for " + (now - last) + " ms");
            last = now;
            c.recv("A 1(1000) ack 1").send("A ack 1 win 0").state(TcpState.ESTABLISHED);
        }
        c.check(last > 3_600_000, "an hour has not passed").send("A ack 1001 win 2000").after(1);
        c.check(c.all().getFirst().seq == 1001, "the rest was not sent").state(TcpState.ESTABLISHED);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = "MUST-35")
    void aWindowThatOpensAgainAfterAnHourDoesNotEndTheConnection() {
        TcpConversation c = with().window(2000).established().write(2000).recv("A 1(1000)", "PA 1001(1000)")
                .send("A ack 1 win 0");
        while (c.ms() < 3_600_000) {
            c.next();
            c.recv("A 1(1000) ack 1").send("A ack 1 win 0");
        }
        c.send("A ack 1 win 2000").next();
        c.check(c.all().getFirst().seq == 1, "not retransmitted").state(TcpState.ESTABLISHED);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = "MUST-35")
    void aPeerThatShrinksItsWindowToNothingAndDiesIsGivenUp() {
        TcpConversation c = with().window(2000).established().write(2000).recv("A 1(1000)", "PA 1001(1000)")
                .send("A ack 1 win 0").at(4_000_000);
        c.state(TcpState.CLOSED).readFails(Errno.ETIMEDOUT);
    }

    // --- zero window ---

    private static TcpConversation zeroWindow() {
        return with().window(1000).established().write(2000).recv("A 1(500)", "PA 501(500)").send("A ack 1001 win 0")
                .recvNothing();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1", req = {"MUST-36", "SHLD-29", "SHLD-30"})
    void aZeroWindowIsProbedAfterOneRtoAndEverMoreRarely() {
        TcpConversation c = zeroWindow();
        double expected = 0;
        for (int i = 0; i < 9; i++) {
            expected += 200.001 * (1 << i);
            c.recvAt(expected, "A 1000(0) ack 1").send("A ack 1001 win 0");
        }
        c.counted(Counter.TcpExtTCPWinProbe, 9);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1", req = "MUST-37")
    void aPeerThatAnswersProbesIsNeverGivenUp() {
        TcpConversation c = zeroWindow();
        double last = 0;
        for (int i = 0; i < 400; i++) {
            double now = c.next();
            c.check(now - last < 120_001, "no probe for two minutes");
            last = now;
            c.recv("A 1000(0) ack 1").send("A ack 1001 win 0").state(TcpState.ESTABLISHED);
        }
        c.check(last > 10 * 3_600_000, "ten hours have not passed").send("A ack 1001 win 1000").recv("A 1001(500)",
                "PA 1501(500)");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1", req = "MUST-36")
    void aPeerThatDoesNotAnswerProbesIsGivenUp() {
        TcpConversation c = zeroWindow();
        int probes = 0;
        while (c.tcb.state() != TcpState.CLOSED) {
            c.after(1000);
            probes += c.all().size();
        }
        c.check(probes == 15, probes + " probes").readFails(Errno.ETIMEDOUT).nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1", req = "MUST-36")
    void anOpenedWindowIsUsedAtOnce() {
        zeroWindow().at(50).send("A ack 1001 win 1000").recv("A 1001(500)", "PA 1501(500)");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1", req = "MUST-36")
    void aFinBehindAZeroWindowIsProbedForToo() {
        TcpConversation c = with().window(1000).established();
        c.write(1000).recv("A 1(500)", "PA 501(500)").send("A ack 1001 win 0").shutdownWrite().recvNothing()
                .recvAt(200.001, "A 1000(0) ack 1");
        c.send("A ack 1001 win 10").recv("FA 1001(0)");
    }

    @Test
    void anOrphanBehindAZeroWindowIsGivenUp() {
        TcpConversation c = zeroWindow().close();
        int probes = 0;
        while (c.host.tcp().tableSize() > 0 && c.ms() < 4_000_000) {
            c.after(1000);
            probes += c.all().size();
        }
        c.check(probes == 8, probes + " probes").nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.2.1", req = "MUST-38")
    void aWindowTooSmallForASegmentIsUsedOnlyAfterAWhile() {
        TcpConversation c = with().window(10_000).established().write(3000)
                .recv("A 1(1460)", "A 1461(1460)", "PA 2921(80)").send("A ack 3001 win 100");
        c.write(1000).recvNothing().recvAt(200.001, "A 3001(100)").send("A ack 3101 win 100").recvNothing();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.2.1", req = "MUST-38")
    void halfOfTheLargestWindowIsEnoughForASegment() {
        with().window(1000).established().write(600).recv("A 1(500)", "PA 501(100)");
    }

    // --- the window we offer ---

    private static TcpConversation buffer(int bytes) {
        return with().options(o -> o.receiveBufferBytes = bytes).established();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.2.2", req = {"MUST-39", "MAY-8"})
    void aSmallGainOfRoomIsNotOffered() {
        TcpConversation c = buffer(3000);
        c.send("A (1460)").recv("A 1(0) ack 1461 win 1460").send("A (1460)").after(40).recv("A 1(0) ack 2921 win 0");
        c.read(100).recvNothing().read(1279).recvNothing().read(1).recv("A 1(0) ack 2921 win 1460").quietUntil(100_000);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.2.2", req = "MUST-39")
    void aSmallBufferIsOfferedByHalves() {
        TcpConversation c = buffer(400).send("PA (400)").recv("A 1(0) ack 401 win 0").read(199).recvNothing().read(1)
                .recv("A 1(0) ack 401 win 200");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6", req = "SHLD-14")
    void theRightEdgeNeverMovesLeft() {
        TcpConversation c = established().options(o -> o.receiveBufferBytes = 1000).send("PA (100)")
                .recv("A 1(0) ack 101 win 64140");
        c.read(100).send("PA (64140)").recv("A 1(0) ack 64241 win 0").read(63_140).recvNothing().read(500)
                .recv("A 1(0) ack 64241 win 500");
    }

    private static TcpConversation shrinkable(int setting) {
        TcpConversation c = with().set("net.ipv4.tcp_shrink_window", setting).peer("<mss 1460, wscale 3>")
                .established().write(100);
        c.all();
        return c.send("PA (10000)").recv("A 101(0) ack 10001 win 54");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6")
    void theRightEdgeStaysWhenTheBufferShrinks() {
        TcpConversation c = shrinkable(0).options(o -> o.receiveBufferBytes = 20_000).send("PA (1000)")
                .recv("A 101(0) ack 11001 win 53").counted(Counter.TcpExtTCPWantZeroWindowAdv, 0);
        c.send("PA (9000)").recv("A 101(0) ack 20001 win 44").counted(Counter.TcpExtTCPWantZeroWindowAdv, 1);
        c.send("PA (10000)").recv("A 101(0) ack 30001 win 34").counted(Counter.TcpExtTCPWantZeroWindowAdv, 2)
                .counted(Counter.TcpExtTCPToZeroWindowAdv, 0).check(c.tcb.available() == 30_000, "not taken");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6")
    @Rfc(value = 7323, section = "2.4")
    void theRightEdgeFollowsTheBufferWhenASettingSaysSo() {
        TcpConversation c = shrinkable(1).options(o -> o.receiveBufferBytes = 20_000).send("PA (1000)")
                .recv("A 101(0) ack 11001 win 8").write(10).recv("PA 101(10) ack 11001 win 8");
        // was promised, finds no room: dropped, and what it acknowledges holds
        c.send("PA 40001(100) ack 106").recv("A 111(0) ack 11001 win 8").counted(Counter.TcpExtBeyondWindow, 1)
                .check(c.tcb.snd.una == c.hostIsn + 106, "acknowledgment not taken");
        c.send("A 50001(0) ack 111").recvNothing().check(c.tcb.snd.una == c.hostIsn + 111, "not taken");
        // never promised
        c.at(1000).send("A 70001(0) ack 111").recv("A 111(0) ack 11001 win 8");
        c.send("PA 11001(8192)").recvNothing().after(40).recv("A 111(0) ack 19193 win 0")
                .counted(Counter.TcpExtTCPToZeroWindowAdv, 1)
                .counted(Counter.TcpExtTCPWantZeroWindowAdv, 0);
        // was promised, finds room in part
        c.send("PA 19193(1000)").recv("A 111(0) ack 20001 win 0").check(c.tcb.available() == 20_000, "not filled");
        c.send("PA 20001(1)").recv("A 111(0) ack 20001 win 0").counted(Counter.TcpExtTCPZeroWindowDrop, 1);
        c.read(1000).recvNothing().read(19_000).recv("A 111(0) ack 20001 win 19")
                .counted(Counter.TcpExtTCPFromZeroWindowAdv, 1);
        c.send("PA 20001(19456)").recv("A 111(0) ack 39457 win 0").read(19_456).recv("A 111(0) ack 39457 win 19");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6")
    void aWindowThatShrankIsTakenBackAsFarAsTheBufferGrowsAgain() {
        TcpConversation c = shrinkable(1).options(o -> o.receiveBufferBytes = 11_000).send("PA (1000)")
                .recv("A 101(0) ack 11001 win 0").options(o -> o.receiveBufferBytes = 60_000).read(1)
                .recv("A 101(0) ack 11001 win 47");
        c.send("PA 11001(48128)").recv("A 101(0) ack 59129 win 0").read(59_127).recv("A 101(0) ack 59129 win 58");
    }

    @Test
    void aBufferSmallerThanAStepOfTheWindowIsOfferedWhenItIsEmpty() {
        TcpConversation c = shrinkable(1).options(o -> o.receiveBufferBytes = 600).read(9999).recvNothing().read(1)
                .recvNothing().send("PA (100)").recv("A 101(0) ack 10101 win 0").read(100)
                .recv("A 101(0) ack 10101 win 1");
        c.send("PA (1024)").recv("A 101(0) ack 11125 win 0").read(1024).recv("A 101(0) ack 11125 win 1");
    }

    @Test
    void withoutScalingTheSettingDoesNothing() {
        TcpConversation c = with().set("net.ipv4.tcp_shrink_window", 1).established();
        c.options(o -> o.receiveBufferBytes = 1000).send("PA (100)").recv("A 1(0) ack 101 win 64140");
    }

    /**
     * A scaled window is told in steps. Rounding up each time would let a peer that sends small segments go on for
     * ever: when the buffer is full it is rounded down.
     */
    @Test
    @Rfc(value = 7323, section = "2.3")
    @Rfc(value = 7323, section = "2.4")
    void withScalingTheRightEdgeStaysWithinAStep() {
        TcpConversation c = with().peer("<mss 1460, wscale 3>").established();
        long edge = c.tcb.rcv.nxt + c.tcb.rcv.windowLeft() - c.peerIsn;
        long buffer = c.tcb.window.limitBytes();
        for (int i = 1; i < 60; i++) {
            c.send("PA (" + i * 7 + ")").after(50);
            for (Seg s : c.all()) {
                long right = s.ack + ((long) s.win << 10);
                c.check(right > edge - 1024, "right edge " + right + " after " + edge);
                c.check(right <= buffer + 1024, "right edge " + right + " of a buffer of " + buffer);
                edge = Math.max(edge, right);
            }
            long promised = c.tcb.rcv.nxt + (long) c.tcb.rcv.windowLeft() - c.peerIsn;
            c.check(promised >= edge, "what was promised is honoured");
        }
        c.check(c.tcb.rcv.windowLeft() > 0, "closed");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void dataBeyondTheWindowIsCutOffAtTheEdge() {
        buffer(1000).send("PA 1(1400)").recv("A 1(0) ack 1001 win 0").read(1000).recv("A 1(0) ack 1001 win 1000")
                .send("PA 1001(400)").after(40)
                .recv("A 1(0) ack 1401").read(400);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void dataBeforeTheWindowIsCutOffToo() {
        established().send("PA 1(100)").recv("A 1(0) ack 101").send("PA 51(100)").recv("A 1(0) ack 151").read(150);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void dataIntoAZeroWindowIsDroppedAndAnswered() {
        TcpConversation c = buffer(1000).send("PA (1000)").recv("A 1(0) ack 1001 win 0").send("PA 1001(1)")
                .recv("A 1(0) ack 1001 win 0");
        c.counted(Counter.TcpExtTCPZeroWindowDrop, 1).check(c.tcb.available() == 1000, "taken");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.1", req = "MAY-8")
    void zeroWindowProbesAreAnswered() {
        TcpConversation c = buffer(1000).send("PA (1000)").recv("A 1(0) ack 1001 win 0");
        for (int i = 1; i < 20; i++) {
            c.at(i * 1000).send("A 1000(0)").recv("A 1(0) ack 1001 win 0");
        }
        c.at(20_000).send("A 1000(1)").recv("A 1(0) ack 1001 win 0");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "SHLD-31")
    void segmentsOutOfOrderAreKept() {
        TcpConversation c = established().send("A 21(10)").recv("A 1(0) ack 1").send("A 11(10)").recv("A 1(0) ack 1")
                .send("A 1(10)").recv("A 1(0) ack 31");
        c.read(30);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "MAY-13")
    void aSegmentThatIsNotAtTheLeftEdgeIsAcknowledgedAtOnce() {
        with().interactive().send("A 111(10)").recv("A 11(0) ack 11");
    }

    @Test
    void aWindowClampIsObeyed() {
        TcpConversation c = with().options(o -> o.windowClampBytes = 5000).listening().send("S 0(0) <mss 1460>");
        Seg s = c.any();
        c.check(s.win <= 5000, "window " + s.win);
    }

    // --- Nagle, PSH, cork ---

    @Test
    @Rfc(value = 9293, section = "3.7.4", req = "SHLD-7")
    void aSmallSegmentWaitsForTheOneBeforeIt() {
        established().write(10).recv("PA 1(10)").write(10).recvNothing().write(10).recvNothing().send("A ack 11")
                .recv("PA 11(20)");
    }

    @Test
    @Rfc(value = 9293, section = "3.7.4", req = "MUST-17")
    void withoutNagleEachWriteIsASegment() {
        with().options(o -> o.noDelay = true).established().write(10).recv("PA 1(10)").write(10).recv("PA 11(10)")
                .write(10).recv("PA 21(10)");
    }

    @Test
    @Rfc(value = 9293, section = "3.7.4", req = "MUST-17")
    void turningNagleOffSendsWhatItHeld() {
        established().write(10).recv("PA 1(10)").write(10).recvNothing().options(o -> o.noDelay = true)
                .recv("PA 11(10)");
    }

    @Test
    @Rfc(value = 9293, section = "3.7.4", req = "SHLD-7")
    void aFullSegmentDoesNotWait() {
        established().write(10).recv("PA 1(10)").write(1460).recv("PA 11(1460)");
    }

    @Test
    @Rfc(value = 9293, section = "3.7.4", req = "SHLD-7")
    void aSmallSegmentMayFollowFullOnes() {
        established().write(3000).recv("A 1(1460)", "A 1461(1460)", "PA 2921(80)").write(10).recvNothing();
    }

    @Test
    @Rfc(value = 9293, section = "3.7.4", req = "SHLD-7")
    void aFinDoesNotWaitForNagle() {
        established().write(10).recv("PA 1(10)").write(10).recvNothing().shutdownWrite().recv("FPA 11(10)");
    }

    @Test
    @Rfc(value = 9293, section = "3.9.1.2", req = {"MUST-60", "MUST-61", "SHLD-27", "SHLD-28", "MAY-16"})
    void writesAreGatheredAndTheLastSegmentIsPushed() {
        established().write(10).recv("PA 1(10)").write(1000).write(1000).write(1000).recv("A 11(1460)", "A 1471(1460)")
                .send("A ack 11").recv("PA 2931(80)");
    }

    @Test
    @Rfc(value = 9293, section = "3.9.1.2", req = "MAY-16")
    void everySegmentIsPushedWhenASettingSaysSo() {
        with().set("sluice.tcp_push_all", 1).established().write(3000).recv("PA 1(1460)", "PA 1461(1460)",
                "PA 2921(80)");
    }

    @Test
    @Rfc(value = 9293, section = "3.9.1.2", req = {"MUST-60", "MAY-15"})
    void dataHeldBackForMoreGoesAfterAWhile() {
        established().write(10, TcpSocket.FLAG_MORE).recvNothing().recvAt(200, "PA 1(10)");
        established().write(10, TcpSocket.FLAG_MORE).recvNothing().write(10).recv("PA 1(20)");
    }

    @Test
    @Rfc(value = 9293, section = "3.9.1.2", req = "MUST-60")
    void aCorkHoldsPartsOfSegmentsForAtMost200Milliseconds() {
        TcpConversation c = with().options(o -> o.cork = true).established().write(2000).recv("A 1(1460)").send("A")
                .recvNothing();
        c.recvAt(200, "PA 1461(540)").write(10).recvNothing().options(o -> o.cork = false).check(c.pending() <= 1,
                "too much");
    }

    @Test
    void recordsKeepTheirBoundaries() {
        with().options(o -> o.noDelay = true).established().write(10, TcpSocket.FLAG_END_OF_RECORD).write(20).recv(
                "PA 1(10)",
                "PA 11(20)");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.2")
    void writesStopWhenTheBufferIsFull() {
        TcpConversation c = with().options(o -> o.sendBufferBytes = 5000).window(1000).established();
        c.check(c.tryWrite(8000, 0) == 5000, "wrong count").check(c.tryWrite(10, 0) == 0, "room?")
                .notReady(Pollable.WRITABLE);
        c.all();
        c.send("A ack 1001 win 5000");
        c.all();
        c.send("A win 5000").ready(Pollable.WRITABLE).check(c.tryWrite(8000, 0) > 0, "no room");
    }

    // --- delayed acknowledgments ---

    @Test
    @Rfc(value = 9293, section = "3.8.6.3", req = {"MUST-40", "SHLD-18"})
    void anAcknowledgmentWaits40MillisecondsForData() {
        with().interactive().send("PA (10)").recvNothing().recvAt(40, "A 11(0) ack 21");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.3", req = {"SHLD-18", "SHLD-19"})
    void everySecondFullSegmentIsAcknowledgedWhenItIsRead() {
        TcpConversation c = with().interactive();
        for (int i = 1; i < 20; i++) {
            c.send("A (1460)").read(1460).recvNothing().send("A (1460)").read(1460)
                    .recv("A 11(0) ack " + (11 + 2920 * i));
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.3", req = "SHLD-19")
    void everySecondFullSegmentIsAcknowledgedUnreadWhileTheBufferIsLargerThanTheWindow() {
        TcpConversation c = with().set("tcp_rmem", "4096 4000000 6291456").interactive();
        for (int i = 1; i < 10; i++) {
            c.send("A (1460)").recvNothing().send("A (1460)").recv("A 11(0) ack " + (11 + 2920 * i));
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.3", req = "SHLD-18")
    void anAcknowledgmentRidesWithData() {
        with().interactive().send("PA (10)").recvNothing().at(10).write(5).recv("PA 11(5) ack 21").quietUntil(150);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.3", req = "MUST-40")
    void noAcknowledgmentWaitsHalfASecond() {
        TcpConversation c = with().interactive();
        double now = 0;
        for (int gap : new int[]{1000, 100, 300, 30, 700, 5000, 90, 45, 170}) {
            now += gap;
            c.at(now);
            c.all();
            c.send("PA (10)");
            if (c.pending() == 0) {
                double at = c.next();
                c.check(at - now < 500, "waited " + (at - now));
                now = at;
            }
            c.all();
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.3", req = "SHLD-18")
    void theFirstSegmentsOfAConnectionAreAcknowledgedAtOnce() {
        TcpConversation c = established();
        for (int i = 0; i < 8; i++) {
            c.send("A (100)").recv("A 1(0) ack " + (101 + 100 * i));
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.8.6.3", req = "SHLD-18")
    void quickAckAcknowledgesAtOnceForGood() {
        TcpConversation c = with().options(o -> o.quickAck = true).interactive();
        c.send("PA (10)").recv("A 11(0) ack 21").send("PA (10)").recv("A 11(0) ack 31");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = {"MUST-58", "MUST-59"})
    void segmentsThatArriveTogetherDrawOneAcknowledgment() {
        established().batch("A 1(1460)", "A 1461(1460)", "A 2921(1460)", "PA 4381(1460)").recv("A 1(0) ack 5841");
    }

    /** Without SACK the sender counts duplicates: what came at once is acknowledged one by one then. */
    @Test
    @Rfc(value = 5681, section = "4.2")
    void eachSegmentOutOfOrderHasAnAcknowledgmentWithoutSack() {
        established().batch("A 1461(1460)", "A 2921(1460)", "A 4381(1460)").recv("A 1(0) ack 1", "A 1(0) ack 1",
                "A 1(0) ack 1").send("A 1(1460)").recv("A 1(0) ack 5841").recvNothing();
        established().batch("A 1461(1460)", "A 2921(1460)", "A 1(1460)").recv("A 1(0) ack 4381").recvNothing();
        with().peer("<mss 1460, sackOK>").established().batch("A 1461(1460)", "A 2921(1460)", "A 4381(1460)")
                .recv("A 1(0) ack 1 <sack 1461-5841>").recvNothing();
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = {"MUST-58", "MUST-59"})
    void anAcknowledgmentOwedIsSentWithTheDataThatAnAcknowledgmentReleases() {
        established().write(10).recv("PA 1(10)").write(10).recvNothing().send("PA (10) ack 11")
                .recv("PA 11(10) ack 11");
    }

    @Test
    @Rfc(value = 9293, section = "3.9.1.3")
    void aPushedSegmentIsReadableAtOnceAndSoIsOneWithout() {
        established().send("PA (10)").ready(Pollable.READABLE).read(10).notReady(Pollable.READABLE).send("A (10)")
                .ready(Pollable.READABLE);
    }

    @Test
    void readabilityWaitsForTheLowWaterMark() {
        TcpConversation c = with().options(o -> o.receiveLowatBytes = 100).established().send("PA (99)")
                .notReady(Pollable.READABLE).send("PA (1)")
                .ready(Pollable.READABLE);
    }
}

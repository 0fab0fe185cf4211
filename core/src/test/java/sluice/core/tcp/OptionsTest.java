package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.LinkProperties;
import sluice.core.TestPackets;
import sluice.core.tcp.segment.TcpState;

/** Options: their format, what is negotiated, MSS, timestamps and PAWS, SACK; sequence numbers that wrap. */
class OptionsTest {
    // --- format ---

    @Test
    @Rfc(value = 9293, section = "3.1", req = {"MUST-4", "MUST-64"})
    void optionsMayStandAtAnyByte() {
        with().synSent().send("SA <raw 01020405b4010101>").recv("A 1(0) ack 1").write(3000).recv("A 1(1460)",
                "A 1461(1460)", "PA 2921(80)");
        with().synSent().send("SA <raw 0101010204012c00>").recv("A 1(0) ack 1").write(600).recv("A 1(300)",
                "PA 301(300)");
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = {"MUST-6", "MUST-68"})
    void unknownOptionsAreSkippedByTheirLength() {
        with().synSent().send("SA <raw fd0411220204012cfe02c803aa000000>").recv("A 1(0) ack 1").write(600)
                .recv("A 1(300)", "PA 301(300)");
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = "MUST-5")
    void optionsMayComeWithAnySegment() {
        established().send("PA (10) <raw fd041122>").recv("A 1(0) ack 11").send("PA (10) <raw 01010100>")
                .recv("A 1(0) ack 21").send("FA <raw fd041122>")
                .after(40).recv("A 1(0) ack 22");
    }

    /** What we send is filled up with NOPs, or with zeros behind the end of the list. */
    @Test
    @Rfc(value = 9293, section = "3.1", req = {"MUST-68", "MUST-69"})
    void whatStandsBehindTheEndOfOurListIsZero() {
        for (int which = 0; which < 16; which++) {
            TcpConversation c = with().set("tcp_sack", which & 1).set("tcp_timestamps", which >> 1 & 1)
                    .set("tcp_window_scaling", which >> 2 & 1).set("tcp_ecn", which >> 3 == 0 ? 0 : 3).connecting();
            c.next();
            byte[] syn = c.anyPacket();
            int end = 20 + ((syn[32] & 0xf0) >> 2);
            int at = 40;
            while (at < end && syn[at] != 0) {
                at += syn[at] == 1 ? 1 : syn[at + 1];
            }
            c.check(at <= end, "an option goes beyond the header");
            for (; at < end; at++) {
                c.check(syn[at] == 0, "octet " + at + " is " + syn[at]);
            }
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = {"MUST-4", "MUST-69"})
    void nothingIsReadAfterTheEndOfTheList() {
        with().synSent().send("SA <raw 0204012c00020400ff>").recv("A 1(0) ack 1").write(600).recv("A 1(300)",
                "PA 301(300)");
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = "MUST-7")
    void anImpossibleOptionLengthIsSurvived() {
        for (String raw : List.of("fd000000", "fd010000", "fdff0000", "020000fd", "08090000", "000000fd", "02",
                "0505aaaa", "0502", "0808aabbccdd")) {
            TcpConversation c = established().send("PA (10) <raw " + raw + ">").recv("A 1(0) ack 11")
                    .state(TcpState.ESTABLISHED).read(10);
            TcpConversation l = with().listening().send("S <raw " + raw + ">");
            l.check(l.pending() <= 1, "too much");
            TcpConversation s = with().synSent().send("SA <raw " + raw + ">");
            s.check(s.pending() <= 1, "too much");
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = "MUST-7")
    void aSynWithAnImpossibleOptionLengthIsDroppedAndCounted() {
        with().listening().send("S <raw fd000000>").recvNothing().inTable(TcpState.CLOSED)
                .counted(Counter.SluiceInvalidTcpHeader, 1);
    }

    // --- MSS ---

    @Test
    @Rfc(value = 9293, section = "3.7.1", req = {"MUST-14", "SHLD-5", "MAY-3", "MUST-67"})
    void theMssOfferedIsTheMtuLessTheHeaders() {
        with().connecting().recv("S 0(0) <mss 1460>");
        with().v6().connecting().recv("S 0(0) <mss 1440>");
        with().link(LinkProperties.plain(9000)).connecting().recv("S 0(0) <mss 8960>");
        with().link(LinkProperties.plain(1280)).v6().connecting().recv("S 0(0) <mss 1220>");
        with().link(LinkProperties.plain(65_535)).connecting().recv("S 0(0) <mss 65495>");
        with().link(LinkProperties.plain(1400)).listening().send("S 0(0)").recv("SA 0(0) <mss 1360>");
    }

    @Test
    @Rfc(value = 9293, section = "3.7.1", req = "MUST-15")
    void withoutAnMssOptionTheDefaultIsAssumed() {
        with().peer("").established().write(1000).recv("A 1(536)", "PA 537(464)");
        with().v6().peer("").established().write(2000).recv("A 1(1220)", "PA 1221(780)");
    }

    @Test
    @Rfc(value = 9293, section = "3.7.1", req = "MUST-16")
    void segmentsFitWhatThePeerAnnouncedAndWhatThePathCarries() {
        with().peer("<mss 500>").established().write(1000).recv("A 1(500)", "PA 501(500)");
        with().peer("<mss 9000>").established().write(2000).recv("A 1(1460)", "PA 1461(540)");
        with().peer("<mss 65535>").established().write(2000).recv("A 1(1460)", "PA 1461(540)");
    }

    @Test
    @Rfc(value = 9293, section = "3.7.1", req = "MUST-16")
    void optionsAreSubtractedFromTheSegmentSize() {
        with().peer("<mss 1460, sackOK, ts>").established().write(2000).recv("A 1(1448) <ts>", "PA 1449(552)");
        with().peer("<mss 1440, sackOK, ts>").v6().established().write(2000).recv("A 1(1428) <ts>", "PA 1429(572)");
        with().options(o -> o.ipOptions = TestPackets.hex("01010100")).established().write(2000).recv("A 1(1456)",
                "PA 1457(544)");
    }

    @Test
    void anMssOfZeroIsTakenForNone() {
        with().peer("<mss 0>").established().write(1000).recv("A 1(536)", "PA 537(464)");
    }

    @Test
    void aTinyMssIsRaisedToTheLeastOneSends() {
        with().peer("<mss 1>").established().write(100).recv("A 1(48)", "A 49(48)", "PA 97(4)");
        with().peer("<mss 1, ts>").established().write(100).recv("A 1(36)", "A 37(36)", "PA 73(28)");
    }

    @Test
    void anApplicationBoundsTheMssBothWays() {
        with().options(o -> o.maxSegmentBytes = 700).connecting().recv("S 0(0) <mss 700>").send("SA <mss 1460>")
                .recv("A 1(0)").write(1400).recv("A 1(700)",
                        "PA 701(700)");
    }

    @Test
    @Rfc(value = 9293, section = "3.2", req = "MUST-65")
    void theMssOptionComesOnlyWithSyn() {
        TcpConversation c = established().write(10);
        c.check(c.any().mss < 0, "MSS with data").send("PA (10) <mss 100>").recv("A 11(0) ack 11");
        c.write(1000).send("A").after(1);
        c.check(c.all().stream().allMatch(s -> s.mss < 0), "MSS without SYN").check(c.tcb.sendMss == 1460,
                "an MSS option without SYN was obeyed");
    }

    // --- negotiation ---

    @Test
    @Rfc(value = 7323, section = "1.3")
    void aSynAckOffersOnlyWhatTheSynOffered() {
        TcpConversation c = with().listening().send("S 0(0) <mss 1460>");
        Seg s = c.any();
        c.check(!s.sackOk && !s.hasTs && s.wscale < 0 && s.mss == 1460, "options " + s);
        TcpConversation d = with().listening().send("S 0(0) <mss 1460, wscale 3>");
        s = d.any();
        d.check(!s.sackOk && !s.hasTs && s.wscale >= 0, "options " + s);
        TcpConversation e = with().listening().send("S 0(0) <mss 1460, sackOK>");
        s = e.any();
        e.check(s.sackOk && !s.hasTs && s.wscale < 0, "options " + s);
    }

    @Test
    void settingsSwitchOptionsOff() {
        TcpConversation c = with().set("tcp_sack", 0).set("tcp_timestamps", 0).set("tcp_window_scaling", 0)
                .connecting();
        c.next();
        Seg s = c.any();
        c.check(!s.sackOk && !s.hasTs && s.wscale < 0, "options " + s);
        TcpConversation d = with().set("tcp_sack", 0).set("tcp_timestamps", 0).set("tcp_window_scaling", 0).listening()
                .send("S 0(0) <mss 1460, sackOK, ts, wscale 7>");
        s = d.any();
        d.check(!s.sackOk && !s.hasTs && s.wscale < 0, "options " + s);
    }

    @Test
    void aPeerWithoutAnyOptionIsServed() {
        TcpConversation c = with().peer("").accepted();
        c.send("PA (500)").recv("A 1(0) ack 501 -").read(500).write(500).recv("PA 1(500) -").send("A").shutdownWrite()
                .recv("FA 501(0) -");
    }

    @Test
    void aPeerWithTimestampsButWithoutSackIsServed() {
        TcpConversation c = with().peer("<mss 1460, ts>").established();
        c.send("A 101(100)");
        Seg s = c.any();
        c.check(s.sack.isEmpty() && s.hasTs, "got " + s);
    }

    // --- timestamps ---

    @Test
    @Rfc(value = 7323, section = "3.2")
    void timestampsAreEchoed() {
        TcpConversation c = with().peer("<mss 1460, ts 100/0>").accepted();
        c.send("PA (10) <ts 200/0>").recv("A 1(0) ack 11 <ts>");
        c.send("PA (10) <ts 250/0>");
        c.check(c.any().tsEcr == 250, "wrong echo");
    }

    @Test
    @Rfc(value = 7323, section = "4.3")
    void theEarliestTimestampOfADelayedAcknowledgmentIsEchoed() {
        TcpConversation c = with().peer("<mss 1460, ts 100/0>").accepted();
        c.batch("A (1448) <ts 200/0>", "A (1448) <ts 210/0>");
        Seg s = c.any();
        c.check(s.tsEcr == 200, "echo " + s.tsEcr);
    }

    @Test
    @Rfc(value = 7323, section = "4.3")
    void aSegmentThatFillsAHoleIsEchoed() {
        TcpConversation c = with().peer("<mss 1460, ts 100/0>").accepted();
        c.send("A 101(100) <ts 300/0>");
        c.check(c.any().tsEcr == 100, "out of order").send("A 1(100) <ts 310/0>");
        c.check(c.any().tsEcr == 310, "the hole was filled");
    }

    @Test
    @Rfc(value = 7323, section = "5.3")
    void aSegmentWithAnOlderTimestampIsAnsweredAndDropped() {
        TcpConversation c = with().peer("<mss 1460, ts 1000/0>").accepted();
        c.send("PA 1(10) <ts 999/0>").recv("A 1(0) ack 1 <ts>").counted(Counter.TcpExtPAWSEstab, 1)
                .check(c.tcb.available() == 0, "taken");
        c.send("PA 1(10) <ts 1000/0>").recv("A 1(0) ack 11");
    }

    @Test
    @Rfc(value = 5961, section = "4.2")
    void aSynIsChallengedWhateverItsTimestamp() {
        with().peer("<mss 1460, ts 1000/0>").established().send("S 1(0) <ts 5/0>").recv("A 1(0) ack 1 <ts>")
                .counted(Counter.TcpExtTCPSYNChallenge, 1).counted(Counter.TcpExtPAWSEstab, 0);
    }

    @Test
    @Rfc(value = 7323, section = "5.2")
    void aResetIsTakenWhateverItsTimestamp() {
        with().peer("<mss 1460, ts 1000/0>").established().send("R 1(0) <ts 5/0>").state(TcpState.CLOSED);
    }

    @Test
    @Rfc(value = 7323, section = "5.5")
    void afterTwentyFourDaysOfSilenceTheOldTimestampIsInvalid() {
        TcpConversation c = with().peer("<mss 1460, ts 1000/0>").accepted();
        c.at(25L * 24 * 3600 * 1000).send("PA 1(10) <ts 5/0>").recv("A 1(0) ack 11 <ts>");
        c.check(c.tcb.tsRecent == 5, "TS.Recent " + c.tcb.tsRecent);
    }

    @Test
    @Rfc(value = 5961, section = "5")
    void aSegmentThatIsNotAcceptableDoesNotMoveTheTimestamp() {
        TcpConversation c = with().peer("<mss 1460, ts 1000/0>").accepted();
        c.send("PA 1(10) ack 500 <ts 90000/0>").recv("A 1(0) ack 1").send("S 1(0) <ts 90000/0>")
                .send("P 1(10) <ts 90000/0>").recvNothing();
        c.check(c.tcb.tsRecent == 1000, "TS.Recent " + c.tcb.tsRecent).send("PA 1(10) <ts 1001/0>")
                .recv("A 1(0) ack 11");
    }

    @Test
    @Rfc(value = 7323, section = "5.2")
    void timestampsWrap() {
        TcpConversation c = with().peer("<mss 1460, ts 2147483640/0>").accepted();
        c.send("PA (10) <ts -2147483640/0>").recv("A 1(0) ack 11").send("PA (10) <ts 2147483647/0>")
                .recv("A 1(0) ack 11").counted(Counter.TcpExtPAWSEstab, 1);
    }

    @Test
    @Rfc(value = 7323, section = "4.1")
    void aNonsenseEchoGivesNoRoundTrip() {
        TcpConversation c = with().peer("<mss 1460, ts 1000/0>").accepted();
        long rto = c.tcb.rtt.rtoUs();
        c.write(10).recv("PA 1(10)").send("A ack 11 <ts 1001/123456789>").state(TcpState.ESTABLISHED);
        c.check(c.tcb.rtt.rtoUs() <= Math.max(rto, 1_000_000), "RTO " + c.tcb.rtt.rtoUs()).write(10).recv("PA 11(10)");
    }

    @Test
    void aSegmentWithoutTheTimestampAgreedOnIsTakenAsLinuxDoes() {
        with().peer("<mss 1460, ts 1000/0>").accepted().send("PA (10) <nots>").recv("A 1(0) ack 11");
    }

    // --- SACK ---

    @Test
    @Rfc(value = 2018, section = "4")
    void theNewestBlockComesFirstAndOthersAreRepeated() {
        TcpConversation c = with().peer("<mss 1460, sackOK>").accepted();
        c.send("A 101(100)").recv("A 1(0) ack 1 <sack 101-201>").send("A 301(100)")
                .recv("A 1(0) ack 1 <sack 301-401 101-201>");
        c.send("A 501(100)").recv("A 1(0) ack 1 <sack 501-601 301-401 101-201>").send("A 401(100)")
                .recv("A 1(0) ack 1 <sack 301-601 101-201>");
        c.send("A 1(100)").recv("A 1(0) ack 201 <sack 301-601>").send("A 201(100)").recv("A 1(0) ack 601 -");
    }

    @Test
    @Rfc(value = 2018, section = "3")
    void withTimestampsThreeBlocksFit() {
        TcpConversation c = with().peer("<mss 1460, sackOK, ts 5/0>").accepted();
        for (int i = 1; i <= 5; i++) {
            c.send("A " + (200 * i + 1) + "(100)");
            Seg s = c.any();
            c.check(s.sack.size() == Math.min(3, i), s.sack.size() + " blocks");
        }
    }

    @Test
    @Rfc(value = 2883, section = "4")
    void aDuplicateIsReportedOnce() {
        TcpConversation c = with().peer("<mss 1460, sackOK>").accepted();
        c.send("A 1(100)").recv("A 1(0) ack 101").send("A 1(100)").recv("A 1(0) ack 101 <sack 1-101>")
                .send("A 101(100)").recv("A 1(0) ack 201 -");
    }

    @Test
    @Rfc(value = 2883, section = "4.1.2")
    void aDuplicateOutOfOrderIsReportedBeforeItsBlock() {
        TcpConversation c = with().peer("<mss 1460, sackOK>").accepted();
        c.send("A 101(100)").recv("A 1(0) ack 1 <sack 101-201>").send("A 101(100)")
                .recv("A 1(0) ack 1 <sack 101-201 101-201>");
    }

    @Test
    void withoutPermissionNoSackIsSent() {
        established().send("A 101(100)").recv("A 1(0) ack 1 -");
    }

    // --- wrapping ---

    private static void bothWays(TcpConversation c) {
        for (int i = 0; i < 50; i++) {
            c.write(5000);
            for (int round = 0; round < 10 && c.tcb.sendBuffer.size() > 0; round++) {
                c.all();
                c.send("A");
            }
            c.check(c.tcb.sendBuffer.size() == 0, "not acknowledged");
            int at = 1 + 3000 * i;
            c.send("A " + (at + 2000) + "(1000)").send("A " + at + "(1000)").send("A " + (at + 1000) + "(1000)");
            c.after(50);
            c.all();
            c.read(3000);
            c.all();
        }
        c.close();
        c.all();
        c.send("A");
        c.send("FA");
        c.all();
        c.inTable(TcpState.TIME_WAIT);
    }

    @Test
    @Rfc(value = 9293, section = "3.4")
    void sequenceNumbersWrapInBothDirections() {
        for (int isn : new int[]{-1, -2, 0, -1000, -60_000, Integer.MAX_VALUE, Integer.MAX_VALUE - 1,
            Integer.MAX_VALUE - 60_000, Integer.MIN_VALUE}) {
            bothWays(with().hostIsn(isn).established());
            bothWays(with().peerIsn(isn).established());
            bothWays(with().hostIsn(isn).peerIsn(isn).peer("<mss 1000, sackOK, ts, wscale 9>").accepted());
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.4")
    void whatIsInTheWindowIsToldApartFromWhatIsNotAcrossTheWrap() {
        for (int isn : new int[]{-500, Integer.MAX_VALUE - 500}) {
            TcpConversation c = with().peerIsn(isn).established();
            c.send("PA (1000)").recv("A 1(0) ack 1001").send("A 70000(10)").recv("A 1(0) ack 1001").send("A 500(10)")
                    .recv("A 1(0) ack 1001");
            c.send("R 70000(0)").recvNothing().send("R 2000(0)").recv("A 1(0) ack 1001").send("PA 1001(10)")
                    .recv("A 1(0) ack 1011");
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.4")
    void acknowledgmentsAreJudgedAcrossTheWrap() {
        for (int isn : new int[]{-500, Integer.MAX_VALUE - 500}) {
            TcpConversation c = with().hostIsn(isn).established().write(1000).recv("PA 1(1000)").send("A ack 1002")
                    .recv("A 1001(0) ack 1").send("A ack 1001")
                    .recvNothing();
            c.check(c.tcb.snd.una == isn + 1001, "SND.UNA");
        }
    }

    @Test
    void retransmissionWorksAcrossTheWrap() {
        for (int isn : new int[]{-2000, Integer.MAX_VALUE - 2000}) {
            TcpConversation c = with().hostIsn(isn).peer("<mss 1000, sackOK>").established().write(5000);
            c.all();
            c.at(1).send("A ack 1 <sack 1001-2001>").send("A ack 1 <sack 1001-3001>").send("A ack 1 <sack 1001-4001>")
                    .recv("A 1(1000)").send("A ack 4001")
                    .send("A ack 5001");
            c.recvNothing().check(c.tcb.sendBuffer.size() == 0, "not acknowledged");
        }
    }
}

package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.ecn.AccEcnSender.OptionSeen;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.tcp.user.TcpInfo;

/** Accurate ECN (RFC 9768): negotiation, both counters, the option, and what a mangling path does to them. */
class AccEcnTest {
    private static final String FIRST_OPTION = "ecn1 1 0 1";

    private static TcpConversation.Builder on() {
        return with().set("tcp_ecn", 3);
    }

    /** A client that agreed on accurate ECN with options. */
    private static TcpConversation client() {
        return on().connecting().recv("SECN 0(0) tos 0").send("SA2 <mss 1460, sackOK, ecn0 1 0 1>")
                .recv("A2 1(0) ack 1 tos 2 <" + FIRST_OPTION + ">");
    }

    /** A client whose peer sends no options. */
    private static TcpConversation clientWithoutOption() {
        return on().connecting().recv("SECN 0(0)").send("SA2 <mss 1460, sackOK>").recv("A2 1(0) ack 1 tos 2 <noecn>");
    }

    /** A server that agreed on it. */
    private static TcpConversation server() {
        TcpConversation c = on().listening().send("SECN 0(0) <mss 1460, sackOK>")
                .recv("SA2 0(0) ack 1 tos 0 <" + FIRST_OPTION + ">")
                .send("A2 tos 2 <ecn0 1 0 1>").recvNothing();
        c.tcb = c.listener.accept();
        return c;
    }

    private static TcpInfo info(TcpConversation c) {
        return c.tcb.info(c.now());
    }

    // --- negotiation ---

    @ParameterizedTest
    @CsvSource({"0, S", "1, SEC", "2, S", "3, SECN", "4, SEC", "5, S"})
    @Rfc(value = 9768, section = "3.1.1")
    void theSettingSaysWhatASynAsksFor(int setting, String flags) {
        with().set("tcp_ecn", setting).connecting().recv(flags + " 0(0) tos 0");
    }

    @ParameterizedTest
    @CsvSource({"0, SECN, SA", "1, SECN, SAE", "2, SECN, SAE", "3, SECN, SA2", "4, SECN, SA2", "5, SECN, SA2", //
        "3, SEC, SAE", "4, SEC, SAE", "5, SEC, SAE", "3, S, SA", "2, SEC, SAE", "0, SEC, SA"})
    @Rfc(value = 9768, section = "3.1.2")
    @Rfc(value = 3168, section = "6.1.1")
    void aServerAgreesToTheHighestThatBothKnow(int setting, String syn, String answer) {
        with().set("tcp_ecn", setting).listening().send(syn + " 0(0) <mss 1460>").recv(answer + " 0(0) ack 1");
    }

    @ParameterizedTest
    @CsvSource({"SN", "SC", "SE", "SCN", "SEN"})
    @Rfc(value = 9768, section = "3.1.3")
    void aServerTakesReservedCombinationsForAccurateEcn(String syn) {
        on().listening().send(syn + " 0(0) <mss 1460>").recv("SA2 0(0) ack 1");
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 3", "2, 4", "3, 6"})
    @Rfc(value = 9768, section = "3.1.1")
    void theSynAckTellsHowTheSynArrived(int ipEcn, int ace) {
        on().listening().send("SECN 0(0) tos " + ipEcn + " <mss 1460>").recv("SA" + ace + " 0(0) ack 1");
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 3", "2, 4", "3, 6"})
    @Rfc(value = 9768, section = "3.2.2.1")
    void theLastAcknowledgmentTellsHowTheSynAckArrived(int ipEcn, int ace) {
        TcpConversation c = on().connecting().recv("SECN 0(0)").send("SA2 tos " + ipEcn + " <mss 1460>")
                .recv("A" + ace + " 1(0) ack 1");
        c.write(10).recv("PA" + (ipEcn == 3 ? 6 : 5) + " 1(10)"); // a marked SYN-ACK is counted, a SYN never
    }

    @ParameterizedTest
    @CsvSource({"SA, DISABLED", "SAE, RFC3168", "SA2, ACCECN", "SA5, ACCECN", "SA7, DISABLED"})
    @Rfc(value = 9768, section = "3.1.2")
    @Rfc(value = 9768, section = "3.1.3")
    void theSynAckDecidesTheModeOfTheClient(String answer, EcnMode mode) {
        TcpConversation c = on().connecting().recv("SECN 0(0)").send(answer + " <mss 1460>");
        c.all();
        c.check(info(c).ecnMode == mode, "mode " + info(c).ecnMode);
        c.write(10).recv((mode == EcnMode.ACCECN ? "PA5" : "PA") + " 1(10) tos " + (mode == EcnMode.DISABLED ? 0 : 2));
    }

    @Test
    @Rfc(value = 9768, section = "3.1.4.1")
    void aSynAsksOnceMoreAndThenNoMore() {
        on().connecting().recv("SECN 0(0)").recvAt(1000, "SECN 0(0)").recvAt(2000, "S 0(0)").recvAt(3000, "S 0(0)");
        on().set("tcp_ecn_fallback", 0).connecting().recv("SECN 0(0)").recvAt(1000, "SECN 0(0)").recvAt(2000,
                "SECN 0(0)");
        with().set("tcp_ecn", 1).connecting().recv("SEC 0(0)").recvAt(1000, "S 0(0)");
    }

    @Test
    @Rfc(value = 9768, section = "3.1.4.1")
    void aClientThatFellBackStillTakesAnAccurateSynAck() {
        on().connecting().recv("SECN 0(0)").recvAt(1000, "SECN 0(0)").recvAt(2000, "S 0(0)").send("SA2 <mss 1460>")
                .recv("A2 1(0) tos 2");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.3.2.2")
    void aSynAckIsSentAgainWithoutOptionAndThenWithoutFlags() {
        TcpConversation c = on().listening().send("SECN 0(0) <mss 1460>").recv("SA2 0(0) ack 1 <" + FIRST_OPTION + ">")
                .recvAt(1000, "SA2 0(0) <noecn>")
                .recvAt(3000, "SA 0(0) <noecn>").send("A2 tos 2").recvNothing();
        c.tcb = c.listener.accept();
        c.write(10).recv("PA5 1(10) tos 0"); // a server that sent a SYN-ACK without flags marks nothing
        c.check(info(c).accEcnFailures == Ecn.ACE_FAIL_SEND, "failures " + info(c).accEcnFailures);
    }

    @Test
    @Rfc(value = 9768, section = "3.1.5")
    void aServerAnswersEachSynByHowThatOneArrived() {
        TcpConversation c = on().listening().send("SECN 0(0) tos 2 <mss 1460>").recv("SA4 0(0)").after(600)
                .send("S 0(0) <mss 1460>")
                .recv("SA2 0(0) <noecn>").send("A2").recvNothing();
        c.tcb = c.listener.accept();
        c.write(10).recv("PA5 1(10) tos 0"); // the SYN without flags forbids marks, not feedback
        c.check(info(c).ecnMode == EcnMode.ACCECN && info(c).accEcnFailures == Ecn.ACE_FAIL_RECV,
                "failures " + info(c).accEcnFailures);
    }

    @Test
    @Rfc(value = 9768, section = "3.1.5")
    void aServerInAnotherModeStaysThere() {
        on().listening().send("S 0(0) <mss 1460>").recv("SA 0(0)").after(600).send("SECN 0(0) <mss 1460>")
                .recv("SA 0(0)");
    }

    @Test
    @Rfc(value = 9768, section = "3.1.5")
    void askingForBothKindsOfEcnResets() {
        on().listening().send("SECN 0(0) <mss 1460>").recv("SA2 0(0)").send("SEC 0(0) <mss 1460>")
                .recv("RA 1(0) ack 1");
        on().listening().send("SEC 0(0) <mss 1460>").recv("SAE 0(0)").send("SECN 0(0) <mss 1460>")
                .recv("RA 1(0) ack 1");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.1")
    void aSynAckThatComesAgainIsAnsweredByHowItArrived() {
        client().after(600).send("SA2 0(0) tos 2 <mss 1460>").recv("A4 1(0) ack 1").after(600)
                .send("SA 0(0) tos 1 <mss 1460>").recv("A3 1(0) ack 1");
    }

    @Test
    @Rfc(value = 9768, section = "3.1.2")
    void crossingSynsAgreeAsServersDo() {
        on().connecting().recv("SECN 0(0)").send("SECN 0(0) tos 1 <mss 1460>")
                .recv("SA3 0(0) ack 1 <" + FIRST_OPTION + ">")
                .send("SA2 0(0) ack 1 <mss 1460, ecn0 1 0 1>").recv("A2 1(0) ack 1 tos 2");
        with().set("tcp_ecn", 1).connecting().recv("SEC 0(0)").send("SEC 0(0) <mss 1460>").recv("SAE 0(0) ack 1")
                .send("SAE 0(0) ack 1 <mss 1460>")
                .recv("A 1(0) ack 1").write(10).recv("PA 1(10) tos 2");
    }

    @Test
    @Rfc(value = 9768, section = "5.1")
    void aCookieRemembersEcnAndTheAcknowledgmentItsKind() {
        for (String ack : new String[]{"A2", "A"}) {
            TcpConversation c = on().set("tcp_syncookies", 2).listening()
                    .send("SECN 0(0) <mss 1460, sackOK, ts 100/0, wscale 7>")
                    .recv("SA2 0(0) ack 1 <" + FIRST_OPTION + ">").send(ack).recvNothing();
            c.tcb = c.listener.accept();
            c.write(10).recv((ack.equals("A2") ? "PA5" : "PA") + " 1(10) tos 2");
        }
    }

    // --- the receiver's counters ---

    @Test
    @Rfc(value = 9768, section = "3.2")
    @Rfc(value = 9768, section = "3.2.2.2")
    void marksAreCountedInThreeBitsAndBytesByMark() {
        TcpConversation c = client();
        c.send("PA5 1(100) tos 3").recv("A6 1(0) ack 101 <ecn1 1 100 1>");
        c.send("PA5 101(100) tos 2").recv("A6 1(0) ack 201 <ecn1 1 100 101>");
        c.send("PA5 201(100) tos 3").recv("A7 1(0) ack 301 <ecn1 1 200 101>");
        c.send("PA5 301(100) tos 1").recv("A7 1(0) ack 401 <ecn1 101 200 101>");
        c.send("PA5 401(100) tos 3").recv("A0 1(0) ack 501 <ecn1 101 300 101>");
        c.send("PA5 501(100) tos 0").recv("A0 1(0) ack 601 <ecn1 101 300 101>");
        TcpInfo i = info(c);
        c.check(i.receivedCe == 3 && i.receivedCeBytes == 300 && i.receivedE0Bytes == 100 && i.receivedE1Bytes == 100,
                "counters");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.5.1")
    void aChangeOfMarkIsAcknowledgedAtOnce() {
        TcpConversation c = on().connecting().recv("SECN 0(0)").send("SA2 <mss 1460, sackOK>").recv("A2 1(0)");
        c.options(o -> o.quickAck = false);
        c.send("PA5 (10) tos 2");
        c.all();
        // both directions busy: acknowledgments wait now
        c.read(10).write(10).recv("PA5 1(10)").send("A5 tos 2").recvNothing();
        c.send("PA5 (10) tos 2").recvNothing();
        c.send("PA5 (10) tos 3").recv("A6 11(0) ack 31");
        c.read(20).write(10).recv("PA6 11(10)").send("PA5 (10) tos 3").recvNothing().send("PA5 (10) tos 3")
                .recv("A0 21(0) ack 51");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.5.1")
    void threeMarkedAcknowledgmentsAreAcknowledged() {
        TcpConversation c = client().write(4000);
        c.all();
        c.send("A5 ack 1001 tos 3").recvNothing().send("A5 ack 2001 tos 3").recvNothing().send("A5 ack 3001 tos 3")
                .recv("A0 4001(0) ack 1");
        c.send("A5 ack 4001 tos 3").recvNothing();
    }

    @Test
    @Rfc(value = 9768, section = "3.2")
    void whatIsNotInTheWindowIsNotCounted() {
        TcpConversation c = client();
        c.send("PA5 1000001(10) tos 3").recv("A5 1(0) ack 1");
        c.check(info(c).receivedCe == 0, "counted");
    }

    @Test
    @Rfc(value = 9768, section = "3.2")
    void aSuperSegmentCountsForEachOfItsSegments() {
        TcpConversation c = client();
        Seg s = Seg.parse("PA5 1(3000) ack 1 win 9000 tos 3");
        c.packet(s.packet(c.peerAddress, c.peerPort, c.hostAddress, c.hostPort, c.peerIsn, c.hostIsn,
                TcpConversation.pattern(1, 3000)), p -> {
                    p.gsoSize = 1000;
                    p.gsoHeaderLength = 40;
                });
        c.recv("A0 1(0) ack 3001 <ecn1 1 3000 1>");
    }

    // --- the option ---

    @Test
    @Rfc(value = 9768, section = "3.2.3.3")
    void theOptionMakesWayAndTakesTheRoomOfOneSackBlock() {
        TcpConversation c = on().connecting().recv("SECN 0(0)").send("SA2 <mss 1460, sackOK, ts 100/0, ecn0 1 0 1>")
                .recv("A2 1(0) <" + FIRST_OPTION + ">");
        c.send("A5 1001(100) tos 1").recv("A5 <ecn1 101 0 1, sack 1001-1101>");
        c.send("A5 2001(100) tos 1").recv("A5 <ecn1 201 0, sack 2001-2101 1001-1101>");
        // CE bytes must not be left out
        c.send("A5 3001(100) tos 3").recv("A6 <ecn1 201 100, sack 3001-3101 2001-2101>");
        // nor ECT(0) bytes, but they do not fit
        c.send("A5 4001(100) tos 2").recv("A6 <noecn, sack 4001-4101 3001-3101 2001-2101>");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.3.3")
    void sparinglyTheOptionGoesAfterChangesAndThreeTimesARoundTrip() {
        TcpConversation c = on().set("tcp_ecn_option", 1).connecting().recv("SECN 0(0)").after(30)
                .send("SA2 <mss 1460, sackOK, ecn0 1 0 1>")
                .recv("A2 1(0) <" + FIRST_OPTION + ">");
        c.send("PA5 (10) tos 2").recv("A5 ack 11 <ecn1 1 0 11>").send("PA5 (10) tos 2").recv("A5 ack 21 <ecn1 1 0 21>");
        c.send("PA5 (10) tos 2").recv("A5 ack 31 <noecn>");
        c.after(11).send("PA5 (10) tos 2").recv("A5 ack 41 <ecn1 1 0 41>").send("PA5 (10) tos 2")
                .recv("A5 ack 51 <noecn>");
    }

    @Test
    void withoutTheSettingThereIsNoOption() {
        on().set("tcp_ecn_option", 0).connecting().recv("SECN 0(0)").send("SA2 <mss 1460, ecn0 1 0 1>")
                .recv("A2 1(0) <noecn>");
        on().set("tcp_ecn_option", 0).listening().send("SECN 0(0) <mss 1460>").recv("SA2 0(0) <noecn>");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.3.2.3")
    void theOptionIsSentOnceThePeerHasSentOne() {
        TcpConversation c = clientWithoutOption().write(10).recv("PA5 1(10) <noecn>").send("A5 tos 2 <ecn0 11 0 1>")
                .write(10)
                .recv("PA5 11(10) <" + FIRST_OPTION + ">");
        c.check(info(c).accEcnOptionSeen == OptionSeen.COUNTER_SEEN, "seen " + info(c).accEcnOptionSeen);
    }

    @Test
    void fullSegmentsLeaveRoomForTheOption() {
        client().write(3000).recv("A5 1(1448) <" + FIRST_OPTION + ">", "A5 1449(1448) <" + FIRST_OPTION + ">",
                "PA5 2897(104) <" + FIRST_OPTION + ">");
        clientWithoutOption().write(3000).recv("A5 1(1460)", "A5 1461(1460)", "PA5 2921(80)");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.3.2.2")
    void whenADuplicateComesAgainAfterAnOptionWasSentNoMoreAreSent() {
        TcpConversation c = client().send("PA5 1(1000) tos 2").recv("A5 ack 1001 <ecn1 1 0 1001>");
        c.send("PA5 1(1000) tos 2").recv("A5 ack 1001 <ecn1 1 0 2001, sack 1-1001>").send("PA5 1(1000) tos 2")
                .recv("A5 ack 1001 <noecn, sack 1-1001>");
        c.send("PA5 1001(10) tos 2").recv("A5 ack 1011 <noecn>");
        c.check(info(c).accEcnFailures == Ecn.OPT_FAIL_SEND, "failures " + info(c).accEcnFailures);
        c.host.settings().set("tcp_ecn_option", "3");
        c.send("PA5 1011(10) tos 2").recv("A5 ack 1021 <ecn1 1 0 3021>");
    }

    @ParameterizedTest
    @CsvSource({"ecn0 0 0 1", "ecn0 1 0 0", "ecn1 0"})
    @Rfc(value = 9768, section = "3.2.3.2.4")
    void aZeroedOptionIsNotRead(String option) {
        TcpConversation c = on().connecting().recv("SECN 0(0)").send("SA2 <mss 1460, " + option + ">");
        c.all();
        c.write(10);
        c.all();
        c.send("A5 <ecn0 500 400 300>");
        TcpInfo i = info(c);
        c.check(i.accEcnOptionSeen == OptionSeen.FAIL_SEEN && i.accEcnFailures == Ecn.OPT_FAIL_RECV
                && i.deliveredE0Bytes == 0, "seen " + i.accEcnOptionSeen);
    }

    @ParameterizedTest
    @CsvSource({"ecn0 1, true", "ecn0, false"})
    @Rfc(value = 9768, section = "3.2.3")
    void optionsOfEveryLengthAreRead(String option, boolean counters) {
        TcpConversation c = on().connecting().recv("SECN 0(0)").send("SA2 <mss 1460, " + option + ">");
        c.all();
        c.check(info(c).accEcnOptionSeen == (counters ? OptionSeen.COUNTER_SEEN : OptionSeen.EMPTY_SEEN),
                "seen " + info(c).accEcnOptionSeen);
    }

    @Test
    @Rfc(value = 9768, section = "3.2.3.2.1")
    void anOptionOnASynIsIgnored() {
        TcpConversation c = on().listening().send("SECN 0(0) <mss 1460, ecn0 9 9 9>").recv("SA2 0(0)").send("A2")
                .recvNothing();
        c.tcb = c.listener.accept();
        c.check(info(c).accEcnOptionSeen == OptionSeen.NOT_SEEN, "seen " + info(c).accEcnOptionSeen);
    }

    // --- the sender's counters ---

    @Test
    @Rfc(value = 9768, section = "3.2.2.2")
    @Rfc(value = 9768, section = "3.2.3.1")
    void reportsAreFollowedRoundTheCounter() {
        TcpConversation c = client();
        for (int i = 1; i <= 10; i++) {
            c.write(100);
            c.all();
            c.send("A" + (5 + i & 7) + " ack " + (100 * i + 1) + " tos 2 <ecn0 1 " + 100 * i + " 1>");
        }
        TcpInfo i = info(c);
        c.check(i.deliveredCe == 10 && i.deliveredCeBytes == 1000,
                "delivered CE " + i.deliveredCe + ", " + i.deliveredCeBytes + " bytes");
        c.counted(Counter.TcpExtTCPDeliveredCE, 10);
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.5.2")
    void manySegmentsAtOnceMayHideAWrap() {
        TcpConversation c = clientWithoutOption().write(14_600);
        c.all();
        // nine segments, no mark or eight: without bytes the safe assumption is eight
        c.send("A5 ack 1461").send("A5 ack 14601");
        c.check(info(c).deliveredCe == 8, "delivered CE " + info(c).deliveredCe);
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.5.2")
    @Rfc(value = 9768, section = "3.2.3.2.5")
    void bytesTellThatNothingWrapped() {
        TcpConversation c = client().write(14_480);
        c.all();
        c.send("A5 ack 1449 <ecn0 1449 0 1>").send("A5 ack 14481 <ecn0 14481 0 1>");
        c.check(info(c).deliveredCe == 0 && info(c).deliveredE0Bytes == 14_480, "delivered CE " + info(c).deliveredCe);
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.5.2")
    void bytesTellThatItWrapped() {
        TcpConversation c = client().write(14_480);
        c.all();
        // one mark more by the field, nine by the bytes
        c.send("A6 ack 1449 <ecn0 1 1448 1>").send("A7 ack 14481 <ecn0 1 14480 1>");
        c.check(info(c).deliveredCe == 10, "delivered CE " + info(c).deliveredCe);
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.2")
    void anAcknowledgmentWithoutProgressSaysNothing() {
        TcpConversation c = client().write(100);
        c.all();
        c.send("A6 ack 1 <ecn0 1 100 1>");
        c.check(info(c).deliveredCe == 0 && info(c).deliveredCeBytes == 0, "delivered CE " + info(c).deliveredCe);
    }

    @Test
    @Rfc(value = 9768, section = "3.1.5")
    void marksReduceTheWindowOnceARoundTripAndNoCwrIsSent() {
        TcpConversation c = clientWithoutOption().write(14_600);
        c.all();
        int before = c.tcb.congestion.cwndSegments();
        c.send("A6 ack 1461").write(14_600);
        c.send("A7 ack 2921").send("A0 ack 4381");
        c.check(info(c).caState.equals("CWR") && info(c).sndSsthresh == before * 7 / 10,
                "ssthresh " + info(c).sndSsthresh);
        for (Seg s : c.all()) {
            c.check((s.flags & (Seg.ECE | Seg.CWR | Seg.AE)) == 5 << 6, "the field is our counter, not CWR");
        }
    }

    // --- mangling ---

    @Test
    @Rfc(value = 9768, section = "3.2.2.1")
    void anEmptyFieldInTheThirdAcknowledgmentEndsMarksAndResponses() {
        TcpConversation c = on().listening().send("SECN 0(0) <mss 1460>").recv("SA2 0(0)").send("A").recvNothing();
        c.tcb = c.listener.accept();
        c.write(10).recv("PA5 1(10) tos 0").send("A6");
        c.check(info(c).deliveredCe == 0 && info(c).accEcnFailures == Ecn.ACE_FAIL_RECV,
                "failures " + info(c).accEcnFailures);
        c.send("PA5 (10) tos 3").recv("A6 11(0) ack 11 tos 0"); // feedback goes on
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.4")
    void anEmptyFieldInTheFirstFeedbackEndsMarks() {
        TcpConversation c = client().write(10).recv("PA5 1(10) tos 2").send("A ack 11").write(10)
                .recv("PA5 11(10) tos 0");
        c.check(info(c).deliveredCe == 0, "responded");
    }

    @ParameterizedTest
    @CsvSource({"3", "4", "6"})
    @Rfc(value = 9768, section = "3.2.2.3")
    void aSynThatCannotHaveArrivedSoEndsMarks(int ace) {
        TcpConversation c = on().connecting().recv("SECN 0(0)").send("SA" + ace + " <mss 1460>").recv("A2 1(0) tos 0")
                .write(10).recv("PA5 1(10) tos 0");
        c.send("A6 ack 11");
        c.check(info(c).deliveredCe == 1, "reports of congestion still count"); // it may be real all the same
        on().set("tcp_ecn_fallback", 0).connecting().recv("SECN 0(0)").send("SA" + ace + " <mss 1460>")
                .recv("A2 1(0) tos 2");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.3")
    void aSynAckThatCannotHaveArrivedSoEndsMarks() {
        TcpConversation c = on().listening().send("SECN 0(0) <mss 1460>").recv("SA2 0(0)").send("A6").recvNothing();
        c.tcb = c.listener.accept();
        c.write(10).recv("PA5 1(10) tos 0");
        c.check(info(c).deliveredCe == 0, "counted");
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.2")
    void aMarkedSynAckIsCountedOnceBothSides() {
        TcpConversation c = on().set("tcp_ecn_fallback", 0).listening().send("SECN 0(0) <mss 1460>").recv("SA2 0(0)")
                .send("A6").recvNothing();
        c.tcb = c.listener.accept();
        c.check(info(c).deliveredCe == 1, "delivered CE " + info(c).deliveredCe);
        c.write(10).recv("PA5 1(10)").send("A6");
        c.check(info(c).deliveredCe == 1, "the counter begins at six then");
        TcpConversation d = client().after(600).send("SA2 0(0) tos 3 <mss 1460>").recv("A6 1(0)").after(600)
                .send("SA2 0(0) tos 3 <mss 1460>").recv("A6 1(0)");
        d.write(10).recv("PA6 1(10)");
    }

    // --- algorithms that cannot do without ---

    @Test
    @Rfc(value = 8257, section = "3.1")
    void dctcpAsksForEcnAndMarksEveryPacket() {
        TcpConversation c = with().options(o -> o.congestionControl = "dctcp").connecting().recv("SEC 0(0) tos 2")
                .send("SAE <mss 1460>").recv("A 1(0) tos 2");
        c.write(10).recv("PA 1(10) tos 2");
        c.next();
        c.recv("PA 1(10) tos 2");
    }

    @Test
    @Rfc(value = 8257, section = "3.3")
    void dctcpGivesUpTheMarkedFraction() {
        TcpConversation c = on().options(o -> o.congestionControl = "dctcp").connecting().recv("SECN 0(0) tos 2")
                .send("SA4 <mss 1460>").recv("A2 1(0) tos 2");
        c.write(14_600);
        c.all();
        c.send("A6 ack 14601"); // alpha begins at 1
        c.check(info(c).sndSsthresh == 5, "ssthresh " + info(c).sndSsthresh);
    }

    @Test
    void timeWaitStillTellsTheCounter() {
        TcpConversation c = client().send("PA5 (10) tos 3").recv("A6 1(0) ack 11").read(10);
        c.shutdownWrite();
        c.recv("FA6 1(0)").send("A5 tos 2").recvNothing().send("FA5 11(0) tos 2").recv("A6 2(0) ack 12").after(600)
                .send("FA5 11(0)").recv("A6 2(0) ack 12");
    }
}

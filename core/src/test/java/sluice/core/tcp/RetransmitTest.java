package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.MtuDiscovery;
import sluice.core.Pollable;
import sluice.core.tcp.segment.TcpState;

/** Retransmission basics, R1 and R2, the user timeout, keepalive. */
class RetransmitTest {
    @Test
    @Rfc(value = 9293, section = "3.8.1", req = "MUST-18")
    @Rfc(value = 6298, section = "2")
    void theFirstTimeoutIsOneSecondWithoutARoundTrip() {
        TcpConversation c = with().synSent();
        c.check(c.tcb.rtt.rtoUs() == 1_000_000, "RTO " + c.tcb.rtt.rtoUs());
    }

    @Test
    @Rfc(value = 9293, section = "3.8.1", req = "MUST-18")
    @Rfc(value = 6298, section = "2")
    void theFirstRoundTripSetsTheTimeout() {
        TcpConversation c = with().synSent().at(300).send("SA <mss 1460>").recv("A 1(0)");
        c.check(c.tcb.rtt.srttUs() == 300_000 && c.tcb.rtt.rtoUs() == 900_000,
                "SRTT " + c.tcb.rtt.srttUs() + " RTO " + c.tcb.rtt.rtoUs());
    }

    @Test
    @Rfc(value = 9293, section = "3.8.2", req = "MUST-19")
    @Rfc(value = 6298, section = "5.5")
    void eachTimeoutDoublesUpToTwoMinutes() {
        TcpConversation c = established().write(10).recv("PA 1(10)");
        double at = 0;
        double rto = 200.001;
        for (int i = 0; i < 15; i++) {
            at += rto;
            c.recvAt(at, "PA 1(10)");
            rto = Math.min(rto * 2, 120_000);
        }
        c.check(at < 924_601 && at + rto > 924_600, "schedule " + at);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.1", req = "MUST-18")
    @Rfc(value = 6298, section = "3")
    void aSegmentSentAgainGivesNoRoundTrip() {
        TcpConversation c = established().write(10).recv("PA 1(10)").recvAt(200.001, "PA 1(10)").at(5000);
        c.all();
        c.send("A ack 11").check(c.tcb.rtt.srttUs() <= 1, "SRTT " + c.tcb.rtt.srttUs());
    }

    @Test
    @Rfc(value = 9293, section = "3.8.2", req = "MUST-19")
    @Rfc(value = 5681, section = "3.1")
    void slowStartAddsASegmentForEachAcknowledged() {
        TcpConversation c = with().options(o -> o.sendBufferBytes = 100_000).established().write(60_000);
        c.check(c.all().size() == 10, "the initial window is not 10").send("A ack 1461")
                .check(c.all().size() == 2, "not 2").send("A ack 4381")
                .check(c.all().size() == 4, "not 4");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.2", req = "MUST-19")
    @Rfc(value = 5681, section = "3.1")
    void aTimeoutCollapsesTheWindowToOneSegment() {
        TcpConversation c = with().options(o -> o.sendBufferBytes = 100_000).established().write(60_000);
        c.all();
        c.recvAt(200.001, "A 1(1460)").quietUntil(600);
    }

    @Test
    @Rfc(value = 5681, section = "3.2")
    void theThirdDuplicateAcknowledgmentSendsAgainAtOnce() {
        TcpConversation c = established().write(14_600);
        c.all();
        c.at(50).send("A ack 1461").send("A ack 1461").recvNothing().send("A ack 1461").recvNothing().send("A ack 1461")
                .recv("A 1461(1460)");
        c.counted(Counter.TcpExtTCPFastRetrans, 1);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.3", req = {"MUST-20", "SHLD-11"})
    void dataIsGivenUpAfterR2() {
        TcpConversation c = established().write(10).recv("PA 1(10)").at(924_000);
        c.all();
        c.state(TcpState.ESTABLISHED).at(1_100_000);
        c.all();
        c.state(TcpState.CLOSED).ready(Pollable.ERROR).readFails(Errno.ETIMEDOUT).nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-21")
    void anApplicationSetsR2() {
        TcpConversation c = with().options(o -> o.userTimeoutMs = 5000).established().write(10).recv("PA 1(10)")
                .at(4900);
        c.all();
        c.state(TcpState.ESTABLISHED).at(5300);
        c.all();
        c.state(TcpState.CLOSED).readFails(Errno.ETIMEDOUT).nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-21")
    void anApplicationMaySetR2ToHours() {
        TcpConversation c = with().options(o -> o.userTimeoutMs = 24 * 3600 * 1000).established().write(10)
                .recv("PA 1(10)").at(20 * 3600 * 1000.0);
        c.all();
        c.state(TcpState.ESTABLISHED).send("A ack 11").write(10).recv("PA 11(10)");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.1", req = "MUST-18")
    void theBackedOffTimeoutStaysUntilThereIsASample() {
        TcpConversation c = with().established().write(10).recv("PA 1(10)").at(2000);
        c.all();
        long backedOff = c.tcb.rtt.rtoUs();
        c.send("A ack 11").check(c.tcb.rtt.rtoUs() == backedOff, "RTO is " + c.tcb.rtt.rtoUs());
        c.write(10).recv("PA 11(10)").send("A ack 21").check(c.tcb.rtt.rtoUs() < backedOff / 2,
                "RTO is " + c.tcb.rtt.rtoUs());
    }

    @Test
    @Rfc(value = 9293, section = "3.10.8")
    void theUserTimeoutCountsFromTheLastProgress() {
        TcpConversation c = with().options(o -> o.userTimeoutMs = 5000).established().write(10).recv("PA 1(10)")
                .at(3000);
        c.all();
        c.send("A ack 11").write(10).recv("PA 11(10)").send("A ack 21");
        c.write(10).recv("PA 21(10)").at(7500);
        c.all();
        c.state(TcpState.ESTABLISHED).at(8600);
        c.all();
        c.state(TcpState.CLOSED);
    }

    @Test
    void theUserTimeoutEndsAZeroWindowEvenWhenThePeerAnswers() {
        TcpConversation c = with().options(o -> o.userTimeoutMs = 5000).window(1000).established().write(2000);
        c.all();
        c.send("A ack 1001 win 0");
        while (c.tcb.state() != TcpState.CLOSED && c.ms() < 20_000) {
            c.after(100);
            if (!c.all().isEmpty()) {
                c.send("A ack 1001 win 0");
            }
        }
        c.check(c.ms() > 4900 && c.ms() < 6000, "closed at " + c.ms()).readFails(Errno.ETIMEDOUT);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.3", req = {"SHLD-9", "SHLD-10"})
    @Rfc(value = 9293, section = "3.9.1.8", req = "MUST-47")
    void afterR1TheApplicationCanKnow() {
        TcpConversation c = established().write(10).recv("PA 1(10)");
        for (int i = 0; i < 3; i++) {
            c.next();
            c.recv("PA 1(10)");
        }
        c.check(c.tcb.takeError() == null, "too early");
        for (int i = 0; i < 2; i++) {
            c.next();
            c.recv("PA 1(10)");
        }
        c.check(c.tcb.takeError() == Errno.ETIMEDOUT, "no advice after R1").state(TcpState.ESTABLISHED);
    }

    @Test
    @Rfc(value = 9293, section = "3.9.1.8", req = "MUST-47")
    void excessiveRetransmissionsShowInTheStatus() {
        TcpConversation c = established().write(10).recv("PA 1(10)").at(30_000);
        c.all();
        c.check(c.tcb.info(c.now()).retransmits > 3, "retransmits " + c.tcb.info(c.now()).retransmits);
    }

    @Test
    void anOldSoftErrorIsForgottenWhenThePathWorksAgain() {
        TcpConversation c = established().write(10).recv("PA 1(10)").icmp(3, 1, 0, 1).send("A ack 11");
        c.check(c.tcb.takeError() == null, "an old error is reported");
    }

    /** 100 bytes, sent at 40 ms and again after a timeout; the echo of the first. */
    private static int sentTwice(TcpConversation c, int at) {
        c.write(100);
        Seg original = c.any();
        c.next();
        c.recv("PA " + at + "(100)").after(40);
        return original.tsVal;
    }

    private static TcpConversation timestamped() {
        return timestamped("<mss 1460, sackOK, ts 100/0>");
    }

    private static TcpConversation timestamped(String options) {
        TcpConversation c = with().set("tcp_early_retrans", 0).synSent().after(40).send("SA " + options)
                .recv("A 1(0) ack 1");
        c.check(c.tcb.rtt.srttUs() == 40_000, "SRTT " + c.tcb.rtt.srttUs());
        return c;
    }

    @Test
    @Rfc(value = 7323, section = "4.1")
    void anOldEchoIsBelievedOnceForEachDuplicateReport() {
        TcpConversation c = timestamped();
        c.send("A ack 101 <ts 500/" + sentTwice(c, 1) + ">");
        long once = c.tcb.rtt.srttUs();
        c.check(once > 60_000, "the original may have come late, SRTT " + once);
        c.send("A ack 201 <ts 900/" + sentTwice(c, 101) + ">");
        c.check(c.tcb.rtt.srttUs() == once, "and this repeats a lost acknowledgment, SRTT " + c.tcb.rtt.srttUs());
        c.check(c.tcb.rtt.backoff() == 1, "the timeout stays doubled");
        int echo = c.tcb.timestampClock(c.now());
        c.write(100).recv("PA 201(100)").after(40).send("A ack 301 <ts 1000/" + echo + ", sack 201-301>");
        c.check(c.tcb.rtt.backoff() == 0, "by a sample");
        once = c.tcb.rtt.srttUs();
        c.send("A ack 401 <ts 1500/" + sentTwice(c, 301) + ">");
        c.check(c.tcb.rtt.srttUs() > once, "the peer reports duplicates, and did not now");
    }

    @Test
    @Rfc(value = 7323, section = "4.1")
    void anOldEchoWithDataOrAfterTwoTimeoutsOrWithoutSackIsNoRoundTrip() {
        TcpConversation c = timestamped();
        int echo = sentTwice(c, 1);
        c.after(100).send("PA 1(10) ack 101 <ts 500/" + echo + ">");
        c.check(c.tcb.rtt.srttUs() == 40_000, "it waited for the peer's data, SRTT " + c.tcb.rtt.srttUs());
        c = timestamped();
        echo = sentTwice(c, 1);
        c.next();
        c.recv("PA 1(100)").after(40).send("A ack 101 <ts 500/" + echo + ">");
        c.check(c.tcb.rtt.srttUs() == 40_000, "SRTT " + c.tcb.rtt.srttUs());
        c = timestamped("<mss 1460, ts 100/0>");
        c.send("A ack 101 <ts 500/" + sentTwice(c, 1) + ">");
        c.check(c.tcb.rtt.srttUs() == 40_000, "without SACK nothing tells, SRTT " + c.tcb.rtt.srttUs());
    }

    @Test
    @Rfc(value = 6864, section = "4.1")
    void withDfTheIdentificationIsZeroAlsoInARetransmission() {
        TcpConversation c = established().write(10);
        for (int i = 0; i < 3; i++) {
            c.next();
            byte[] p = c.anyPacket();
            c.check((p[6] & 0x40) != 0, "no DF").check(p[4] == 0 && p[5] == 0, "identification " + p[4] + " " + p[5]);
        }
    }

    /** MAY-4 is not made use of: where packets may be cut, pieces of two copies must not be mixed. */
    @Test
    @Rfc(value = 9293, section = "3.8.1", req = "MAY-4")
    @Rfc(value = 6864, section = "4.2")
    void withoutDfARetransmissionHasAnIdentificationOfItsOwn() {
        TcpConversation c = with().options(o -> o.mtuDiscovery = MtuDiscovery.DONT).established().write(10);
        java.util.Set<Integer> seen = new java.util.HashSet<>();
        for (int i = 0; i < 4; i++) {
            c.next();
            byte[] p = c.anyPacket();
            c.check((p[6] & 0x40) == 0, "DF").check(seen.add((p[4] & 0xff) << 8 | p[5] & 0xff), "the same again");
        }
    }

    @Test
    void allSegmentsHaveDfUnlessDiscoveryIsOff() {
        TcpConversation c = with().options(o -> o.mtuDiscovery = MtuDiscovery.DONT).connecting();
        c.next();
        c.check((c.anyPacket()[6] & 0x40) == 0, "DF");
        TcpConversation l = with().listening().send("S 0(0)");
        l.next();
        l.check((l.anyPacket()[6] & 0x40) != 0, "a SYN-ACK without DF");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void anAcknowledgmentInTheMiddleOfASegmentLeavesOnlyTheRestToBeSentAgain() {
        TcpConversation c = established().write(1000).recv("PA 1(1000)").send("A ack 401");
        c.next();
        c.recv("PA 401(600)");
        TcpConversation fin = established().write(1000).shutdownWrite().recv("FPA 1(1000)").send("A ack 1001");
        fin.next();
        fin.recv("FA 1001(0)").send("A ack 1002").state(TcpState.FIN_WAIT_2);
    }

    // --- keepalive ---

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = "MUST-25")
    void keepaliveIsOffByDefault() {
        established().quietUntil(30L * 24 * 3600 * 1000).state(TcpState.ESTABLISHED);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = {"MUST-24", "MUST-27", "MUST-28", "SHLD-12", "MAY-5"})
    void keepaliveProbesAfterTwoHoursWithoutData() {
        with().options(o -> o.keepAlive = true).established().recvAt(7_200_000, "A 0(0) ack 1");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = {"MUST-24", "MUST-27"})
    void keepaliveIsSwitchedAndTimedForEachConnection() {
        TcpConversation c = established().options(o -> {
            o.keepAlive = true;
            o.keepIdleSeconds = 10;
            o.keepIntervalSeconds = 3;
        }).recvAt(10_000, "A 0(0) ack 1").recvAt(13_000, "A 0(0) ack 1").options(o -> o.keepAlive = false)
                .quietUntil(1e9);
        c.state(TcpState.ESTABLISHED);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = "MUST-26")
    void whateverArrivesPutsTheProbeOff() {
        TcpConversation c = with().options(o -> {
            o.keepAlive = true;
            o.keepIdleSeconds = 10;
        }).established().at(9000).send("PA (10)");
        c.all();
        c.at(18_000).send("A");
        c.all();
        c.recvAt(28_000, "A 0(0) ack 11");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = "MUST-26")
    void nothingIsProbedWhileDataIsOutstanding() {
        TcpConversation c = with().options(o -> {
            o.keepAlive = true;
            o.keepIdleSeconds = 1;
        }).established().write(10).recv("PA 1(10)").at(100_000);
        c.check(c.all().stream().allMatch(s -> s.length == 10), "a keepalive probe").counted(Counter.TcpExtTCPKeepAlive,
                0);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = "MUST-29")
    void unansweredProbesAreNotAtOnceTheEnd() {
        TcpConversation c = with().options(o -> {
            o.keepAlive = true;
            o.keepIdleSeconds = 10;
            o.keepIntervalSeconds = 5;
            o.keepCount = 3;
        }).established();
        c.recvAt(10_000, "A 0(0)").recvAt(15_000, "A 0(0)").recvAt(20_000, "A 0(0)").state(TcpState.ESTABLISHED)
                .recvAt(25_000, "RA 1(0) ack 1");
        c.state(TcpState.CLOSED).readFails(Errno.ETIMEDOUT);
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4", req = "MUST-29")
    void answeredProbesNeverAddUp() {
        TcpConversation c = with().options(o -> {
            o.keepAlive = true;
            o.keepIdleSeconds = 5;
            o.keepIntervalSeconds = 60;
            o.keepCount = 2;
        }).established();
        for (int i = 0; i < 20; i++) {
            c.next();
            c.recv("A 0(0) ack 1").send("A").recvNothing().state(TcpState.ESTABLISHED);
        }
    }

    @Test
    @Rfc(value = 5961, section = "5")
    void segmentsThatAreNotAcceptableAreNoSignOfLife() {
        TcpConversation c = with().options(o -> {
            o.keepAlive = true;
            o.keepIdleSeconds = 10;
        }).established().at(9000).send("A 500000(0)");
        c.all();
        c.recvAt(10_000, "A 0(0) ack 1");
    }

    @Test
    @Rfc(value = 9293, section = "3.8.4")
    void keepaliveProbesOfThePeerAreAnswered() {
        established().at(1000).send("A 0(0)").recv("A 1(0) ack 1").at(5000).send("A 0(1)").recv("A 1(0) ack 1");
    }

    @Test
    void theUserTimeoutReplacesTheNumberOfKeepaliveProbes() {
        TcpConversation c = with().options(o -> {
            o.keepAlive = true;
            o.keepIdleSeconds = 10;
            o.keepIntervalSeconds = 5;
            o.userTimeoutMs = 12_000;
        }).established().recvAt(10_000, "A 0(0)").recvAt(15_000, "RA 1(0)");
        c.state(TcpState.CLOSED).readFails(Errno.ETIMEDOUT);
    }

    @Test
    void aRouteThatComesBackIsUsed() {
        TcpConversation c = established();
        c.host.onLinkState(1, false, c.now());
        c.write(10).recvNothing().at(100);
        c.host.onLinkState(1, true, c.now());
        c.next();
        c.check(c.ms() < 3000 && c.any().length == 10, "sent at " + c.ms());
    }
}

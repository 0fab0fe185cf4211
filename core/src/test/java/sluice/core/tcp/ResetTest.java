package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.Pollable;
import sluice.core.tcp.segment.TcpState;

/** RST and SYN in every synchronized state, acknowledgments out of range, and the challenge ACKs of RFC 5961. */
class ResetTest {
    /** A conversation in each state that shares 3.10.7.4, and what the host would say next: SND.NXT and RCV.NXT. */
    private record Case(Supplier<TcpConversation> start, int sndNxt, int rcvNxt) {}

    private static final List<Case> STATES = List.of(new Case(TcpConversation::established, 1, 1),
            new Case(() -> with().finWait1(), 2, 1),
            new Case(() -> with().finWait2(), 2, 1), new Case(() -> with().closeWait(), 1, 2),
            new Case(() -> with().closing(), 2, 2),
            new Case(() -> with().lastAck(), 2, 2));

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    @Rfc(value = 5961, section = "3.2")
    void anExactResetEndsTheConnectionInEveryState() {
        for (Case s : STATES) {
            s.start.get().send("R " + s.rcvNxt + "(0)").recvNothing().state(TcpState.CLOSED).nothingLeft();
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    @Rfc(value = 5961, section = "3.2")
    void aResetInTheWindowIsChallengedInEveryState() {
        for (Case s : STATES) {
            TcpConversation c = s.start.get();
            TcpState before = c.tcb.state();
            c.send("R " + (s.rcvNxt + 1000) + "(0)").recv("A " + s.sndNxt + "(0) ack " + s.rcvNxt).state(before)
                    .counted(Counter.TcpExtTCPChallengeACK, 1);
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    @Rfc(value = 5961, section = "3.2")
    void aResetOutsideTheWindowIsDroppedInEveryState() {
        for (Case s : STATES) {
            TcpConversation c = s.start.get();
            TcpState before = c.tcb.state();
            c.send("R 100000(0)").recvNothing().send("R -100(0)").recvNothing().state(before);
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.5.3", req = "SHLD-2")
    void aResetMayCarryData() {
        established().send("RA 1(20)").recvNothing().state(TcpState.CLOSED).readFails(Errno.ECONNRESET);
    }

    @Test
    @Rfc(value = 9293, section = "3.6", req = "MUST-12")
    void theApplicationLearnsOfAResetOnce() {
        TcpConversation c = established().send("R 1(0)")
                .ready(Pollable.ERROR | Pollable.HANGUP | Pollable.READABLE | Pollable.WRITABLE);
        c.readFails(Errno.ECONNRESET).readEnd().writeFails(Errno.EPIPE);
    }

    @Test
    @Rfc(value = 9293, section = "3.6", req = "MUST-12")
    void dataThatArrivedBeforeAResetCanBeRead() {
        established().send("PA (10)").recv("A 1(0) ack 11").send("R 11(0)").read(10).readFails(Errno.ECONNRESET)
                .nothingLeft();
    }

    @Test
    @Rfc(value = 9293, section = "3.6", req = "MUST-12")
    void aWriterLearnsOfAReset() {
        established().send("R 1(0)").writeFails(Errno.ECONNRESET).writeFails(Errno.EPIPE);
    }

    @Test
    void afterAFinAResetBreaksThePipeForTheWriterAndTheReaderSeesTheEnd() {
        with().closeWait().send("R 2(0)").readEnd().writeFails(Errno.EPIPE);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "MUST-66")
    void aResetIsTakenWithAZeroWindow() {
        TcpConversation c = with().options(o -> o.receiveBufferBytes = 1000).established();
        c.send("PA 1(1000)").recv("A 1(0) ack 1001 win 0").send("R 1001(0)").state(TcpState.CLOSED);
    }

    @Test
    @Rfc(value = 5961, section = "3.2")
    void aResetAtTheEndOfTheHighestSackBlockIsTaken() {
        with().peer("<mss 1460, sackOK>").established().send("A 101(100)").recv("A 1(0) ack 1 <sack 101-201>")
                .send("R 201(0)").state(TcpState.CLOSED);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    @Rfc(value = 5961, section = "4.2")
    void aSynIsChallengedInEveryStateWhateverItsNumber() {
        for (Case s : STATES) {
            for (long seq : new long[]{0, s.rcvNxt, 5000, 2_000_000, -5000}) {
                TcpConversation c = s.start.get();
                TcpState before = c.tcb.state();
                c.send("S " + seq + "(0) <mss 1460>").recv("A " + s.sndNxt + "(0) ack " + s.rcvNxt).state(before);
            }
        }
    }

    @Test
    @Rfc(value = 5961, section = "4.2")
    void aSynAckIsChallengedToo() {
        established().send("SA 0(0) ack 1 <mss 1460>").recv("A 1(0) ack 1").state(TcpState.ESTABLISHED)
                .counted(Counter.TcpExtTCPSYNChallenge, 1);
    }

    @Test
    @Rfc(value = 5961, section = "4.2")
    void aPeerThatRestartedIsLedToResetUs() {
        TcpConversation c = established().send("S 50000(0) <mss 1460>").recv("A 1(0) ack 1");
        c.send("R 1(0)").state(TcpState.CLOSED).readFails(Errno.ECONNRESET);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    @Rfc(value = 5961, section = "5.2")
    void anAcknowledgmentOfUnsentDataIsAnsweredAndDroppedWithItsData() {
        established().send("PA 1(10) ack 2").recv("A 1(0) ack 1").state(TcpState.ESTABLISHED).send("PA 1(10) ack 1")
                .recv("A 1(0) ack 11");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4", req = "MAY-12")
    @Rfc(value = 5961, section = "5.2")
    void anAcknowledgmentOlderThanTheLargestWindowIsAnsweredAndDropped() {
        TcpConversation c = with().window(1000).established();
        for (int i = 0; i < 3; i++) {
            c.write(1000);
            c.all();
            c.send("A");
        }
        c.check(c.tcb.snd.una == c.hostIsn + 3001, "not acknowledged").send("PA 1(10) ack 2000").recv("A 3001(0) ack 1")
                .send("PA 1(10) ack 2001")
                .recv("A 3001(0) ack 11");
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aSegmentWithoutAckIsDroppedInEveryState() {
        for (Case s : STATES) {
            TcpConversation c = s.start.get();
            TcpState before = c.tcb.state();
            c.send("P " + s.rcvNxt + "(10)").recvNothing().state(before);
        }
    }

    @Test
    @Rfc(value = 5961, section = "7")
    void challengesOfOneConnectionAreHalfASecondApart() {
        TcpConversation c = established().send("R 100(0)").recv("A 1(0) ack 1").at(499).send("R 100(0)").recvNothing();
        c.counted(Counter.TcpExtTCPACKSkippedChallenge, 1).at(500).send("R 100(0)").recv("A 1(0) ack 1");
    }

    @Test
    @Rfc(value = 5961, section = "7")
    void theHostsChallengesAreLimited() {
        TcpConversation c = with().set("tcp_challenge_ack_limit", 1).set("tcp_invalid_ratelimit", 0).established();
        c.send("R 100(0)").recv("A 1(0) ack 1").send("R 100(0)").recvNothing().at(1000).send("R 100(0)")
                .recv("A 1(0) ack 1");
    }

    /** CVE-2016-5696: who can count what is left of a limit for all learns of the connections of others. */
    @Test
    @Rfc(value = 5961, section = "7")
    void theHostsLimitCannotBeCounted() {
        TcpConversation c = with().set("tcp_challenge_ack_limit", 100).set("tcp_invalid_ratelimit", 0).established();
        java.util.Set<Integer> answered = new java.util.HashSet<>();
        for (int second = 1; second <= 8; second++) {
            c.at(1000 * second);
            int before = (int) c.counter(Counter.TcpExtTCPChallengeACK);
            for (int i = 0; i < 200; i++) {
                c.send("R 100(0)");
            }
            answered.add((int) c.counter(Counter.TcpExtTCPChallengeACK) - before);
        }
        c.check(answered.size() > 4 && answered.stream().allMatch(n -> n >= 50 && n < 150), "" + answered);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void aSegmentOutsideTheWindowIsAnsweredInEveryState() {
        for (Case s : STATES) {
            TcpConversation c = s.start.get();
            TcpState before = c.tcb.state();
            c.send("A 500000(10)").recv("A " + s.sndNxt + "(0) ack " + s.rcvNxt).state(before)
                    .check(c.counter(Counter.TcpExtBeyondWindow) == 1, "not counted");
            c.send("A -500(10)").recv("A " + s.sndNxt + "(0) ack " + s.rcvNxt).state(before);
        }
    }

    @Test
    void answersToDatalessSegmentsOutsideTheWindowAreHalfASecondApart() {
        TcpConversation c = established().send("A 0(0)").recv("A 1(0) ack 1").at(100).send("A 0(0)").recvNothing()
                .counted(Counter.TcpExtTCPACKSkippedSeq, 1);
        c.at(501).send("A 0(0)").recv("A 1(0) ack 1");
    }

    @Test
    void everyDropIsCounted() {
        TcpConversation c = established();
        long before = drops(c);
        c.send("P 1(10)").send("R 100000(0)").send("- 1(0)");
        c.check(drops(c) == before + 3, "counted " + (drops(c) - before));
        TcpConversation l = with().listening();
        before = drops(l);
        l.send("R 0(0)").send("SF 0(0)").send("F 0(0)");
        l.check(drops(l) == before + 3, "counted " + (drops(l) - before));
        TcpConversation s = with().synSent();
        before = drops(s);
        s.send("RA ack 9").send("A 0(0) ack 1").send("F 0(0)").send("R 0(0)");
        s.check(drops(s) == before + 4, "counted " + (drops(s) - before));
        TcpConversation n = with().closed();
        before = drops(n);
        n.send("R 0(0)");
        n.check(drops(n) == before + 1, "counted " + (drops(n) - before));
        TcpConversation w = with().closeWait();
        before = drops(w);
        w.send("PA 2(10)");
        w.check(drops(w) == before + 1, "counted " + (drops(w) - before));
    }

    private static long drops(TcpConversation c) {
        long sum = 0;
        for (Counter k : Counter.values()) {
            if (k.name().startsWith("Sluice")) {
                sum += c.counter(k);
            }
        }
        return sum;
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = "MUST-3")
    void aSegmentWithAWrongChecksumIsDropped() {
        TcpConversation c = established();
        byte[] p = Seg.parse("PA 1(3) ack 1 win 100").packet(c.peerAddress, c.peerPort, c.hostAddress, c.hostPort,
                c.peerIsn, c.hostIsn,
                TcpConversation.pattern(1, 3));
        p[p.length - 1] ^= 1;
        c.packet(p).recvNothing().counted(Counter.TcpInCsumErrors, 1).counted(Counter.TcpInErrs, 1)
                .check(c.tcb.available() == 0, "taken");
    }

    @Test
    @Rfc(value = 9293, section = "3.1", req = "MUST-2")
    void everySegmentHasARightChecksum() {
        for (TcpConversation c : List.of(with().connecting().write(3000), with().v6().connecting().write(3000))) {
            c.next();
            verify(c, c.anyPacket());
            c.send("SA 0(0) ack 1 <mss 1460>").after(1);
            while (c.pending() > 0) {
                verify(c, c.anyPacket());
            }
            c.abort();
            verify(c, c.anyPacket());
        }
        TcpConversation l = with().listening().send("S 0(0) <mss 1460>");
        l.next();
        verify(l, l.anyPacket());
        l.send("A 0(0) ack 77");
        verify(l, l.anyPacket());
    }

    private static void verify(TcpConversation c, byte[] p) {
        int t = Seg.tcpAt(p);
        byte[] tcp = sluice.core.TestPackets.slice(p, t, p.length);
        int sum = sluice.core.TestPackets.u16(tcp, 16);
        sluice.core.TestPackets.checksummed(c.hostAddress, c.peerAddress, 6, tcp, 16);
        c.check(sum == sluice.core.TestPackets.u16(tcp, 16), "checksum");
    }

    @Test
    void aTruncatedOrContradictoryHeaderIsDropped() {
        TcpConversation c = established();
        byte[] shortOne = new byte[12];
        c.packet(sluice.core.TestPackets.ipv4(c.peerAddress, c.hostAddress, 6, shortOne)).recvNothing()
                .counted(Counter.TcpInErrs, 1);
        byte[] offset = new byte[20];
        offset[12] = (byte) 0xf0;
        c.packet(sluice.core.TestPackets.ipv4(c.peerAddress, c.hostAddress, 6, offset)).recvNothing()
                .counted(Counter.TcpInErrs, 2);
        offset[12] = 0x40;
        c.packet(sluice.core.TestPackets.ipv4(c.peerAddress, c.hostAddress, 6, offset)).recvNothing()
                .counted(Counter.TcpInErrs, 3);
    }
}

package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.CLIENT_PORT;
import static sluice.core.tcp.TcpConversation.established;
import static sluice.core.tcp.TcpConversation.with;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.MtuDiscovery;
import sluice.core.Pollable;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.IpAddress;

/** ICMP errors about our segments: soft, hard, too big, and not ours. */
class IcmpTest {
    private static TcpConversation sent() {
        return established().write(100).recv("PA 1(100)");
    }

    @Test
    @Rfc(value = 9293, section = "3.9.2.2", req = {"MUST-54", "MUST-56", "SHLD-25"})
    void softErrorsAreReportedAndDoNotAbort() {
        for (int[] e : List.of(new int[]{3, 0}, new int[]{3, 1}, new int[]{3, 5}, new int[]{11, 0}, new int[]{11, 1},
                new int[]{12, 0})) {
            TcpConversation c = sent().icmp(e[0], e[1], 0, 1).state(TcpState.ESTABLISHED);
            Errno error = c.tcb.takeError();
            c.check(error != null, "type " + e[0] + " code " + e[1] + " is not reported")
                    .check(c.tcb.takeError() == null, "reported twice");
            c.send("A ack 101").write(10).recv("PA 101(10)");
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.9.2.2", req = "SHLD-26")
    @Rfc(value = 5927, section = "4")
    void hardErrorsDoNotAbortAnOpenConnectionAsRfc5927Advises() {
        for (int code : new int[]{2, 3}) {
            TcpConversation c = sent().icmp(3, code, 0, 1).state(TcpState.ESTABLISHED);
            c.check(c.tcb.takeError() != null, "not reported").send("A ack 101");
        }
    }

    @Test
    @Rfc(value = 9293, section = "3.9.2.2", req = {"MUST-54", "SHLD-26"})
    void hardErrorsAbortAHandshake() {
        with().synSent().icmp(3, 3, 0, 0).state(TcpState.CLOSED).readFails(Errno.ECONNREFUSED).nothingLeft();
        with().synSent().icmp(3, 2, 0, 0).state(TcpState.CLOSED).readFails(Errno.ENOPROTOOPT);
    }

    @Test
    @Rfc(value = 5461, section = "3")
    @Rfc(value = 9293, section = "3.9.2.2", req = "MUST-56")
    void unreachableErrorsEndAHandshakeAsOnLinux() {
        with().synSent().icmp(3, 1, 0, 0).state(TcpState.CLOSED).readFails(Errno.EHOSTUNREACH);
        with().synSent().icmp(3, 0, 0, 0).state(TcpState.CLOSED).readFails(Errno.ENETUNREACH);
        with().v6().synSent().icmp(1, 3, 0, 0).state(TcpState.CLOSED).readFails(Errno.EHOSTUNREACH);
    }

    @Test
    @Rfc(value = 9293, section = "3.9.2.2", req = "MUST-55")
    void sourceQuenchIsDropped() {
        TcpConversation c = sent().icmp(4, 0, 0, 1).state(TcpState.ESTABLISHED).recvNothing();
        c.check(c.tcb.takeError() == null && c.tcb.congestion.cwndSegments() == 10, "it had an effect");
    }

    @Test
    @Rfc(value = 5927, section = "4.1")
    void errorsAboutNumbersThatAreNotOutstandingAreIgnored() {
        for (long seq : new long[]{0, 102, 5000, -5000}) {
            TcpConversation c = sent().icmp(3, 1, 0, seq).state(TcpState.ESTABLISHED)
                    .counted(Counter.TcpExtOutOfWindowIcmps, 1);
            c.check(c.tcb.takeError() == null, "believed");
        }
        with().synSent().icmp(3, 3, 0, 5).state(TcpState.SYN_SENT).counted(Counter.TcpExtOutOfWindowIcmps, 1);
    }

    @Test
    void errorsForNoConnectionAreCounted() {
        TcpConversation c = sent();
        c.peerPort = 4567;
        c.icmp(3, 1, 0, 1).counted(Counter.IcmpInErrors, 1);
    }

    @Test
    @Rfc(value = 9293, section = "3.9.1.8", req = {"MUST-47", "SHLD-20"})
    void anApplicationThatWantsErrorsAtOnceGetsThem() {
        TcpConversation c = with().options(o -> o.receiveErrors = true).established().write(100).recv("PA 1(100)")
                .icmp(3, 1, 0, 1).ready(Pollable.ERROR);
        c.readFails(Errno.EHOSTUNREACH).state(TcpState.ESTABLISHED).notReady(Pollable.ERROR).send("PA 1(10) ack 101")
                .read(10);
        sent().icmp(3, 1, 0, 1).notReady(Pollable.ERROR);
    }

    @Test
    void aSoftErrorIsTheReasonGivenInTheEnd() {
        TcpConversation c = sent();
        while (c.tcb.state() != TcpState.CLOSED) {
            c.after(1000);
            c.all();
            if (c.tcb.state() != TcpState.CLOSED) {
                c.icmp(3, 1, 0, 1);
            }
        }
        c.readFails(Errno.EHOSTUNREACH);
    }

    @Test
    @Rfc(value = 9293, section = "3.7.2")
    @Rfc(value = 1191, section = "3")
    void aPathWithASmallerMtuIsLearned() {
        TcpConversation c = established().write(1460).recv("PA 1(1460)").icmp(3, 4, 1200, 1)
                .recv("A 1(1160)", "PA 1161(300)").send("A ack 1461");
        c.write(2000).recv("A 1461(1160)", "PA 2621(840)");
    }

    @Test
    @Rfc(value = 8201, section = "4")
    void aPathWithASmallerMtuIsLearnedOverIpv6() {
        with().v6().peer("<mss 1440>").established().write(1440).recv("PA 1(1440)").icmp(2, 0, 1300, 1)
                .recv("A 1(1240)", "PA 1241(200)");
    }

    @Test
    @Rfc(value = 5927, section = "7")
    void aTooBigAboutNothingOutstandingIsNotBelieved() {
        TcpConversation c = established().write(1460).recv("PA 1(1460)").send("A ack 1461").icmp(3, 4, 600, 1)
                .write(1460).recv("PA 1461(1460)");
        c.counted(Counter.TcpExtOutOfWindowIcmps, 1);
    }

    @Test
    void aTooBigWithANonsenseMtuIsSurvived() {
        for (int mtu : new int[]{1, 20, 67, 68, 1500, 9000, 65_535}) {
            TcpConversation c = established().write(1460).recv("PA 1(1460)").icmp(3, 4, mtu, 1);
            c.all();
            c.send("A ack 1461").state(TcpState.ESTABLISHED).write(100).after(1).check(
                    c.pending() >= 1 && c.pending() <= 4,
                    "mtu " + mtu + ": " + c.pending() + " segments");
        }
    }

    private static boolean dontFragment(byte[] packet) {
        return (packet[6] & 0x40) != 0;
    }

    /** Every packet that has come out, and waits no longer, has DF or has not. */
    private static void allHave(TcpConversation c, boolean df, int packets) {
        c.check(c.pending() == packets, c.pending() + " packets");
        for (int i = 0; i < packets; i++) {
            byte[] p = c.anyPacket();
            c.check(dontFragment(p) == df, "DF is " + !df).check(p.length <= 552, p.length + " bytes");
        }
    }

    @Test
    void aPathBelowTheLeastPathMtuGetsPacketsWithoutDf() {
        for (int mtu : new int[]{551, 512, 296, 68}) {
            TcpConversation c = established().write(1460).recv("PA 1(1460)").icmp(3, 4, mtu, 1);
            allHave(c, false, 3);
            c.check(c.tcb.pathMtu == 552, "path MTU " + c.tcb.pathMtu).send("A ack 1461");
            c.icmp(3, 4, mtu, 1461).write(1000);
            allHave(c, false, 2);
            c.close().after(1);
            allHave(c, false, 1);
        }
    }

    /** Linux's ip_dont_fragment; the reason is kept, and is told when the connection is given up. */
    @Test
    void whoWantsDfAlwaysGetsItOnALockedPathToo() {
        TcpConversation c = with().options(o -> o.mtuDiscovery = MtuDiscovery.DO).established().write(1460)
                .recv("PA 1(1460)").icmp(3, 4, 296, 1);
        allHave(c, true, 3);
        c.icmp(3, 4, 296, 1).recvNothing();
        c.check(c.tcb.pathMtu == 552, "path MTU " + c.tcb.pathMtu)
                .check(c.tcb.softError == Errno.EMSGSIZE, "soft error " + c.tcb.softError);
        c.after(1_000_000);
        c.check(c.tcb.error == Errno.EMSGSIZE, "error " + c.tcb.error);
    }

    @Test
    void probingFindsWhatALockedPathCarriesForWhoWantsDfAlways() {
        TcpConversation c = with().set("tcp_mtu_probing", 1).options(o -> o.mtuDiscovery = MtuDiscovery.DO)
                .established().write(1000).recv("PA 1(1000)").icmp(3, 4, 296, 1);
        allHave(c, true, 2);
        int least = 552;
        for (int i = 0; i < 12 && least > 296; i++) {
            c.after(120_000);
            while (c.pending() > 0) {
                byte[] p = c.anyPacket();
                c.check(dontFragment(p), "no DF");
                least = Math.min(least, p.length);
            }
        }
        c.check(least <= 296, "packets of " + least);
    }

    @Test
    void aListenersChoiceIsThatOfItsSynAcks() {
        TcpConversation always = with().options(o -> o.mtuDiscovery = MtuDiscovery.DO).listening();
        always.host.ip().reducePathMtu(IpAddress.parse(always.peerAddress), 296, always.now());
        always.send("S <mss 1460>").check(dontFragment(always.anyPacket()), "SYN-ACK without DF");
        TcpConversation never = with().options(o -> o.mtuDiscovery = MtuDiscovery.DONT).listening();
        never.send("S <mss 1460>").check(!dontFragment(never.anyPacket()), "SYN-ACK with DF");
        TcpConversation off = with().set("net.ipv4.ip_no_pmtu_disc", 1).listening();
        off.send("S <mss 1460>").check(!dontFragment(off.anyPacket()), "SYN-ACK with DF");
    }

    /** net.ipv4.ip_no_pmtu_disc is what a socket has that chose nothing. */
    @Test
    void aSocketsChoiceGoesBeforeTheSetting() {
        TcpConversation c = with().set("net.ipv4.ip_no_pmtu_disc", 1).options(o -> o.mtuDiscovery = MtuDiscovery.DO)
                .established().write(10);
        allHave(c, true, 1);
        TcpConversation silent = with().set("net.ipv4.ip_no_pmtu_disc", 1).established().write(10);
        allHave(silent, false, 1);
        silent.icmp(3, 4, 1200, 1).check(silent.tcb.pathMtu == 1500, "learned " + silent.tcb.pathMtu);
    }

    @Test
    void segmentsThatFitTheLeastPathMtuAndNotThePathGoAgainAtOnce() {
        TcpConversation c = with().peer("<mss 400>").established().write(410).recv("A 1(400)", "PA 401(10)");
        c.icmp(3, 4, 296, 1).recv("A 1(400)");
        c.icmp(3, 4, 296, 1).recvNothing();
        TcpConversation known = established().write(1460).recv("PA 1(1460)").icmp(3, 4, 552, 1);
        allHave(known, true, 3);
        known.icmp(3, 4, 512, 1);
        allHave(known, false, 2); // the third fits
    }

    @Test
    void aConnectionThatOpensLaterOnALockedPathKnows() {
        TcpConversation c = with().listening();
        c.host.ip().reducePathMtu(IpAddress.parse(c.peerAddress), 296, c.now());
        c.send("S <mss 1460>").check(!dontFragment(c.anyPacket()), "SYN-ACK with DF").send("A 1(0) ack 1");
        c.tcb = c.listener.accept();
        c.check(c.tcb.agreed.advertisedMss == 512, "announced " + c.tcb.agreed.advertisedMss).write(1000);
        allHave(c, false, 2);
        c.openFast(CLIENT_PORT, 0, 0);
        Seg syn = Seg.of(c.anyPacket(), 0, 0);
        c.check(syn.mss == 512, "announced " + syn.mss);
    }

    @Test
    void whatAConnectionLearnedExpires() {
        TcpConversation c = established().write(1460).recv("PA 1(1460)").icmp(3, 4, 296, 1);
        allHave(c, false, 3);
        c.send("A ack 1461").after(599_999).write(512);
        allHave(c, false, 1);
        c.send("A ack 1973").after(2).write(1460).check(dontFragment(c.anyPacket()), "no DF after 600 s")
                .check(c.tcb.pathMtu == 1500, "path MTU " + c.tcb.pathMtu);
        c.icmp(3, 4, 296, 1973);
        allHave(c, false, 3);
        TcpConversation notLocked = established().write(1460).recv("PA 1(1460)").icmp(3, 4, 1200, 1)
                .recv("A 1(1160)", "PA 1161(300)").send("A ack 1461").after(600_001);
        notLocked.write(1460).recv("PA 1461(1460)");
    }

    @Test
    @Rfc(value = 8201, section = "4")
    void aPacketTooBigBelow1280IsDiscarded() {
        for (int mtu : new int[]{0, 68, 1000, 1279}) {
            TcpConversation c = with().v6().peer("<mss 1440>").established().write(1440).recv("PA 1(1440)")
                    .icmp(2, 0, mtu, 1).recvNothing().counted(Counter.Icmp6InErrors, 1);
            c.check(c.tcb.pathMtu == 1500, mtu + " is believed: " + c.tcb.pathMtu);
        }
    }

    @Test
    @Rfc(value = 6069, section = "4")
    void unreachableErrorsTakeBackTheDoublingOfTheTimeout() {
        TcpConversation c = sent();
        for (int i = 0; i < 4; i++) {
            c.next();
            c.recv("PA 1(100)");
        }
        int backoff = c.tcb.rtt.backoff();
        c.icmp(3, 1, 0, 1).check(c.tcb.rtt.backoff() == backoff - 1, "backoff " + c.tcb.rtt.backoff());
    }

    @Test
    void aHardErrorOrAnUnreachableHostEndsAHalfOpen() {
        with().synReceived().icmp(3, 3, 0, 0).inTable(TcpState.CLOSED);
        with().synReceived().icmp(3, 1, 0, 0).inTable(TcpState.CLOSED); // as on Linux: nobody has seen the request yet
        with().synReceived().icmp(3, 13, 0, 0).inTable(TcpState.SYN_RECEIVED);
        with().synReceived().icmp(3, 1, 0, 7).inTable(TcpState.SYN_RECEIVED);
        with().synReceived().icmp(3, 3, 0, 7).inTable(TcpState.SYN_RECEIVED);
    }

    @Test
    void errorsInTimeWaitAreIgnored() {
        with().timeWait().icmp(3, 3, 0, 1).inTable(TcpState.TIME_WAIT);
    }
}

package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.user.TcpSocket;

/** Path MTU discovery by probing: when a probe goes out, and what its fate changes. */
class MtuProbingTest {
    /** Base MSS 500: the first probe is a packet of (540 + 1500) / 2 = 1020 bytes, 980 of payload. */
    private static TcpConversation.Builder probing() {
        return with().set("tcp_mtu_probing", 2).set("tcp_base_mss", 500).set("tcp_slow_start_after_idle", 0);
    }

    /** A connection with 40 ms of round trip and a window of {@code segments} of 500 bytes. */
    private static TcpConversation open(TcpConversation.Builder b, int segments) {
        return open(b, 500, segments);
    }

    private static TcpConversation open(TcpConversation.Builder b, int mss, int segments) {
        TcpConversation c = b.synSent().after(40).send("SA <mss 1460, sackOK>").recv("A 1(0) ack 1");
        c.check(c.tcb.sendMss == mss, "MSS is " + c.tcb.sendMss + " at the start").check(!c.tcb.mtuProbing.probing(),
                "a probe at once");
        c.tcb.congestion.set(segments, segments);
        return c;
    }

    @Test
    @Rfc(value = 4821, section = "7.3")
    @Rfc(value = 4821, section = "7.6.1")
    void theProbeHalvesTheRangeAndItsAcknowledgmentRaisesTheMss() {
        TcpConversation c = open(probing(), 20).write(4000);
        List<Seg> first = c.all();
        c.check(first.getFirst().length == 980 && first.get(1).length == 500, "sent " + first);
        c.check(c.tcb.congestion.cwndSegments() == 19, "the probe takes the place of two segments").after(40)
                .send("A ack 4001");
        c.check(c.tcb.sendMss == 980, "MSS " + c.tcb.sendMss).counted(Counter.TcpExtTCPMTUPSuccess, 1)
                .counted(Counter.TcpExtTCPMTUPFail, 0);
        c.check(c.tcb.congestion.cwndSegments() == 19 * 540 / 1020 + 8,
                "the window keeps its bytes and grows by what was acknowledged, not to "
                        + c.tcb.congestion.cwndSegments());
        c.write(2000).recv("A 4001(980)", "A 4981(980)", "PA 5961(40)");
    }

    @Test
    @Rfc(value = 4821, section = "7.6.2")
    void aProbeLostAloneIsNoCongestion() {
        TcpConversation c = open(probing(), 20).write(4000);
        c.all();
        c.after(40).send("A ack 1 <sack 981-1481>").send("A ack 1 <sack 981-1981>").send("A ack 1 <sack 981-2481>")
                .send("A ack 1 <sack 981-4001>");
        c.recv("A 1(500)", "A 501(480)");
        c.check(c.tcb.congestion.cwndSegments() == 20, "cwnd " + c.tcb.congestion.cwndSegments())
                .counted(Counter.TcpExtTCPMTUPFail, 1);
        c.counted(Counter.TcpExtTCPSackRecovery, 0).check(c.tcb.mtuProbing.searchHigh() == 1019,
                "range up to " + c.tcb.mtuProbing.searchHigh());
        c.after(40).send("A ack 4001").check(c.tcb.sendMss == 500, "MSS " + c.tcb.sendMss);
    }

    @Test
    @Rfc(value = 4821, section = "7.6.2")
    void afterAFailureTheNextProbeWaits() {
        TcpConversation c = open(probing(), 20).write(4000);
        c.all();
        c.after(40).send("A ack 1 <sack 981-4001>").all();
        c.after(40).send("A ack 4001").write(4000);
        c.check(c.all().stream().allMatch(s -> s.length <= 500), "a probe too early").send("A ack 8001");
        c.after(40 * 25).write(4000);
        c.check(c.any().length == (540 + 1019) / 2 - 40,
                "after as many round trips as the window has segments the smaller range is probed");
    }

    @Test
    @Rfc(value = 4821, section = "7.6.4")
    void aProbeLostWithOthersTellsNothing() {
        TcpConversation c = open(probing(), 20).write(4000);
        c.all();
        c.after(40).send("A ack 1 <sack 1481-1981>").send("A ack 1 <sack 1481-2481>").send("A ack 1 <sack 1481-2981>")
                .send("A ack 1 <sack 1481-4001>")
                .after(15);
        c.counted(Counter.TcpExtTCPMTUPFail, 0).counted(Counter.TcpExtTCPSackRecovery, 1);
        c.check(c.tcb.mtuProbing.searchHigh() == 1500 && !c.tcb.mtuProbing.probing(), "the range stays");
        c.check(c.all().getFirst().length == 500, "the probe's bytes go again in ordinary segments");
    }

    @Test
    @Rfc(value = 4821, section = "7.4")
    void aProbeNeedsAWindowDataBehindItAndAPeerThatTakesIt() {
        open(probing(), 10).write(4000).recv("A 1(500)", "A 501(500)", "A 1001(500)", "A 1501(500)", "A 2001(500)",
                "A 2501(500)", "A 3001(500)",
                "PA 3501(500)");
        open(probing(), 20).write(2979).recv("A 1(500)", "A 501(500)", "A 1001(500)", "A 1501(500)", "A 2001(500)",
                "PA 2501(479)");
        TcpConversation small = open(probing().window(2500), 20).write(4000);
        small.check(small.any().length == 500, "a probe that the peer has no room behind");
        open(probing(), 20).write(2980).check(true, "").recv("A 1(980)", "A 981(500)", "A 1481(500)", "A 1981(500)",
                "PA 2481(500)");
    }

    @Test
    @Rfc(value = 4821, section = "7.4")
    void aProbeNeverMixesRecords() {
        TcpConversation c = open(probing(), 20).write(600, TcpSocket.FLAG_END_OF_RECORD).write(4000);
        c.recv("A 1(500)", "PA 501(100)", "A 601(980)", "A 1581(500)", "A 2081(500)", "A 2581(500)", "A 3081(500)",
                "A 3581(500)", "A 4081(500)");
    }

    @Test
    @Rfc(value = 4821, section = "7.4")
    void onALockedPathNothingIsProbed() {
        TcpConversation c = open(probing().set("tcp_base_mss", 100).set("tcp_mtu_probe_floor", 48), 100, 40);
        c.host.ip().reducePathMtu(sluice.wire.IpAddress.parse(c.peerAddress), 296, c.now());
        c.tcb.syncMss(c.now());
        c.write(8000).check(c.all().stream().allMatch(s -> s.length == 100), "what routers cut proves nothing");
    }

    @Test
    @Rfc(value = 4821, section = "7.3")
    void theSearchEndsWithinTheThresholdAndBeginsAgainAfterTheInterval() {
        TcpConversation c = open(probing().set("tcp_base_mss", 1454).set("tcp_probe_interval", 5), 1454, 20)
                .write(10_000);
        c.check(c.any().length == 1454, "a probe for six bytes").all();
        c.after(40).send("A ack 10001").after(6000).write(10_000);
        c.all();
        c.check(c.tcb.mtuProbing.searchLow() == 1494,
                "begins again at what is in use, not at " + c.tcb.mtuProbing.searchLow());
    }

    @Test
    @Rfc(value = 4821, section = "7.1")
    void whatArrivesInOrdinarySegmentsNeedsNoProbe() {
        TcpConversation c = probing().accepted();
        c.check(c.tcb.sendMss == 1460, "an accepted connection begins with " + c.tcb.sendMss).write(1460)
                .recv("PA 1(1460)").after(40).send("A");
        c.check(c.tcb.mtuProbing.searchLow() == 1500, "proven up to " + c.tcb.mtuProbing.searchLow());
        c.tcb.congestion.set(20, 20);
        c.write(8000).check(c.any().length == 1460, "a probe for nothing");
    }

    @Test
    @Rfc(value = 4821, section = "7.7")
    void silenceForR1MeansABlackHole() {
        TcpConversation c = with().set("tcp_mtu_probing", 1).set("tcp_base_mss", 1000).set("tcp_mtu_probe_floor", 300)
                .peer("<mss 1460>").established();
        c.write(1460).recv("PA 1(1460)");
        int[] sizes = new int[7];
        for (int i = 0; i < sizes.length; i++) {
            c.next();
            sizes[i] = c.any().length;
            c.recvNothing();
        }
        c.check(java.util.Arrays.equals(sizes, new int[]{1460, 1460, 1460, 1460, 1000, 500, 300})
                || java.util.Arrays.equals(sizes, new int[]{1460, 1460, 1460, 1000, 500, 300, 300}),
                "retransmitted: " + java.util.Arrays.toString(sizes));
        c.check(c.tcb.mtuProbing.enabled() && c.tcb.sendMss == 300, "MSS " + c.tcb.sendMss);
    }

    @Test
    void withoutTheSettingSilenceChangesNothing() {
        TcpConversation c = with().peer("<mss 1460>").established().write(1460).recv("PA 1(1460)");
        for (int i = 0; i < 8; i++) {
            c.next();
            c.recv("PA 1(1460)");
        }
        c.check(!c.tcb.mtuProbing.enabled(), "enabled");
    }

    @Test
    @Rfc(value = 4821, section = "7.6.4")
    void aTimeoutMakesAProbeInconclusive() {
        TcpConversation c = open(probing().set("tcp_early_retrans", 0), 20).write(4000);
        c.all();
        c.next();
        c.check(c.any().length == 500 && !c.tcb.mtuProbing.probing(), "still probing")
                .counted(Counter.TcpExtTCPMTUPFail, 0);
        c.after(10).send("A ack 4001").counted(Counter.TcpExtTCPMTUPSuccess, 0);
    }

    @Test
    @Rfc(value = 4821, section = "7.6.2")
    void aReportOfThePathEndsTheSearchThere() {
        TcpConversation c = open(probing(), 20).write(4000);
        c.all();
        c.icmp(3, 4, 800, 1).check(c.tcb.mtuProbing.searchHigh() == 800,
                "range up to " + c.tcb.mtuProbing.searchHigh());
        c.check(c.all().getFirst().length == 500, "what was too large goes again");
    }
}

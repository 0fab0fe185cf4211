package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.fastopen.FastOpen;
import sluice.core.tcp.segment.TcpState;

/** Active opens with TCP Fast Open: asking for a cookie, data in the SYN, and what becomes of it. */
class FastOpenClientTest {
    private static final String COOKIE = "0102030405060708";

    /** The peer has given a cookie, and its MSS of 1000. */
    private static TcpConversation warm(String... settings) {
        TcpConversation.Builder b = with();
        for (int i = 0; i < settings.length; i += 2) {
            b.set(settings[i], settings[i + 1]);
        }
        TcpConversation c = b.closed().openFast(6000, 100, 0).recv("S 0(0) <fo>")
                .send("SA <mss 1000, fo " + COOKIE + ">").recv("A 1(0) ack 1");
        c.check(c.tcb.info(c.now()).fastOpenFailure == FastOpen.Failure.COOKIE_UNAVAILABLE, "client_fail");
        return c.abort().recv("RA 1(0) ack 1");
    }

    @Test
    @Rfc(value = 7413, section = "4.2.1")
    void dataGoesWithTheSynOnceThereIsACookie() {
        TcpConversation c = warm().openFast(6001, 500, 500).recv("S 0(500) <fo " + COOKIE + ">")
                .send("SA ack 501 <mss 1000>").recv("A 501(0) ack 1");
        c.counted(Counter.TcpExtTCPFastOpenActive, 1).check(c.tcb.info(c.now()).synDataAcked, "TCPI_OPT_SYN_DATA");
        c.check(c.tcb.congestion.deliveredSegments() == 1, "SYN and data count as one").write(10)
                .recv("PA 501(10) ack 1");
    }

    @Test
    @Rfc(value = 7413, section = "4.1.3")
    void theCachedMssBoundsTheDataAndLeavesRoomForOptions() {
        warm().openFast(6001, 5000, 960).recv("S 0(960) <fo " + COOKIE + ">");
    }

    @Test
    @Rfc(value = 7413, section = "4.2.2")
    void whatTheServerDoesNotTakeGoesAgainAtOnceWithoutAReductionOfTheWindow() {
        TcpConversation c = warm().openFast(6001, 500, 500).recv("S 0(500)").send("SA ack 201 <mss 1000>")
                .recv("PA 201(300) ack 1");
        c.counted(Counter.TcpExtTCPFastOpenActiveFail, 1).check(c.tcb.congestion.cwndSegments() == 10,
                "cwnd " + c.tcb.congestion.cwndSegments());
        c.check(c.tcb.info(c.now()).fastOpenFailure == FastOpen.Failure.DATA_NOT_ACKED, "client_fail");
    }

    @Test
    @Rfc(value = 7413, section = "4.1.3.1")
    void aSynThatIsSentAgainIsPlain() {
        warm().openFast(6001, 500, 500).recv("S 0(500) <fo " + COOKIE + ">").after(1000).recv("S 0(0) <nofo>")
                .send("SA ack 1 <mss 1000>")
                .recv("PA 1(500) ack 1");
    }

    @Test
    void theExperimentalOptionIsTriedOnceWhenTheOtherGivesNoCookie() {
        TcpConversation c = with().closed().openFast(6000, 1, 0).recv("S 0(0) <fo>").send("SA <mss 1000>")
                .recv("A 1(0)").abort().recv("RA 1(0)");
        c.openFast(6001, 1, 0).recv("S 0(0) <foexp>").send("SA <mss 1000>").recv("A 1(0)").abort().recv("RA 1(0)");
        c.openFast(6002, 1, 0).recv("S 0(0) <fo>");
    }

    @Test
    void aCookieThatNobodyAskedForIsNotKept() {
        TcpConversation c = with().set("tcp_fastopen", 5).closed().openFast(6000, 300, 300).recv("S 0(300) <nofo>")
                .send("SA ack 301 <mss 1000, fo " + COOKIE + ">").recv("A 301(0) ack 1");
        c.host.settings().set("tcp_fastopen", "1");
        c.openFast(6001, 300, 0).recv("S 0(0) <fo>");
    }

    @Test
    void itIsRefusedWhereItIsSwitchedOffOrTooLate() {
        TcpConversation c = with().set("tcp_fastopen", 2).connecting();
        c.fails(Errno.EOPNOTSUPP, () -> c.tcb.sendWithSyn(null, 0, 0, c.now()));
        TcpConversation d = with().synSent();
        d.fails(Errno.EALREADY, () -> d.tcb.sendWithSyn(null, 0, 0, d.now()));
        TcpConversation e = with().established();
        e.fails(Errno.EISCONN, () -> e.tcb.sendWithSyn(null, 0, 0, e.now()));
    }

    @Test
    @Rfc(value = 7413, section = "7.1")
    void aResetOutOfPlaceOnAConnectionWithoutDataMakesItRest() {
        TcpConversation c = warm("tcp_fastopen_blackhole_timeout_sec", "10").openFast(6001, 50, 50).recv("S 0(50)")
                .send("SA ack 51 <mss 1000>").recv("A 51(0)")
                .send("R 700(0)").recv("A 51(0)").counted(Counter.TcpExtTCPFastOpenBlackhole, 1).abort()
                .recv("RA 51(0)");
        c.openFast(6002, 50, 0).recv("S 0(0) <nofo>").abort().after(10_001).recvNothing();
        c.openFast(6003, 50, 50).recv("S 0(50) <fo " + COOKIE + ">");
    }

    /** Each black hole in a row makes it rest twice as long, as on Linux. */
    @Test
    @Rfc(value = 7413, section = "7.1")
    void anotherBlackHoleMakesItRestTwiceAsLong() {
        TcpConversation c = warm("tcp_fastopen_blackhole_timeout_sec", "10");
        for (int i = 0; i < 2; i++) {
            c.openFast(6001 + i, 50, 50).recv("S 0(50)").send("SA ack 51 <mss 1000>").recv("A 51(0)").send("R 700(0)")
                    .recv("A 51(0)").abort().recv("RA 51(0)").after(i == 0 ? 10_001 : 19_000);
        }
        c.openFast(6003, 50, 0).recv("S 0(0) <nofo>").abort().after(1001).recvNothing();
        c.openFast(6004, 50, 50).recv("S 0(50) <fo " + COOKIE + ">");
    }

    @Test
    void crossingSynsOpenWithoutTheirData() {
        warm().openFast(6001, 50, 50).recv("S 0(50)").send("S 0(20) <mss 1000, fo aabbccdd>")
                .recv("SA 0(0) ack 1 <nofo>").send("SA 0(0) ack 51")
                .recv("A 51(0) ack 1").state(TcpState.ESTABLISHED);
    }

    @Test
    void overIpv6() {
        TcpConversation c = with().v6().closed().openFast(6000, 1, 0).recv("S 0(0) <fo>")
                .send("SA <mss 1200, fo " + COOKIE + ">").recv("A 1(0)").abort()
                .recv("RA 1(0)");
        c.openFast(6001, 1300, 1160).recv("S 0(1160) <fo " + COOKIE + ">");
    }
}

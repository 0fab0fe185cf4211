package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.Pollable;
import sluice.core.tcp.fastopen.FastOpenKeys;
import sluice.core.tcp.segment.TcpState;

/** A listener with TCP Fast Open: cookies, data in the SYN, and what may happen before the handshake is over. */
class FastOpenServerTest {
    private static final String KEY = "01020304-05060708-090a0b0c-0d0e0f10";
    private static final String OTHER_KEY = "11111111-22222222-33333333-44444444";

    private static TcpConversation.Builder server() {
        return with().set("tcp_fastopen", 3).set("tcp_fastopen_key", KEY).options(o -> o.fastOpenQueue = 8);
    }

    /** The cookie that the host gives its peer. */
    private static String cookie(TcpConversation c) {
        c.send("S <mss 1460, fo>");
        Seg synAck = c.any();
        c.send("R 1(0)").recvNothing().reopen();
        return synAck.fo.substring(3);
    }

    /** A connection opened by a SYN with {@code bytes} of data and accepted at once. */
    private static TcpConversation opened(TcpConversation c, int bytes) {
        c.send("S (" + bytes + ") <mss 1460, fo " + cookie(c) + ">").recv("SA 0(0) ack " + (1 + bytes) + " <nofo>");
        c.tcb = c.listener.accept();
        c.check(c.tcb != null, "no connection to accept");
        return c.state(TcpState.SYN_RECEIVED);
    }

    private static TcpConversation opened(int bytes) {
        return opened(server().listening(), bytes);
    }

    // --- cookies ---

    @Test
    @Rfc(value = 7413, section = "4.2.1")
    void aRequestIsAnsweredWithACookieAndDataWithItIsNotTaken() {
        TcpConversation c = server().listening();
        c.send("S (20) <mss 1460, fo>");
        Seg synAck = c.any();
        c.check(synAck.ack == 1 && synAck.fo.length() == 3 + 16, "SYN-ACK is " + synAck.ack + " " + synAck.fo);
        c.counted(Counter.TcpExtTCPFastOpenCookieReqd, 1).counted(Counter.TcpExtTCPFastOpenPassive, 0);
        c.send("A 1(0) ack 1").recvNothing();
        c.tcb = c.listener.accept();
        c.state(TcpState.ESTABLISHED).check(c.tcb.available() == 0, "data of the SYN was taken");
    }

    @Test
    void cookiesAreThoseOfLinux() {
        sluice.wire.IpAddress client = sluice.wire.IpAddress.parse("192.0.2.1");
        FastOpenKeys keys = FastOpenKeys.parse("a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4");
        org.assertj.core.api.Assertions.assertThat(keys.make(client, sluice.wire.IpAddress.parse("192.168.0.1")))
                .hasToString("FO 3021b9d889017eeb");
        org.assertj.core.api.Assertions
                .assertThat(keys.make(sluice.wire.IpAddress.parse("fd3d:fa7b:d17d::1"),
                        sluice.wire.IpAddress.parse("fd3d:0a0b:17d6::1")))
                .hasToString("FO c1d1e9742a47a9bc");
    }

    @Test
    void aRequestInTheExperimentalFormatIsAnsweredInIt() {
        TcpConversation c = server().listening();
        String cookie = cookie(c);
        c.send("S <mss 1460, foexp>").recv("SA 0(0) ack 1 <foexp " + cookie + ">");
    }

    @Test
    @Rfc(value = 7413, section = "4.2.2")
    void aWrongCookieIsAnsweredWithTheRightOneAndTheDataDropped() {
        TcpConversation c = server().listening();
        String cookie = cookie(c);
        c.send("S (50) <mss 1460, fo 0011223344556677>").recv("SA 0(0) ack 1 <fo " + cookie + ">")
                .counted(Counter.TcpExtTCPFastOpenPassiveFail, 1);
        c.send("A 1(0) ack 1").send("PA 1(50) ack 1").recv("A 1(0) ack 51");
        c.tcb = c.listener.accept();
        c.read(50).check(!c.tcb.info(c.now()).synDataAcked, "TCPI_OPT_SYN_DATA");
    }

    @Test
    @Rfc(value = 7413, section = "4.1.1")
    void aCookieOfAnImpossibleLengthIsNoCookie() {
        server().listening().send("S (5) <mss 1460, raw 2204aabb>").recv("SA 0(0) ack 1 <nofo>");
        server().listening().send("S (5) <mss 1460, raw 2205aabbcc>").recv("SA 0(0) ack 1 <nofo>");
        server().listening().send("S (5) <mss 1460, raw 2214" + "ab".repeat(18) + ">").recv("SA 0(0) ack 1 <nofo>");
    }

    @Test
    @Rfc(value = 7413, section = "5.1")
    void cookiesOfThePreviousKeyAreBelievedAndReplaced() {
        String old = cookie(with().set("tcp_fastopen", 3).set("tcp_fastopen_key", OTHER_KEY)
                .options(o -> o.fastOpenQueue = 8).listening());
        String fresh = cookie(server().listening());
        TcpConversation c = server().set("tcp_fastopen_key", KEY + "," + OTHER_KEY).listening();
        c.send("S (30) <mss 1460, fo " + old + ">").recv("SA 0(0) ack 31 <fo " + fresh + ">")
                .counted(Counter.TcpExtTCPFastOpenPassiveAltKey, 1)
                .counted(Counter.TcpExtTCPFastOpenPassive, 1);
    }

    @Test
    void aListenersOwnKeyComesBeforeTheHosts() {
        String host = cookie(server().listening());
        String own = cookie(server().options(o -> o.fastOpenKeys = FastOpenKeys.parse(OTHER_KEY)).listening());
        org.assertj.core.api.Assertions.assertThat(own).isNotEqualTo(host)
                .isEqualTo(cookie(with().set("tcp_fastopen", 2).set("tcp_fastopen_key", OTHER_KEY)
                        .options(o -> o.fastOpenQueue = 1).listening()));
    }

    @Test
    void aHostWithoutAKeyDrawsOne() {
        String drawn = cookie(with().set("tcp_fastopen", 2).options(o -> o.fastOpenQueue = 1).listening());
        String zero = cookie(
                with().set("tcp_fastopen", 2).set("tcp_fastopen_key", "00000000-00000000-00000000-00000000")
                        .options(o -> o.fastOpenQueue = 1).listening());
        org.assertj.core.api.Assertions.assertThat(drawn).isNotEqualTo(zero);
    }

    // --- who may ---

    @Test
    void withoutTheSwitchOrTheOptionNothingIsFast() {
        String cookie = cookie(server().listening());
        server().set("tcp_fastopen", 1).listening().send("S (9) <mss 1460, fo " + cookie + ">")
                .recv("SA 0(0) ack 1 <nofo>");
        server().options(o -> o.fastOpenQueue = 0).listening().send("S (9) <mss 1460, fo " + cookie + ">")
                .recv("SA 0(0) ack 1 <nofo>");
        server().listening().send("S (9) <mss 1460>").recv("SA 0(0) ack 1 <nofo>");
    }

    @Test
    void allListenersMayBeFastByTheSetting() {
        TcpConversation c = with().set("tcp_fastopen", 0x402).set("tcp_fastopen_key", KEY).listening();
        c.check(c.listener.fastOpenLimit() == 128, "limit " + c.listener.fastOpenLimit());
        opened(c, 12).read(12);
    }

    @Test
    void aCookieIsNotNeededBySettingOrByOption() {
        with().set("tcp_fastopen", 0x202).options(o -> o.fastOpenQueue = 1).listening().send("S (77) <mss 1460>")
                .recv("SA 0(0) ack 78 <nofo>");
        TcpConversation c = with().set("tcp_fastopen", 2).options(o -> {
            o.fastOpenQueue = 1;
            o.fastOpenNoCookie = true;
        }).listening();
        c.send("S (77) <mss 1460>").recv("SA 0(0) ack 78 <nofo>").counted(Counter.TcpExtTCPFastOpenPassive, 1);
    }

    // --- data before the end of the handshake ---

    @Test
    @Rfc(value = 7413, section = "4.2.2")
    void dataOfTheSynIsReadAndAnsweredBeforeTheHandshakeIsOver() {
        TcpConversation c = opened(100);
        c.ready(Pollable.READABLE | Pollable.WRITABLE).read(100).write(2000)
                .recv("A 1(1460) ack 101", "PA 1461(540) ack 101").state(TcpState.SYN_RECEIVED);
        c.send("A 101(0) ack 2001").recvNothing().state(TcpState.ESTABLISHED).counted(Counter.TcpPassiveOpens, 1);
        c.check(c.tcb.info(c.now()).synDataAcked, "TCPI_OPT_SYN_DATA").check(c.listener.fastOpenQueue().length() == 0,
                "still counted");
    }

    @Test
    void aCookieWithoutDataOpensAtOnceToo() {
        opened(0).write(10).recv("PA 1(10) ack 1").send("PA 1(3) ack 11").recv("A 11(0) ack 4").read(3)
                .state(TcpState.ESTABLISHED);
    }

    @Test
    void theWindowOfTheSynIsNotScaled() {
        TcpConversation c = server().window(300).listening();
        c.send("S (10) <mss 100, wscale 7, fo " + cookie(c) + ">").recv("SA 0(0) ack 11");
        c.tcb = c.listener.accept();
        c.write(900).recv("A 1(100)", "A 101(100)", "PA 201(100)").send("A 11(0) ack 301 win 4");
        c.check(c.all().stream().mapToInt(s -> s.length).sum() == 500,
                "the next window is scaled: 4 << 7, in whole segments");
    }

    @Test
    @Rfc(value = 7413, section = "4.2.2")
    void theSynAckIsSentAgainWithoutTheCookieAndNothingElseIs() {
        TcpConversation c = opened(40).write(500).recv("PA 1(500) ack 41");
        c.recvAt(1000, "SA 0(0) ack 41 <nofo>").recvAt(3000, "SA 0(0) ack 41").counted(Counter.TcpExtTCPSynRetrans, 2);
        c.send("A 41(0) ack 1").recv("PA 1(500) ack 41").state(TcpState.ESTABLISHED);
    }

    @Test
    void aSynThatComesAgainDrawsTheSynAckAgain() {
        TcpConversation c = server().listening();
        String cookie = cookie(c);
        opened(c, 25).after(700).send("S 0(25) <mss 1460, fo " + cookie + ">").recv("SA 0(0) ack 26");
        c.after(100).send("S 0(25) <mss 1460, fo " + cookie + ">").recvNothing()
                .counted(Counter.TcpExtTCPACKSkippedSynRecv, 1);
    }

    @Test
    void afterOneMoreRetryThanUsualItIsGivenUp() {
        TcpConversation c = opened(server().set("tcp_synack_retries", 1).listening(), 10);
        c.recvAt(1000, "SA 0(0) ack 11").recvAt(3000, "SA 0(0) ack 11").quietUntil(8000).state(TcpState.CLOSED).read(10)
                .readFails(Errno.ETIMEDOUT);
        c.check(c.listener.fastOpenQueue().length() == 0, "still counted");
    }

    @Test
    void anAcknowledgmentOfWhatWasNotSentIsReset() {
        opened(10).send("A 11(0) ack 5").recv("R 5(0)").state(TcpState.SYN_RECEIVED).send("A 11(0) ack 0")
                .recv("R 0(0)").state(TcpState.SYN_RECEIVED)
                .send("A 11(0) ack 1").recvNothing().state(TcpState.ESTABLISHED);
    }

    @Test
    void aConnectionMayBeClosedBeforeTheHandshakeIsOver() {
        TcpConversation c = opened(10).read(10).close();
        c.recv("FA 1(0) ack 11").inTable(TcpState.FIN_WAIT_1).send("A 11(0) ack 2").recvNothing()
                .inTable(TcpState.FIN_WAIT_2);
        opened(10).read(10).close().recv("FA 1(0) ack 11").send("A 11(0) ack 1").recvNothing()
                .inTable(TcpState.FIN_WAIT_1).send("FA 11(0) ack 2")
                .recv("A 2(0) ack 12").inTable(TcpState.TIME_WAIT);
    }

    @Test
    void closingWithUnreadDataResets() {
        opened(10).close().recv("RA 1(0) ack 11").inTable(TcpState.CLOSED).counted(Counter.TcpExtTCPAbortOnClose, 1);
    }

    @Test
    void aShutdownWaitsForTheEndOfTheHandshake() {
        opened(10).read(10).shutdownWrite().recvNothing().state(TcpState.SYN_RECEIVED).send("A 11(0) ack 1")
                .recv("FA 1(0) ack 11")
                .state(TcpState.FIN_WAIT_1);
    }

    @Test
    void closingTheListenerResetsWhatWasNotAccepted() {
        TcpConversation c = server().listening();
        c.send("S (10) <mss 1460, fo " + cookie(c) + ">").recv("SA 0(0) ack 11");
        c.listener.close(c.now());
        c.recv("RA 1(0) ack 11").inTable(TcpState.CLOSED);
    }

    // --- resets and limits ---

    @Test
    @Rfc(value = 7413, section = "4.2.2")
    void aResetLeavesTheDataToBeReadAndThenTheError() {
        opened(10).send("R 11(0)").recvNothing().state(TcpState.CLOSED).read(10).readFails(Errno.ECONNRESET);
        opened(10).send("R 200(0)").recv("A 1(0) ack 11").state(TcpState.SYN_RECEIVED);
    }

    @Test
    void aConnectionResetBeforeItIsAcceptedCanStillBeAccepted() {
        TcpConversation c = server().listening();
        c.send("S (10) <mss 1460, fo " + cookie(c) + ">").recv("SA 0(0) ack 11").send("R 11(0)").recvNothing();
        c.tcb = c.listener.accept();
        c.state(TcpState.CLOSED).read(10).readFails(Errno.ECONNRESET).check(c.listener.fastOpenQueue().length() == 0,
                "counted");
    }

    @Test
    @Rfc(value = 7413, section = "5.1")
    void aResetConnectionCountsForAMinuteMore() {
        TcpConversation c = server().options(o -> o.fastOpenQueue = 1).listening();
        String cookie = cookie(c);
        opened(c, 10).send("R 11(0)").recvNothing();
        c.reopen().send("S (10) <mss 1460, fo " + cookie + ">").recv("SA 0(0) ack 1 <nofo>")
                .counted(Counter.TcpExtTCPFastOpenListenOverflow, 1).send("R 1(0)");
        c.at(60_001).reopen().send("S (10) <mss 1460, fo " + cookie + ">").recv("SA 0(0) ack 11");
    }

    @Test
    @Rfc(value = 7413, section = "5.1")
    void aFullQueueFallsBackToTheOrdinaryHandshake() {
        TcpConversation c = server().options(o -> o.fastOpenQueue = 2).listening();
        String cookie = cookie(c);
        for (int i = 0; i < 2; i++) {
            c.peerPort++;
            c.reopen().send("S (10) <mss 1460, fo " + cookie + ">").recv("SA 0(0) ack 11");
        }
        c.peerPort++;
        c.reopen().send("S (10) <mss 1460, fo " + cookie + ">").recv("SA 0(0) ack 1 <nofo>")
                .counted(Counter.TcpExtTCPFastOpenListenOverflow, 1);
        c.peerPort--;
        c.send("R 11(0)").recvNothing();
        c.check(c.listener.fastOpenQueue().length() == 1, "counted " + c.listener.fastOpenQueue().length());
    }

    @Test
    void anUnreachableHostEndsItBeforeItIsAcceptedAndIsOnlyNotedAfter() {
        TcpConversation c = server().listening();
        c.send("S (10) <mss 1460, fo " + cookie(c) + ">").recv("SA 0(0) ack 11").icmp(3, 1, 0, 0);
        c.tcb = c.listener.accept();
        c.state(TcpState.CLOSED).read(10).readFails(Errno.EHOSTUNREACH);
        opened(10).icmp(3, 1, 0, 0).state(TcpState.SYN_RECEIVED).read(10).send("A 11(0) ack 1").recvNothing()
                .state(TcpState.ESTABLISHED);
    }

    @Test
    void aSynCookieIsStillTheAnswerWhenTheSynQueueIsFull() {
        TcpConversation c = server().backlog(1).listening();
        String cookie = cookie(c);
        c.send("S <mss 1460>").recv("SA 0(0) ack 1").reopen();
        c.peerPort++;
        c.send("S (10) <mss 1460, fo " + cookie + ">").recv("SA 0(0) ack 1 <nofo>")
                .counted(Counter.TcpExtSyncookiesSent, 1);
    }

    @Test
    void overIpv6() {
        opened(server().v6().listening(), 60).read(60).write(1).recv("PA 1(1) ack 61");
    }
}

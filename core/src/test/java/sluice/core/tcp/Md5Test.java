package sluice.core.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.tcp.TcpConversation.with;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.auth.AuthenticationKeys;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.Prefix;

/** The MD5 signature option: RFC 2385, with Linux's counters and choice of options. */
@Rfc(2385)
class Md5Test {
    private static final String KEY = "hello";

    private static Consumer<SocketOptions> key(String peers, String key) {
        return o -> {
            AuthenticationKeys k = o.keys == null ? new AuthenticationKeys() : o.keys;
            k.md5(Prefix.parse(peers), key.getBytes(US_ASCII));
            o.keys = k;
        };
    }

    private static TcpConversation.Builder signed() {
        return with().options(key("10.0.0.1/32", KEY)).options(key("fd00::1/128", KEY)).signer(PeerSigner.md5(KEY));
    }

    @Test
    @Rfc(value = 2385, section = "2")
    void everySegmentOfAnActiveConnectionIsSigned() {
        TcpConversation c = signed().established();
        c.write(3000).recv("A 1(1440)", "A 1441(1440)", "PA 2881(120)").send("PA (100)").recv("A 3001(0) ack 101")
                .read(100);
        c.send("A").shutdownWrite().recv("FA 3001(0)").send("FA").recv("A 3002(0) ack 102").inTable(TcpState.TIME_WAIT);
        c.send("FA 101(0)").recv("A 3002(0) ack 102");
        c.counted(Counter.TcpExtTCPMD5NotFound, 0).counted(Counter.TcpExtTCPMD5Failure, 0)
                .counted(Counter.TcpExtTCPMD5Unexpected, 0);
    }

    @Test
    @Rfc(value = 2385, section = "2")
    void everySegmentOfAnAcceptedConnectionIsSigned() {
        TcpConversation c = signed().accepted();
        c.write(10).recv("PA 1(10)").send("PA (7)").recv("A 11(0) ack 8").read(7).send("A").abort().recv("RA 11(0)");
        assertThat(c.tcb.options.keys.md5Keys()).extracting(k -> k.peers().toString()).containsExactly("10.0.0.1/32");
    }

    @Test
    void overIpv6() {
        signed().v6().accepted().write(10).recv("PA 1(10)").send("PA (7)").recv("A 11(0) ack 8").read(7);
        signed().v6().established().write(2000).recv("A 1(1420)", "PA 1421(580)");
    }

    /** MD5 takes 20 bytes of the header: our SYN offers SACK and no timestamps, as on Linux. */
    @Test
    @Rfc(value = 2385, section = "4.3")
    void noTimestampsBesideIt() {
        TcpConversation c = signed().connecting().recv("S 0(0) <mss 1460, sackOK, wscale 10, nots>");
        c.send("SA <mss 1460, sackOK, wscale 7>").recv("A 1(0) ack 1").write(5).recv("PA 1(5) <nots>");
        TcpConversation s = signed().peer("<mss 1460, sackOK, ts 7/0, wscale 7>").listening();
        s.send("S <mss 1460, sackOK, ts 7/0, wscale 7>").recv("SA 0(0) ack 1 <mss 1460, sackOK, wscale 10, nots>");
        TcpConversation t = signed().listening();
        t.send("S <mss 1460, ts 7/0>").recv("SA 0(0) ack 1 <ts>"); // without SACK there is room for both
    }

    /** 40 bytes of options less 20: two SACK blocks. */
    @Test
    @Rfc(value = 2385, section = "4.3")
    void sackBlocksAreTrimmed() {
        TcpConversation c = signed().peer("<mss 1460, sackOK>").established();
        c.send("A 101(10)").any();
        c.send("A 201(10)").any();
        c.send("A 301(10)").any();
        c.send("A 401(10)").recv("A 1(0) ack 1 <sack 401-411 301-311>");
    }

    @Test
    @Rfc(value = 2385, section = "2")
    void unsignedSegmentsAreDroppedSilently() {
        TcpConversation c = signed().established();
        c.sendAs(null, "PA (10)").sendAs(null, "R 1(0)").sendAs(null, "S 1(0)").recvNothing()
                .counted(Counter.TcpExtTCPMD5NotFound, 3)
                .state(TcpState.ESTABLISHED);
        assertThat(c.drops()).containsOnly(Counter.TcpExtTCPMD5NotFound);
        c.send("PA (10)").recv("A 1(0) ack 11");
    }

    @Test
    @Rfc(value = 2385, section = "2")
    void wrongSignaturesAreDroppedSilently() {
        TcpConversation c = signed().established();
        c.sendAs(PeerSigner.md5("hallo"), "PA (10)").sendAs(PeerSigner.md5("hell"), "R 1(0)").recvNothing()
                .counted(Counter.TcpExtTCPMD5Failure, 2);
        c.send("R 1(0)").state(TcpState.CLOSED);
    }

    @Test
    void aConnectionWithoutKeysDropsSignedSegments() {
        TcpConversation c = TcpConversation.established();
        c.sendAs(PeerSigner.md5(KEY), "PA (10)").recvNothing().counted(Counter.TcpExtTCPMD5Unexpected, 1);
        c.sendAs(PeerSigner.ao("HmacSHA1", KEY, 1, 1), "PA (10)").recvNothing().counted(Counter.TcpExtTCPAOKeyNotFound,
                1);
    }

    @Test
    void nobodyThereAnswersNoSignedSegment() {
        TcpConversation c = with().signer(PeerSigner.md5(KEY)).closed();
        c.send("A 5(0) ack 9").send("S").recvNothing();
        c.signer = null;
        c.send("A 5(0) ack 9").recv("R 9(0)");
    }

    @Test
    void aListenerResetsWithItsKey() {
        signed().listening().send("A 5(0) ack 9").recv("R 9(0)");
    }

    @Test
    void aListenerTakesTheLongestPrefix() {
        TcpConversation.Builder b = with().options(key("10.0.0.0/8", "net")).options(key("10.0.0.1/32", KEY))
                .options(key("10.0.0.0/24", "lan"));
        TcpConversation c = b.signer(PeerSigner.md5(KEY)).listening();
        c.sendAs(PeerSigner.md5("net"), "S <mss 1460>").recvNothing().counted(Counter.TcpExtTCPMD5Failure, 1);
        c.sendAs(null, "S <mss 1460>").recvNothing().counted(Counter.TcpExtTCPMD5NotFound, 1);
        c.send("S <mss 1460>").recv("SA 0(0) ack 1");
    }

    @Test
    void otherPeersOfAListenerStayUnsigned() {
        TcpConversation c = with().options(key("10.0.0.9/32", KEY)).accepted();
        c.sendAs(PeerSigner.md5(KEY), "PA (3)").recvNothing().counted(Counter.TcpExtTCPMD5Unexpected, 1).write(1)
                .recv("PA 1(1) -");
        assertThat(c.tcb.options.keys).isNull();
    }

    @Test
    void halfOpensAnswerSignedAndKeepOut() {
        TcpConversation c = signed().synReceived();
        c.sendAs(null, "A 1(0) ack 1").sendAs(PeerSigner.md5("x"), "A 1(0) ack 1").sendAs(null, "R 1(0)").recvNothing();
        c.recvAt(1000, "SA 0(0) ack 1").send("A 1(0) ack 77").recv("R 77(0)").send("A 1(0) ack 1").recvNothing();
        assertThat(c.listener.acceptQueueLength()).isEqualTo(1);
    }

    @Test
    void cookiesAreSigned() {
        TcpConversation c = signed().set("tcp_syncookies", 2).listening();
        c.send("S <mss 1460, sackOK, ts 7/0, wscale 7>").recv("SA 0(0) ack 1 <sackOK, ts, wscale 10>");
        c.sendAs(null, "A 1(0) ack 1").recvNothing().counted(Counter.TcpExtTCPMD5NotFound, 1);
        c.send("A").recvNothing();
        assertThat(c.listener.acceptQueueLength()).isEqualTo(1);
        c.tcb = c.listener.accept();
        c.write(4).recv("PA 1(4)").sendAs(null, "PA (1)").recvNothing();
    }

    @Test
    void timeWaitIsKept() {
        TcpConversation c = signed().timeWait();
        c.sendAs(null, "R 2(0)").sendAs(null, "FA 1(0)").recvNothing().inTable(TcpState.TIME_WAIT);
        c.send("FA 1(0)").recv("A 2(0) ack 2").send("R 2(0)").inTable(TcpState.CLOSED);
    }

    @Test
    void refusedInSynSentOnlyWithTheKey() {
        TcpConversation c = signed().synSent();
        c.sendAs(null, "RA 0(0) ack 1").recvNothing().state(TcpState.SYN_SENT).send("RA 0(0) ack 1")
                .state(TcpState.CLOSED);
        assertThat(c.tcb.takeError()).isEqualTo(Errno.ECONNREFUSED);
    }

    /** TCP_MD5SIG on a live connection counts at once. */
    @Test
    void theKeyMayChange() {
        TcpConversation c = signed().established().options(key("10.0.0.1/32", "new"));
        c.send("PA (1)").recvNothing().counted(Counter.TcpExtTCPMD5Failure, 1);
        c.signer = PeerSigner.md5("new");
        c.peerNext = 1;
        c.send("PA (1)").recv("A 1(0) ack 2").options(key("10.0.0.1/32", ""));
        c.send("PA (1)").recvNothing().counted(Counter.TcpExtTCPMD5Unexpected, 1);
        c.signer = null;
        c.peerNext = 2;
        c.write(1460).recv("PA 1(1460) -").send("PA (1)").read(2);
    }

    @Test
    void superSegmentsAreCutBeforeSigning() {
        TcpConversation c = signed().link(sluice.core.LinkProperties.plain(1500).withOffloads(65_535).withGathering())
                .established();
        c.write(4320).recv("A 1(1440)", "A 1441(1440)", "PA 2881(1440)");
    }

    @Test
    void badKeys() {
        TcpConversation c = with().closed();
        AuthenticationKeys k = new AuthenticationKeys();
        Prefix peer = Prefix.parse("10.0.0.1/32");
        c.fails(Errno.EINVAL, () -> k.md5(peer, new byte[81]));
        c.fails(Errno.ENOENT, () -> k.md5(peer, new byte[0]));
        k.md5(peer, new byte[80]);
        assertThat(k.md5Keys().getFirst().toString()).isEqualTo("TCP-MD5 key for 10.0.0.1/32");
        k.md5(peer, new byte[0]);
        assertThat(k.isEmpty()).isTrue();
    }
}

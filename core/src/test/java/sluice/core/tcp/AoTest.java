package sluice.core.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.tcp.TcpConversation.with;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.auth.AoAuthentication;
import sluice.core.tcp.auth.AoKey;
import sluice.core.tcp.auth.AuthenticationKeys;
import sluice.core.tcp.auth.MacAlgorithm;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.Prefix;

/** TCP-AO: RFC 5925, with Linux's counters, choice of options and limits. */
@Rfc(5925)
class AoTest {
    private static final String KEY = "hello";

    private static AoKey key(String peers, int sendId, int receiveId, MacAlgorithm a, String key) {
        return AoKey.of(Prefix.parse(peers), sendId, receiveId, a, key.getBytes(US_ASCII));
    }

    private static AoKey key(int sendId, int receiveId, String key) {
        return key("10.0.0.1/32", sendId, receiveId, MacAlgorithm.HMAC_SHA1, key);
    }

    private static Consumer<SocketOptions> add(AoKey key) {
        return o -> {
            AuthenticationKeys k = o.keys == null ? new AuthenticationKeys() : o.keys;
            k.addAo(key);
            o.keys = k;
        };
    }

    /** The host sends by 5 and receives by 9; the peer the other way round. */
    private static TcpConversation.Builder signed() {
        return with().options(add(key(5, 9, KEY))).signer(peer());
    }

    private static PeerSigner peer() {
        return PeerSigner.ao("HmacSHA1", KEY, 9, 5);
    }

    private static PeerSigner peer(String key, int sendId) {
        return PeerSigner.ao("HmacSHA1", key, sendId, 5);
    }

    @ParameterizedTest
    @CsvSource({"hmac(sha1), HmacSHA1, 12, false", "cmac(aes128), AES, 12, false",
        "hmac(sha256), HmacSHA256, 12, false", "hmac(sha1), HmacSHA1, 16, true",
        "cmac(aes128), AES, 4, true", "cmac(aes128), AES, 13, false"})
    @Rfc(value = 5925, section = "3.2")
    @Rfc(value = 5926, section = "3.2")
    void everySegmentIsSignedBothWays(String linuxName, String jdkName, int macBytes, boolean excludeOptions) {
        for (boolean v6 : new boolean[]{false, true}) {
            for (boolean active : new boolean[]{false, true}) {
                AoKey k = new AoKey(Prefix.parse(v6 ? "fd00::/64" : "10.0.0.0/24"), 5, 9, MacAlgorithm.find(linuxName),
                        macBytes, excludeOptions,
                        KEY.getBytes(US_ASCII));
                PeerSigner s = PeerSigner.ao(jdkName, KEY, 9, 5);
                s.macBytes = macBytes;
                s.excludeOptions = excludeOptions;
                TcpConversation.Builder b = with().options(add(k)).signer(s);
                if (v6) {
                    b.v6();
                }
                TcpConversation c = active ? b.established() : b.accepted();
                c.write(20).recv("PA 1(20) ack 1").send("PA (100)").recv("A 21(0) ack 101").read(100).send("A");
                c.shutdownWrite().recv("FA 21(0)").send("FA").recv("A 22(0) ack 102").send("FA 101(0)")
                        .recv("A 22(0) ack 102");
                assertThat(s.seenNextId).isEqualTo(9);
                assertThat(c.counter(Counter.TcpExtTCPAOGood)).isGreaterThanOrEqualTo(5);
                c.counted(Counter.TcpExtTCPAOBad, 0).counted(Counter.TcpExtTCPAOKeyNotFound, 0)
                        .counted(Counter.TcpExtTCPAORequired, 0);
            }
        }
    }

    /** 16 bytes for a MAC of 96 bits: segments get smaller by that, and one SACK block less fits. */
    @Test
    @Rfc(value = 5925, section = "7.6")
    void headerSpace() {
        TcpConversation c = signed().peer("<mss 1460, sackOK>").connecting();
        c.recv("S 0(0) <mss 1460, sackOK, ts, wscale 10>").send("SA <mss 1460, sackOK, ts 9/0, wscale 7>")
                .recv("A 1(0) <ts>");
        c.write(1432).recv("PA 1(1432) <ts>").send("A");
        c.send("A 101(10)").any();
        c.send("A 201(10)").recv("A 1433(0) ack 1 <ts, sack 201-211>");
        TcpConversation s = signed().peer("<mss 1460, sackOK>").accepted();
        s.write(1444).recv("PA 1(1444)").send("A 101(10)").any();
        s.send("A 201(10)").any();
        s.send("A 301(10)").recv("A 1445(0) ack 1 <sack 301-311 201-211>");
    }

    /** As on Linux: a SYN-ACK with SACK has no timestamps beside a signature. */
    @Test
    @Rfc(value = 5925, section = "7.6")
    void timestampsGiveWayToSack() {
        signed().listening().send("S <mss 1460, sackOK, ts 7/0, wscale 7>")
                .recv("SA 0(0) <mss 1460, sackOK, wscale 10, nots>");
        signed().listening().send("S <mss 1460, ts 7/0, wscale 7>").recv("SA 0(0) <mss 1460, ts, wscale 10>");
    }

    @Test
    @Rfc(value = 5925, section = "7.5")
    void whatIsNotSignedRightlyIsDroppedSilently() {
        TcpConversation c = signed().established();
        c.sendAs(null, "PA (10)").sendAs(null, "R 1(0)").recvNothing().counted(Counter.TcpExtTCPAORequired, 2);
        c.sendAs(PeerSigner.md5(KEY), "PA (10)").recvNothing().counted(Counter.TcpExtTCPMD5Unexpected, 1);
        c.sendAs(peer("hallo", 9), "R 1(0)").recvNothing().counted(Counter.TcpExtTCPAOBad, 1);
        c.sendAs(peer(KEY, 8), "R 1(0)").recvNothing().counted(Counter.TcpExtTCPAOKeyNotFound, 1);
        PeerSigner shorter = peer();
        shorter.macBytes = 8;
        c.sendAs(shorter, "R 1(0)").recvNothing().counted(Counter.TcpExtTCPAOBad, 2);
        AoAuthentication a = (AoAuthentication) c.tcb.authentication;
        assertThat(a.counts().bad).isEqualTo(2);
        assertThat(a.counts().required).isEqualTo(2);
        assertThat(a.counts().keyNotFound).isEqualTo(1);
        c.send("PA (10)").recv("A 1(0) ack 11").send("R").state(TcpState.CLOSED);
    }

    @Test
    @Rfc(value = 5925, section = "7.5")
    void aWrongKeyNeverOpens() {
        TcpConversation l = signed().listening();
        l.sendAs(peer("hallo", 9), "S <mss 1460>").sendAs(null, "S <mss 1460>").sendAs(peer(KEY, 7), "S <mss 1460>")
                .recvNothing();
        l.counted(Counter.TcpExtTCPAOBad, 1).counted(Counter.TcpExtTCPAORequired, 1)
                .counted(Counter.TcpExtTCPAOKeyNotFound, 1);
        TcpConversation c = signed().synSent();
        c.sendAs(peer("hallo", 9), "SA <mss 1460>").sendAs(null, "SA <mss 1460>").sendAs(null, "RA 0(0) ack 1")
                .recvNothing().state(TcpState.SYN_SENT);
    }

    @Test
    void aSynThatAsksForAnUnknownKeyIsNotAnswered() {
        PeerSigner s = peer();
        s.nextId = 77;
        signed().signer(s).listening().send("S <mss 1460>").recvNothing().counted(Counter.TcpExtTCPAOKeyNotFound, 1)
                .inTable(TcpState.CLOSED);
    }

    /** RFC 5925 section 6.1: the sequence number extension counts the wraps, in both directions. */
    @Test
    @Rfc(value = 5925, section = "6.2")
    void sequenceNumberExtension() {
        for (boolean active : new boolean[]{false, true}) {
            TcpConversation.Builder b = signed().peerIsn(-50).hostIsn(-30);
            TcpConversation c = active ? b.established() : b.accepted();
            c.write(20).recv("PA 1(20)").write(30).send("A").recv("PA 21(30)").send("A").write(5).recv("PA 51(5)")
                    .send("A");
            c.send("PA (40)").any();
            c.send("PA (30)").any();
            c.send("PA 41(30)").recv("A 56(0) ack 71"); // from before the wrap to behind it, again
            c.send("PA 1(40)").recv("A 56(0) ack 71"); // an old one: extended by 0
            c.counted(Counter.TcpExtTCPAOBad, 0);
        }
    }

    /** RFC 5925 section 7.5.1 and 3.1: RNextKeyID asks the other side for a key; it follows when it has it. */
    @Test
    @Rfc(value = 5925, section = "7.5.1")
    void keyRollover() {
        TcpConversation c = signed().established();
        c.tcb.options.keys.addAo(key(6, 10, "second"));
        PeerSigner first = c.signer;
        first.nextId = 66;
        c.send("PA (1)").recv("A 1(0) ack 2"); // asks for a key that we do not have: the old one stays
        first.nextId = 6;
        PeerSigner second = first.with("second", 10, 6);
        c.send("PA (1)");
        c.signer = second;
        c.recv("A 1(0) ack 3").write(10).recv("PA 1(10)");
        assertThat(second.seenNextId).as("we still ask for the first").isEqualTo(9);
        // both keys of the peer are good
        c.send("PA (1)").read(3).sendAs(first, "PA 4(1) ack 11").read(1).recv("A 11(0) ack 5");
        c.peerNext = 5;
        c.tcb.options.keys.askFor(10);
        c.fails(Errno.EBUSY, () -> c.tcb.options.keys.deleteAo(Prefix.parse("10.0.0.1/32"), 6, 10));
        c.write(10).recv("PA 11(10)");
        assertThat(second.seenNextId).isEqualTo(10);
        c.send("A");
        c.tcb.options.keys.deleteAo(Prefix.parse("10.0.0.1/32"), 5, 9);
        c.sendAs(first, "PA 5(1)").recvNothing().counted(Counter.TcpExtTCPAOKeyNotFound, 1);
        c.send("PA 5(1)").read(1).counted(Counter.TcpExtTCPAOBad, 0);
    }

    /** A longer MAC by the new key makes smaller segments. */
    @Test
    @Rfc(value = 5925, section = "7.5.1")
    void rolloverToAnotherLength() {
        TcpConversation c = signed().established().write(1444).recv("PA 1(1444)").send("A");
        c.tcb.options.keys.addAo(new AoKey(Prefix.parse("10.0.0.1/32"), 6, 10, MacAlgorithm.HMAC_SHA1, 16, false,
                "second".getBytes(US_ASCII)));
        c.signer.nextId = 6;
        PeerSigner second = c.signer.with("second", 10, 6);
        second.macBytes = 16;
        c.send("A");
        c.signer = second;
        c.write(1441).recv("A 1445(1440)", "PA 2885(1)");
    }

    /** RFC 5925 section 7.8: hard ICMP errors do not touch a synchronised connection. */
    @Test
    @Rfc(value = 5925, section = "7.8")
    void icmpErrorsAreIgnored() {
        TcpConversation c = signed().established().write(10).recv("PA 1(10)");
        c.icmp(3, 3, 0, 1).icmp(3, 2, 0, 1).icmp(3, 4, 576, 1).counted(Counter.TcpExtTCPAODroppedIcmps, 3);
        assertThat(c.tcb.takeError()).isNull();
        c.icmp(3, 1, 0, 1);
        assertThat(c.tcb.takeError()).as("host unreachable is not on the list").isEqualTo(Errno.EHOSTUNREACH);
        c.tcb.options.keys.acceptIcmps = true;
        c.icmp(3, 3, 0, 1).counted(Counter.TcpExtTCPAODroppedIcmps, 3);
        assertThat(c.tcb.takeError()).isEqualTo(Errno.ECONNREFUSED);
        TcpConversation v6 = with().options(add(key("fd00::1/128", 5, 9, MacAlgorithm.HMAC_SHA1, KEY))).signer(peer())
                .v6().established().write(1)
                .recv("PA 1(1)");
        v6.icmp(1, 4, 0, 1).icmp(1, 1, 0, 1).counted(Counter.TcpExtTCPAODroppedIcmps, 2).icmp(2, 0, 1280, 1);
        assertThat(v6.tcb.pathMtu).as("packet too big is believed").isEqualTo(1280);
    }

    @Test
    void anIcmpErrorInTheHandshakeIsBelieved() {
        signed().synSent().icmp(3, 3, 0, 0).state(TcpState.CLOSED).counted(Counter.TcpExtTCPAODroppedIcmps, 0);
    }

    @Test
    @Rfc(value = 5925, section = "7.4")
    void answersWithoutAConnectionAreSigned() {
        TcpConversation c = signed().synReceived();
        c.sendAs(null, "A 1(0) ack 1").sendAs(null, "R 1(0)").recvNothing().counted(Counter.TcpExtTCPAOBad, 2);
        c.send("A 1(0) ack 77").recv("R 77(0)").send("S <mss 1460>").recv("SA 0(0) ack 1").recvAt(1000, "SA 0(0) ack 1")
                .send("A 1(0) ack 1").recvNothing();
        assertThat(c.listener.acceptQueueLength()).isEqualTo(1);
        TcpConversation w = signed().timeWait();
        w.sendAs(null, "R 2(0)").inTable(TcpState.TIME_WAIT).send("A 500(10)").recv("A 2(0) ack 2").send("R 2(0)")
                .inTable(TcpState.CLOSED);
    }

    @Test
    @Rfc(value = 5961, section = "5")
    void challengesAreSigned() {
        TcpConversation c = signed().established();
        c.send("R 100(0)").recv("A 1(0) ack 1").after(1000).sendAs(c.signer.with(KEY, 9, 5), "S 100(0)")
                .recv("A 1(0) ack 1").abort().recv("RA 1(0)");
    }

    @Test
    void cookies() {
        TcpConversation c = signed().set("tcp_syncookies", 2).listening();
        c.send("S <mss 1460>").recv("SA 0(0) ack 1").sendAs(null, "A 1(0) ack 1").recvNothing()
                .counted(Counter.TcpExtTCPAORequired, 1);
        c.send("A").recvNothing();
        assertThat(c.listener.acceptQueueLength()).isEqualTo(1);
        c.tcb = c.listener.accept();
        c.write(4).recv("PA 1(4)").send("A").sendAs(null, "PA (1)").recvNothing().send("PA (1)").recv("A 5(0) ack 2");
    }

    /** Both SYNs cross. */
    @Test
    @Rfc(value = 5925, section = "7.4")
    void simultaneousOpen() {
        TcpConversation c = signed().synSent();
        c.send("S <mss 1460>").recv("SA 0(0) ack 1").send("SA 0(0) ack 1").recv("A 1(0) ack 1")
                .state(TcpState.ESTABLISHED);
        c.send("PA (10)").recv("A 1(0) ack 11");
    }

    @Test
    void listenersWithKeysForOthersServeThisPeerUnsignedUnlessRequired() {
        with().options(add(key("10.0.0.9/32", 5, 9, MacAlgorithm.HMAC_SHA1, KEY))).accepted().write(1)
                .recv("PA 1(1) -");
        TcpConversation c = with().options(o -> {
            o.keys = new AuthenticationKeys();
            o.keys.required(true);
        }).listening();
        c.send("S <mss 1460>").recvNothing().counted(Counter.TcpExtTCPAORequired, 1);
    }

    @Test
    @Rfc(value = 5925, section = "3.1")
    void keysOfASocket() {
        TcpConversation c = with().closed();
        AuthenticationKeys k = new AuthenticationKeys();
        k.addAo(key("10.0.0.0/24", 5, 9, MacAlgorithm.HMAC_SHA1, KEY));
        c.fails(Errno.EEXIST, () -> k.addAo(key(5, 10, KEY)));
        c.fails(Errno.EEXIST, () -> k.addAo(key(6, 9, KEY)));
        c.fails(Errno.EEXIST, () -> k.addAo(key("0.0.0.0/0", 6, 9, MacAlgorithm.HMAC_SHA1, KEY)));
        k.addAo(key("10.0.1.0/24", 5, 9, MacAlgorithm.HMAC_SHA1, KEY));
        k.addAo(key("::/0", 5, 9, MacAlgorithm.HMAC_SHA1, KEY));
        c.fails(Errno.EKEYREJECTED, () -> k.md5(Prefix.parse("10.0.0.7/32"), new byte[]{1}));
        c.fails(Errno.ENOENT, () -> k.deleteAo(Prefix.parse("10.0.0.0/24"), 5, 8));
        c.fails(Errno.ENOENT, () -> k.useToSend(77));
        k.useToSend(5);
        c.fails(Errno.EBUSY, () -> k.deleteAo(k.current().peers(), 5, 9));
        k.deleteAo(Prefix.parse("10.0.0.0/24"), 5, 9);
        c.fails(Errno.EMSGSIZE,
                () -> new AoKey(Prefix.parse("::/0"), 1, 1, MacAlgorithm.HMAC_SHA1, 17, false, new byte[1]));
        c.fails(Errno.EINVAL,
                () -> new AoKey(Prefix.parse("::/0"), 256, 1, MacAlgorithm.HMAC_SHA1, 12, false, new byte[1]));
        c.fails(Errno.EINVAL,
                () -> new AoKey(Prefix.parse("::/0"), 1, 1, MacAlgorithm.HMAC_SHA1, 12, false, new byte[81]));
        AuthenticationKeys m = new AuthenticationKeys();
        m.md5(Prefix.parse("10.0.0.1/32"), new byte[]{1});
        c.fails(Errno.EKEYREJECTED, () -> m.addAo(key(5, 9, KEY)));
        c.fails(Errno.EKEYREJECTED, () -> m.required(true));
        c.fails(Errno.EKEYREJECTED,
                () -> with().options(add(key("10.0.0.9/32", 5, 9, MacAlgorithm.HMAC_SHA1, KEY))).synSent());
    }

    /** The keys in use stay those of the connection whatever the listener does next. */
    @Test
    @Rfc(value = 5925, section = "7.1")
    void aConnectionKeepsItsKeys() {
        TcpConversation c = signed().accepted();
        c.listener.options().keys.deleteAo(Prefix.parse("10.0.0.1/32"), 5, 9);
        c.write(10).recv("PA 1(10)").send("PA (3)").recv("A 11(0) ack 4");
        assertThat(c.tcb.options.keys.aoKeys()).hasSize(1);
    }
}

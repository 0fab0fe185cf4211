package sluice.core.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.hex;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.icmp6;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.set16;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.sum;
import static sluice.core.TestPackets.u16;
import static sluice.core.TestPackets.udpBody;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.IpHeader;
import sluice.core.LinkProperties;
import sluice.core.Settings;
import sluice.core.TestPackets;
import sluice.wire.IpAddress;

/** What IP makes of packets from a link. */
class InputTest {
    private final Conversation c = Conversation.onTun();
    private static final byte[] NONE = new byte[0];

    private static byte[] echo() {
        return icmp(8, 0, 1, data(16));
    }

    private static byte[] echo6(String from, String to) {
        return icmp6(from, to, 128, 0, 1, data(16));
    }

    private void dropsAs(Counter reason, byte[] packet) {
        c.receives(packet);
        assertThat(c.dropped()).containsExactly(reason);
    }

    @Test
    @Rfc(value = 1122, section = "3.2.1")
    void badIpv4HeadersAreDropped() {
        byte[] good = ipv4("10.0.0.1", "10.0.0.2", 1, echo());
        dropsAs(Counter.IpInHdrErrors, slice(good, 0, 19));
        byte[] checksum = good.clone();
        checksum[10] ^= 1;
        dropsAs(Counter.IpInHdrErrors, checksum);
        assertThat(c.counter(Counter.IpExtInCsumErrors)).isOne();
        byte[] ihl = good.clone();
        ihl[0] = 0x44;
        dropsAs(Counter.IpInHdrErrors, ihl);
        byte[] length = set16(good.clone(), 2, 19);
        dropsAs(Counter.IpInHdrErrors, length);
        dropsAs(Counter.IpExtInTruncatedPkts, slice(good, 0, good.length - 1));
        byte[] version = good.clone();
        version[0] = 0x55;
        dropsAs(Counter.SluiceInvalidLinkPacket, version);
        c.sendsNothing();
        assertThat(c.counter(Counter.IpInReceives)).isEqualTo(5);
        assertThat(c.counter(Counter.IpInDelivers)).isZero();
    }

    @Test
    void paddingBehindThePacketIsIgnored() {
        c.receives(cat(ipv4("10.0.0.1", "10.0.0.2", 1, echo()), data(6)));
        assertThat(c.sends()).hasSize(44);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1,10.0.0.3", "10.0.0.1,0.0.0.1", "127.0.0.1,10.0.0.2", "10.0.0.1,127.0.0.1",
        "224.0.0.1,10.0.0.2", "255.255.255.255,10.0.0.2",
        "10.0.0.255,10.0.0.2", "0.0.0.0,10.0.0.2", "0.1.2.3,10.0.0.2", "10.0.0.2,10.0.0.2", "10.0.0.1,224.9.9.9"})
    @Rfc(value = 1122, section = "3.2.1.3")
    void martiansAndStrangersAreDropped(String from, String to) {
        dropsAs(Counter.IpInAddrErrors, ipv4(from, to, 1, echo()));
        c.sendsNothing();
    }

    @ParameterizedTest
    @CsvSource({"fd00::1,fd00::3", "ff02::1,fd00::2", "::1,fd00::2", "fd00::1,::1", "fd00::1,::", "fd00::2,fd00::2",
        "fd00::1,ff02::9", "fd00::1,ff01::1",
        "fd00::1,ff00::1"})
    @Rfc(value = 4291, section = "2.7")
    void ipv6MartiansAndStrangersAreDropped(String from, String to) {
        dropsAs(Counter.Ip6InAddrErrors, ipv6(from, to, 58, 64, echo6(from, to)));
        c.sendsNothing();
    }

    @Test
    void mappedAddressesDoNotComeByIpv6() {
        byte[] p = ipv6("fd00::1", "fd00::2", 58, 64, echo6("fd00::1", "fd00::2"));
        byte[] mapped = hex("00000000000000000000ffff0a000001");
        byte[] source = p.clone();
        System.arraycopy(mapped, 0, source, 8, 16);
        dropsAs(Counter.Ip6InAddrErrors, source);
        byte[] destination = p.clone();
        System.arraycopy(hex("00000000000000000000ffff0a000002"), 0, destination, 24, 16);
        dropsAs(Counter.Ip6InAddrErrors, destination);
    }

    @Test
    void badIpv6HeadersAreDropped() {
        byte[] good = ipv6("fd00::1", "fd00::2", 58, 64, echo6("fd00::1", "fd00::2"));
        dropsAs(Counter.Ip6InHdrErrors, slice(good, 0, 39));
        dropsAs(Counter.Ip6InTruncatedPkts, slice(good, 0, good.length - 1));
    }

    @Test
    @Rfc(value = 1122, section = "3.2.2.1")
    void anUnknownProtocolIsReported() {
        byte[] p = ipv4("10.0.0.1", "10.0.0.2", 200, data(40));
        dropsAs(Counter.IpInUnknownProtos, p);
        byte[] error = c.sends();
        assertThat(slice(error, 20, 22)).isEqualTo(hex("0302"));
        assertThat(slice(error, 28, error.length)).isEqualTo(p);
        assertThat(sum(slice(error, 20, error.length))).isZero();
    }

    @Test
    @Rfc(value = 8200, section = "4")
    void anUnknownNextHeaderIsReportedWithItsPlace() {
        byte[] p = ipv6("fd00::1", "fd00::2", 60, 64, cat(hex("c800 0104 0000 0000"), data(40)));
        dropsAs(Counter.Ip6InUnknownProtos, p);
        byte[] error = c.sends();
        assertThat(slice(error, 40, 42)).isEqualTo(hex("0401"));
        assertThat(u16(error, 46)).isEqualTo(40);
        assertThat(slice(error, 48, error.length)).isEqualTo(p);
    }

    @Test
    @Rfc(value = 8200, section = "4.3")
    void hopByHopOptionsComeFirstOrNotAtAll() {
        byte[] u = echo6("fd00::1", "fd00::2");
        c.receives(ipv6("fd00::1", "fd00::2", 0, 64, cat(hex("3a00 0104 0000 0000"), u)));
        assertThat(c.sends()[40]).isEqualTo((byte) 129);
        dropsAs(Counter.Ip6InUnknownProtos,
                ipv6("fd00::1", "fd00::2", 60, 64, cat(hex("0000 0104 0000 0000 3a00 0104 0000 0000"), u)));
        byte[] error = c.sends();
        assertThat(slice(error, 40, 42)).isEqualTo(hex("0401"));
        assertThat(u16(error, 46)).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource({"05,fd00::2,true,false", "45,fd00::2,false,false", "85,fd00::2,false,true", "c5,fd00::2,false,true",
        "85,ff02::1,false,true",
        "c5,ff02::1,false,false"})
    @Rfc(value = 8200, section = "4.2")
    void unknownOptionsAreTreatedByTheirUpperBits(String option, String to, boolean accepted, boolean reported) {
        c.receives(ipv6("fd00::1", to, 60, 64, cat(hex("3a00" + option + "0400000000"), echo6("fd00::1", to))));
        List<byte[]> sent = c.drain();
        if (accepted) {
            assertThat(sent).hasSize(1);
            assertThat(sent.getFirst()[40]).isEqualTo((byte) 129);
        } else {
            assertThat(c.dropped()).containsExactly(Counter.Ip6InHdrErrors);
            assertThat(sent).hasSize(reported ? 1 : 0);
            if (reported) {
                assertThat(slice(sent.getFirst(), 40, 48)).startsWith(hex("0402")).endsWith(hex("0000002a"));
            }
        }
    }

    @Test
    @Rfc(value = 8200, section = "4.4")
    void aRoutingHeaderCountsOnlyWhenItIsSpent() {
        byte[] u = echo6("fd00::1", "fd00::2");
        c.receives(ipv6("fd00::1", "fd00::2", 43, 64, cat(hex("3a00 fd00 0000 0000"), u)));
        assertThat(c.sends()[40]).isEqualTo((byte) 129);
        dropsAs(Counter.Ip6InHdrErrors, ipv6("fd00::1", "fd00::2", 43, 64, cat(hex("3a00 fd01 0000 0000"), u)));
        byte[] error = c.sends();
        assertThat(slice(error, 40, 42)).isEqualTo(hex("0400"));
        assertThat(u16(error, 46)).isEqualTo(42);
    }

    @Test
    void noNextHeaderEndsThePacket() {
        c.receives(ipv6("fd00::1", "fd00::2", 59, 64, data(8))).sendsNothing();
        assertThat(c.dropped()).isEmpty();
        assertThat(c.rise(Counter.Ip6InDelivers)).isOne();
    }

    @Test
    @Rfc(value = 1122, section = "3.2.1.8")
    void ipv4OptionsAreSkippedAndBadOnesReported() {
        c.receives(ipv4("10.0.0.1", "10.0.0.2", 1, 1, 0, 64, hex("01010100"), echo()));
        assertThat(c.sends()[20]).isZero();
        dropsAs(Counter.IpInHdrErrors, ipv4("10.0.0.1", "10.0.0.2", 1, 1, 0, 64, hex("01070900"), echo()));
        byte[] error = c.sends();
        assertThat(slice(error, 20, 22)).isEqualTo(hex("0c00"));
        assertThat(error[24]).isEqualTo((byte) 22);
    }

    @Test
    @Rfc(value = 9293, section = "3.9.2.1", req = "MUST-53")
    void aSourceRouteIsReversed() {
        Settings s = new Settings();
        s.set("accept_source_route", "1");
        Conversation routed = Conversation.onTun(LinkProperties.plain(1500), s);
        sluice.core.Datagram d = new sluice.core.Datagram();
        byte[] p = ipv4("10.0.0.9", "10.0.0.2", 6, 1, 0, 64, hex("83 0b 0c 01010101 02020202 00"), data(20));
        int wrong = Ipv4Options.check(Conversation.nativeCopy(p), 0, 32, d);
        assertThat(wrong).isZero();
        assertThat(d.sourceRoute).isEqualTo(hex("01 83 0b 04 02020202 01010101"));
        // On the way back the destination field holds the first hop, the option the rest and the source.
        sluice.wire.Packet back = sluice.wire.Packet.ofMaxSize();
        back.end += 20;
        IpAddress us = IpAddress.parse("10.0.0.2");
        IpAddress peer = IpAddress.parse("10.0.0.9");
        sluice.core.Route route = routed.host.ip().route(us, peer);
        IpHeader header = new IpHeader().set(us, peer, 6, 64);
        header.dontFragment = true;
        header.options = d.sourceRoute;
        assertThat(routed.host.ip().send(back, route, header, routed.now()))
                .isEqualTo(1);
        byte[] sent = new byte[back.length()];
        java.lang.foreign.MemorySegment.copy(back.memory, java.lang.foreign.ValueLayout.JAVA_BYTE, back.start, sent, 0,
                sent.length);
        assertThat(slice(sent, 16, 32)).isEqualTo(hex("02020202 01 83 0b 04 01010101 0a000009"));
        assertThat(sum(slice(sent, 0, 32))).isZero();
        routed.receives(ipv4("10.0.0.9", "10.0.0.2", 1, 1, 0, 64, hex("83 0b 04 01010101 02020202 00"), echo()))
                .sendsNothing();
        assertThat(routed.dropped()).containsExactly(Counter.IpInAddrErrors);
        c.receives(p).sendsNothing();
        assertThat(c.dropped()).containsExactly(Counter.IpInAddrErrors);
    }

    @Test
    void congestionMarksAreCounted() {
        byte[] p = ipv4("10.0.0.1", "10.0.0.2", 1, echo());
        p[1] = 3;
        set16(p, 10, 0);
        set16(p, 10, sum(slice(p, 0, 20)));
        c.receives(p);
        assertThat(c.rise(Counter.IpExtInCEPkts)).isOne();
        assertThat(c.rise(Counter.IpExtInOctets)).isEqualTo(44);
    }

    @Test
    @Rfc(value = 1812, section = "5.2.1")
    void forwardsWhenTold() {
        Settings s = new Settings();
        s.set("ip_forward", "1");
        s.set("net.ipv6.conf.all.forwarding", "1");
        Conversation r = Conversation.onTun(LinkProperties.plain(1500), s);
        r.host.addInterface("tun1", LinkProperties.plain(1280));
        r.host.addAddress(2, IpAddress.parse("10.1.0.1"), 24);
        r.host.addAddress(2, IpAddress.parse("fd01::1"), 64);
        byte[] p = ipv4("10.0.0.1", "10.1.0.9", 17, 5, 0x4000, 64, NONE,
                udpBody("10.0.0.1", 1, "10.1.0.9", 2, data(100)));
        byte[] out = r.receives(p).sends();
        assertThat(r.lastInterface()).isEqualTo(2);
        assertThat(out[8]).isEqualTo((byte) 63);
        assertThat(sum(slice(out, 0, 20))).isZero();
        assertThat(slice(out, 12, out.length)).isEqualTo(slice(p, 12, p.length));

        r.receives(ipv4("10.0.0.1", "10.1.0.9", 17, 5, 0x4000, 1, NONE, data(100)));
        assertThat(slice(r.sends(), 20, 22)).isEqualTo(hex("0b00"));
        r.receives(ipv4("10.0.0.1", "10.1.0.9", 17, 5, 0x4000, 64, NONE, data(1400)));
        byte[] needed = r.sends();
        assertThat(slice(needed, 20, 22)).isEqualTo(hex("0304"));
        assertThat(u16(needed, 26)).isEqualTo(1280);
        r.receives(ipv4("10.0.0.1", "10.1.0.9", 17, 5, 0, 64, NONE, data(1400)));
        assertThat(r.drain()).hasSize(2);

        r.receives(ipv6("fd00::1", "fd01::9", 17, 64, data(1400)));
        byte[] tooBig = r.sends();
        assertThat(slice(tooBig, 40, 48)).startsWith(hex("0200")).endsWith(hex("00000500"));
        r.receives(ipv6("fd00::1", "fd01::9", 17, 64, data(100)));
        assertThat(r.sends()[7]).isEqualTo((byte) 63);
    }

    @Test
    void ethernetFramesForOthersAreDropped() {
        Conversation e = Conversation.onEthernet(new Settings());
        e.receives(TestPackets.ethernet(0x0200_0000_0099L, 1, 0x0800, ipv4("10.0.0.1", "10.0.0.2", 1, echo())));
        e.receives(TestPackets.ethernet(0x0200_0000_0002L, 1, 0x1234, data(50)));
        e.receives(data(13));
        assertThat(e.dropped()).containsExactly(Counter.SluiceInvalidLinkPacket, Counter.SluiceInvalidLinkPacket,
                Counter.SluiceInvalidLinkPacket);
    }
}

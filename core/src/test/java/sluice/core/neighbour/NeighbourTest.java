package sluice.core.neighbour;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.checksummed;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.ethernet;
import static sluice.core.TestPackets.hex;
import static sluice.core.TestPackets.icmp;
import static sluice.core.TestPackets.icmp6;
import static sluice.core.TestPackets.icmp6Packet;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.udp;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.Conversation;
import sluice.core.Settings;
import sluice.core.ip.InterfaceAddress;
import sluice.core.ip.NetworkInterface;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;

/** ARP and neighbour discovery on an Ethernet: we are 02:00:00:00:00:02, the others are 02:00:00:00:00:01 and :03. */
class NeighbourTest {
    private static final long US = 0x0200_0000_0002L;
    private static final long PEER = 0x0200_0000_0001L;
    private static final long BROADCAST = 0xffff_ffff_ffffL;

    private Conversation c;

    @BeforeEach
    void open() {
        c = Conversation.onEthernet(new Settings());
        c.host.addAddress(1, IpAddress.parse("10.0.0.2"), 24);
        c.host.addAddress(1, IpAddress.parse("fd00::2"), 64);
        c.after(20_000);
        c.drain();
    }

    private UdpSocket socket(String to) {
        UdpSocket s = c.host.udp().open();
        s.connect(IpAddress.parse(to), 7);
        return s;
    }

    private void send(UdpSocket s, int length) {
        s.send(Conversation.nativeCopy(data(length)), 0, length, null, 0, c.now());
    }

    private NeighbourState state(String address) {
        IpAddress a = IpAddress.parse(address);
        Neighbour n = c.host.ip().neighbours().cache().find(c.host.interfaces().get(1), a.high(), a.low());
        return n == null ? null : n.state();
    }

    private static byte[] arp(int operation, String senderMac, String sender, String targetMac, String target) {
        return ethernet(operation == 1 ? BROADCAST : US, PEER, 0x0806,
                hex("0001080006040" + "00" + operation + senderMac + sender + targetMac + target));
    }

    @Test
    @Rfc(value = 826)
    void asksByArpAndSendsWhatWaited() {
        UdpSocket s = socket("10.0.0.1");
        send(s, 10);
        assertThat(c.sends()).isEqualTo(
                ethernet(BROADCAST, US, 0x0806, hex("0001080006040001 020000000002 0a000002 000000000000 0a000001")));
        send(s, 20);
        c.sendsNothing();
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.INCOMPLETE);
        c.receives(arp(2, "020000000001", "0a000001", "020000000002", "0a000002"));
        byte[] first = c.sends();
        assertThat(slice(first, 0, 14)).isEqualTo(hex("020000000001 020000000002 0800"));
        assertThat(first).hasSize(14 + 28 + 10);
        assertThat(c.sends()).hasSize(14 + 28 + 20);
        c.sendsNothing();
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.REACHABLE);
        send(s, 30);
        assertThat(c.sends()).hasSize(14 + 28 + 30);
    }

    @Test
    @Rfc(value = 826)
    void answersArpForItsOwnAddressOnly() {
        c.receives(arp(1, "020000000001", "0a000001", "000000000000", "0a000002"));
        assertThat(c.sends()).isEqualTo(
                ethernet(PEER, US, 0x0806, hex("0001080006040002 020000000002 0a000002 020000000001 0a000001")));
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.STALE);
        c.receives(arp(1, "020000000003", "0a000003", "000000000000", "0a000009")).sendsNothing();
        assertThat(state("10.0.0.3")).isNull();
        c.receives(arp(1, "020000000003", "0a000002", "000000000000", "0a000009")).sendsNothing();
        c.receives(ethernet(BROADCAST, PEER, 0x0806, data(27))).sendsNothing();
        assertThat(c.dropped()).containsExactly(Counter.SluiceInvalidLinkPacket, Counter.SluiceInvalidLinkPacket);
    }

    @Test
    void announcesNewAddresses() {
        c.host.addAddress(1, IpAddress.parse("10.0.0.77"), 24);
        assertThat(c.after(1)).anySatisfy(
                p -> assertThat(p).isEqualTo(ethernet(BROADCAST, US, 0x0806,
                        hex("0001080006040001 020000000002 0a00004d 000000000000 0a00004d"))));
    }

    @Test
    @Rfc(value = 4861, section = "7.3.3")
    void aSilentNeighbourIsGivenUpAndTheSenderIsTold() {
        UdpSocket s = socket("10.0.0.1");
        s.options().receiveErrors = true;
        send(s, 10);
        assertThat(c.drain()).hasSize(1);
        assertThat(c.after(3000)).hasSize(2);
        assertThat(state("10.0.0.1")).isNull();
        assertThat(s.takeError()).isEqualTo(Errno.EHOSTUNREACH);
        assertThat(c.dropped()).containsExactly(Counter.SluiceNeighbourQueueDrop);
        assertThat(c.host.ip().queues().packets().inUse()).isZero();
    }

    @Test
    @Rfc(value = 4861, section = "7.3.2")
    void reachabilityAgesIsDoubtedAndProbed() {
        UdpSocket s = socket("10.0.0.1");
        send(s, 10);
        c.drain();
        c.receives(arp(2, "020000000001", "0a000001", "020000000002", "0a000002"));
        c.drain();
        c.after(46_000);
        send(s, 10);
        assertThat(c.drain()).hasSize(1);
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.DELAY);
        List<byte[]> probes = c.after(5000);
        assertThat(probes).containsExactly(
                ethernet(PEER, US, 0x0806, hex("0001080006040001 020000000002 0a000002 000000000000 0a000001")));
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.PROBE);
        c.receives(arp(2, "020000000001", "0a000001", "020000000002", "0a000002"));
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.REACHABLE);
        c.after(46_000);
        send(s, 10);
        c.drain();
        c.after(8001);
        assertThat(state("10.0.0.1")).isNull();
        send(s, 10);
        c.drain();
        c.host.ip().neighbours().confirm(1, IpAddress.parse("10.0.0.1"), c.now());
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.INCOMPLETE);
    }

    /** A TCP segment of the peer without options. */
    private static byte[] segment(int port, int seq, int ack, int flags) {
        byte[] tcp = hex("0007 0000 00000000 00000000 5000 ffff 0000 0000");
        ByteBuffer.wrap(tcp).putShort(2, (short) port).putInt(4, seq).putInt(8, ack).put(13, (byte) flags);
        return ethernet(US, PEER, 0x0800,
                ipv4("10.0.0.1", "10.0.0.2", 6, checksummed("10.0.0.1", "10.0.0.2", 6, tcp, 16)));
    }

    @Test
    @Rfc(value = 4861, section = "7.3.1")
    void whatTcpGetsThroughConfirmsTheNeighbour() {
        TcpSocket t = c.host.tcp().connect(new SocketOptions(), null, 5000, IpAddress.parse("10.0.0.1"), 7, c.now());
        c.drain();
        c.receives(arp(2, "020000000001", "0a000001", "020000000002", "0a000002"));
        int iss = ByteBuffer.wrap(c.sends()).getInt(14 + 20 + 4);
        c.receives(segment(5000, 99, iss + 1, 0x12));
        c.drain();
        assertThat(t.isEstablished()).isTrue();
        c.after(50_000); // nothing is known of the neighbour any more
        t.send(Conversation.nativeCopy(data(10)), 0, 10, 0, c.now());
        assertThat(c.drain()).hasSize(1);
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.DELAY);
        c.receives(segment(5000, 100, iss + 11, 0x10));
        assertThat(state("10.0.0.1")).isEqualTo(NeighbourState.REACHABLE);
        assertThat(c.after(6000)).as("no question is asked").isEmpty();
    }

    /** The same of a SYN, from its second timeout on, as on Linux. */
    @Test
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-22")
    void aSynThatIsNotAnsweredCastsDoubtOnTheNeighbour() {
        c.host.tcp().connect(new SocketOptions(), null, 5000, IpAddress.parse("10.0.0.1"), 7, c.now());
        c.drain();
        c.receives(arp(2, "020000000001", "0a000001", "020000000002", "0a000002"));
        c.drain();
        c.after(1500);
        assertThat(state("10.0.0.1")).as("one timeout").isEqualTo(NeighbourState.REACHABLE);
        c.after(1000);
        assertThat(state("10.0.0.1")).as("two").isEqualTo(NeighbourState.DELAY);
        assertThat(c.after(5000)).as("a question").contains(
                ethernet(PEER, US, 0x0806, hex("0001080006040001 020000000002 0a000002 000000000000 0a000001")));
    }

    /** RFC 9293's R1: what TCP cannot get through casts doubt on a neighbour that was heard of lately. */
    @Test
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-20")
    @Rfc(value = 1122, section = "3.3.1.4")
    void afterR1TheNeighbourIsDoubted() {
        TcpSocket t = c.host.tcp().connect(new SocketOptions(), null, 5000, IpAddress.parse("10.0.0.1"), 7, c.now());
        c.drain();
        c.receives(arp(2, "020000000001", "0a000001", "020000000002", "0a000002"));
        int iss = ByteBuffer.wrap(c.sends()).getInt(14 + 20 + 4);
        c.receives(segment(5000, 99, iss + 1, 0x12));
        c.drain();
        t.send(Conversation.nativeCopy(data(10)), 0, 10, 0, c.now());
        c.drain();
        c.after(5500);
        assertThat(state("10.0.0.1")).as("before R1").isEqualTo(NeighbourState.REACHABLE);
        c.after(1500);
        assertThat(state("10.0.0.1")).as("after R1").isEqualTo(NeighbourState.DELAY);
        assertThat(c.after(5000)).as("a question").contains(
                ethernet(PEER, US, 0x0806, hex("0001080006040001 020000000002 0a000002 000000000000 0a000001")));
    }

    private void routerAdvertises(String address, String mac) {
        c.receives(ethernet(0x3333_0000_0001L, Long.parseLong(mac, 16), 0x86dd,
                icmp6Packet(address, "ff02::1", 255, 134, 0, 0x40000384, hex("0000000000000000 0101" + mac))));
    }

    /** The dead router is the default router no more, and what TCP sends again goes by the other one. */
    @Test
    @Rfc(value = 9293, section = "3.8.3", req = "MUST-20")
    void afterR1AnotherRouterIsFound() {
        routerAdvertises("fe80::1", "020000000001");
        routerAdvertises("fe80::3", "020000000003");
        IpAddress far = IpAddress.parse("2001:db8::1");
        TcpSocket t = c.host.tcp().connect(new SocketOptions(), null, 5000, far, 7, c.now());
        byte[] syn = c.sends();
        assertThat(slice(syn, 0, 6)).isEqualTo(hex("020000000001"));
        byte[] synAck = hex("0007 1388 00000063 00000000 5012 ffff 0000 0000");
        ByteBuffer.wrap(synAck).putInt(8, ByteBuffer.wrap(syn).getInt(14 + 40 + 4) + 1);
        c.receives(ethernet(US, PEER, 0x86dd,
                ipv6("2001:db8::1", "fd00::2", 6, 64, checksummed("2001:db8::1", "fd00::2", 6, synAck, 16))));
        byte[] here = hex("fe800000000000000000000000000001 0201020000000001");
        c.receives(ethernet(US, PEER, 0x86dd, icmp6Packet("fe80::1", "fd00::2", 255, 136, 0, 0xe000_0000, here)));
        c.drain();
        assertThat(t.isEstablished()).isTrue();
        assertThat(state("fe80::1")).isEqualTo(NeighbourState.REACHABLE);
        t.send(Conversation.nativeCopy(data(10)), 0, 10, 0, c.now());
        c.drain();
        List<byte[]> sent = c.after(15_000);
        assertThat(state("fe80::1")).as("the dead one").isNull();
        sent.addAll(c.after(12_000));
        assertThat(sent.stream().filter(p -> p[14 + 6] == 6).map(p -> p[5])).as("routers that segments went to")
                .startsWith((byte) 1).endsWith((byte) 3);
    }

    @Test
    @Rfc(value = 4861, section = "7.2.2")
    void asksByNeighbourDiscovery() {
        UdpSocket s = socket("fd00::1");
        send(s, 10);
        byte[] body = hex("fd000000000000000000000000000001 0101020000000002");
        assertThat(c.sends()).isEqualTo(ethernet(0x3333_ff00_0001L, US, 0x86dd,
                icmp6Packet("fd00::2", "ff02::1:ff00:1", 255, 135, 0, 0, body)));
        c.receives(ethernet(US, PEER, 0x86dd,
                icmp6Packet("fd00::1", "fd00::2", 255, 136, 0, 0x60000000,
                        hex("fd000000000000000000000000000001 0201020000000001"))));
        byte[] sent = c.sends();
        assertThat(slice(sent, 0, 14)).isEqualTo(hex("020000000001 020000000002 86dd"));
        assertThat(state("fd00::1")).isEqualTo(NeighbourState.REACHABLE);
        // Without override another address only casts doubt.
        c.receives(ethernet(US, PEER, 0x86dd,
                icmp6Packet("fd00::1", "fd00::2", 255, 136, 0, 0x40000000,
                        hex("fd000000000000000000000000000001 0201020000000009"))));
        assertThat(state("fd00::1")).isEqualTo(NeighbourState.STALE);
    }

    @Test
    @Rfc(value = 4861, section = "7.2.4")
    void answersSolicitations() {
        byte[] body = hex("fd000000000000000000000000000002 0101020000000001");
        c.receives(ethernet(0x3333_ff00_0002L, PEER, 0x86dd,
                icmp6Packet("fd00::1", "ff02::1:ff00:2", 255, 135, 0, 0, body)));
        assertThat(c.sends()).isEqualTo(ethernet(PEER, US, 0x86dd,
                icmp6Packet("fd00::2", "fd00::1", 255, 136, 0, 0x60000000,
                        hex("fd000000000000000000000000000002 0201020000000002"))));
        assertThat(state("fd00::1")).as("stale when learned, used for the answer").isEqualTo(NeighbourState.DELAY);
    }

    @Test
    @Rfc(value = 4861, section = "7.1.1")
    void messagesThatWereForwardedAreRefused() {
        byte[] body = hex("fd000000000000000000000000000002 0101020000000001");
        c.receives(ethernet(0x3333_ff00_0002L, PEER, 0x86dd,
                icmp6Packet("fd00::1", "ff02::1:ff00:2", 254, 135, 0, 0, body))).sendsNothing();
        c.receives(ethernet(0x3333_ff00_0002L, PEER, 0x86dd,
                icmp6Packet("fd00::1", "ff02::1:ff00:2", 255, 135, 1, 0, body))).sendsNothing();
        c.receives(ethernet(0x3333_ff00_0002L, PEER, 0x86dd,
                icmp6Packet("fd00::1", "ff02::1:ff00:2", 255, 135, 0, 0, slice(body, 0, 8)))).sendsNothing();
        byte[] zero = cat(slice(body, 0, 16), hex("0100020000000001"));
        c.receives(ethernet(0x3333_ff00_0002L, PEER, 0x86dd,
                icmp6Packet("fd00::1", "ff02::1:ff00:2", 255, 135, 0, 0, zero))).sendsNothing();
        assertThat(c.dropped()).containsOnly(Counter.Icmp6InErrors).hasSize(4);
    }

    @Test
    @Rfc(value = 4862, section = "5.4")
    void addressesAreTestedForDuplicates() {
        Conversation fresh = Conversation.onEthernet(new Settings());
        NetworkInterface i = fresh.host.interfaces().get(1);
        InterfaceAddress linkLocal = i.addresses().getFirst();
        assertThat(linkLocal.address).isEqualTo(IpAddress.parse("fe80::ff:fe00:2"));
        assertThat(linkLocal.tentative).isTrue();
        List<byte[]> sent = fresh.after(10);
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst()).isEqualTo(ethernet(0x3333_ff00_0002L, US, 0x86dd,
                icmp6Packet("::", "ff02::1:ff00:2", 255, 135, 0, 0,
                        hex("fe8000000000000000 0000fffe000002".replace(" ", "")))));
        sent = fresh.after(1500);
        assertThat(linkLocal.usable()).isTrue();
        assertThat(sent).hasSize(1)
                .allSatisfy(p -> assertThat(p[14 + 40]).as("router solicitation").isEqualTo((byte) 133));

        Conversation unlucky = Conversation.onEthernet(new Settings());
        unlucky.after(10);
        unlucky.receives(ethernet(0x3333_0000_0001L, PEER, 0x86dd,
                icmp6Packet("fe80::9", "ff02::1", 255, 136, 0, 0x20000000,
                        hex("fe8000000000000000 0000fffe000002".replace(" ", "") + "0201020000000001"))));
        InterfaceAddress lost = unlucky.host.interfaces().get(1).addresses().getFirst();
        assertThat(lost.duplicate).isTrue();
        assertThat(unlucky.host.ip().isLocal(lost.address)).isFalse();
    }

    @Test
    @Rfc(value = 4861, section = "6.3.4")
    @Rfc(value = 4862, section = "5.5.3")
    void aRouterAdvertisementGivesRouteAndAddress() {
        byte[] options = hex(
                "0000000000000000 030440c000000e1000000708 00000000 fd770000000000000000000000000000 0101020000000001");
        c.receives(ethernet(0x3333_0000_0001L, PEER, 0x86dd,
                icmp6Packet("fe80::1", "ff02::1", 255, 134, 0, 0x40000384, options)));
        IpAddress made = IpAddress.parse("fd77::ff:fe00:2");
        InterfaceAddress a = c.host.interfaces().get(1).find(made);
        assertThat(a).isNotNull();
        assertThat(a.tentative).isTrue();
        c.after(2000);
        assertThat(a.usable()).isTrue();
        assertThat(c.host.ip().route(null, IpAddress.parse("2001:db8::1")).nextHop)
                .isEqualTo(IpAddress.parse("fe80::1"));
        assertThat(c.host.ip().route(null, IpAddress.parse("2001:db8::1")).source).isIn(made,
                IpAddress.parse("fd00::2"));
        assertThat(c.host.ip().route(null, IpAddress.parse("fd77::9")).source).isEqualTo(made);
        assertThat(c.host.interfaces().get(1).advertisedHopLimit()).isEqualTo(64);
        c.after(900_000);
        assertThat(c.host.ip().route(null, IpAddress.parse("2001:db8::1"))).isNull();
        c.after(2_700_000);
        assertThat(c.host.interfaces().get(1).find(made)).isNull();
        c.drain();
    }

    /** Prefix fd77::/64 for an address, with a lifetime of so many seconds. */
    private void prefixAdvertised(int seconds) {
        byte[] options = hex("0000000000000000 030440c0 %08x %08x 00000000 fd770000000000000000000000000000"
                .formatted(seconds, seconds));
        c.receives(ethernet(0x3333_0000_0001L, PEER, 0x86dd,
                icmp6Packet("fe80::1", "ff02::1", 255, 134, 0, 0x40000384, options)));
        c.drain();
    }

    /** RFC 4862 5.5.3 e: an unauthenticated advertisement cuts a lifetime to two hours at the least. */
    @Test
    @Rfc(value = 4862, section = "5.5.3")
    void nobodyCutsTheLifetimeOfAnAddressToSeconds() {
        IpAddress made = IpAddress.parse("fd77::ff:fe00:2");
        prefixAdvertised(86_400);
        c.after(2000);
        prefixAdvertised(10);
        c.after(7_199_000);
        assertThat(c.host.interfaces().get(1).find(made)).as("two hours").isNotNull();
        c.after(2000);
        assertThat(c.host.interfaces().get(1).find(made)).isNull();

        prefixAdvertised(3600);
        c.after(2000);
        prefixAdvertised(10);
        c.after(3_597_000);
        assertThat(c.host.interfaces().get(1).find(made)).as("less than two hours are left as they are").isNotNull();
        c.after(2000);
        assertThat(c.host.interfaces().get(1).find(made)).isNull();
    }

    /** A neighbour that says it is no router any more is none of our default routers. */
    @Test
    @Rfc(value = 4861, section = "7.2.5")
    void anAdvertisementWithoutTheRouterFlagEndsADefaultRouter() {
        IpAddress far = IpAddress.parse("2001:db8::1");
        c.receives(ethernet(0x3333_0000_0001L, PEER, 0x86dd,
                icmp6Packet("fe80::1", "ff02::1", 255, 134, 0, 0x40000384, hex("0000000000000000 0101020000000001"))));
        assertThat(c.host.ip().route(null, far).nextHop).isEqualTo(IpAddress.parse("fe80::1"));
        byte[] target = hex("fe800000000000000000000000000001 0201020000000001");
        c.receives(ethernet(US, PEER, 0x86dd, icmp6Packet("fe80::1", "fd00::2", 255, 136, 0, 0xe000_0000, target)));
        assertThat(c.host.ip().route(null, far).nextHop).isEqualTo(IpAddress.parse("fe80::1"));
        c.receives(ethernet(US, PEER, 0x86dd, icmp6Packet("fe80::1", "fd00::2", 255, 136, 0, 0x6000_0000, target)));
        assertThat(c.host.ip().route(null, far)).isNull();
    }

    @Test
    void theQueueOfANeighbourIsBounded() {
        UdpSocket s = socket("10.0.0.1");
        s.options().setSendBufferBytes(1_000_000);
        for (int i = 0; i < 300; i++) {
            send(s, 10);
            c.drain();
        }
        assertThat(c.dropped()).hasSize(300 - NeighbourCache.MAX_WAITING);
        c.receives(arp(2, "020000000001", "0a000001", "020000000002", "0a000002"));
        assertThat(c.drain()).hasSize(NeighbourCache.MAX_WAITING);
        for (int i = 0; i < 3000; i++) {
            c.receives(arp(1, "020000000001", "0a00" + String.format("%04x", i + 0x100), "000000000000", "0a000002"));
            c.drain();
        }
        assertThat(c.host.ip().neighbours().cache().all()).hasSize(1024);
    }

    @Test
    void echoOverEthernet() {
        c.receives(ethernet(US, PEER, 0x0800, ipv4("10.0.0.1", "10.0.0.2", 1, icmp(8, 0, 1, data(4)))));
        assertThat(slice(c.sends(), 12, 14)).isEqualTo(hex("0806"));
        c.receives(arp(2, "020000000001", "0a000001", "020000000002", "0a000002"));
        assertThat(c.sends()[34]).isZero();
        c.host.onLinkState(1, false, c.now());
        assertThat(c.host.ip().neighbours().cache().all()).isEmpty();
        c.receives(ethernet(US, PEER, 0x0800, udp("10.0.0.1", 1, "10.0.0.2", 2, data(4))));
        assertThat(c.dropped()).containsExactly(Counter.SluiceInvalidLinkPacket);
        assertThat(icmp6("fd00::1", "fd00::2", 128, 0, 0, data(1))).hasSize(9);
    }
}

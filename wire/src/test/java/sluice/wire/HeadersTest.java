package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Golden bytes for every header: read field by field, and built to the same bytes. */
class HeadersTest {
    private final MemorySegment built = Arena.ofAuto().allocate(256);

    private void assertBuilt(int length, String hex) {
        assertThat(Hex.text(built, 0, length)).isEqualTo(Hex.clean(hex));
    }

    @Test
    void ethernet() {
        String hex = "ffffffffffff 02aabbccddee 0806";
        MemorySegment m = Hex.bytes(hex);
        assertThat(Ethernet.destination(m, 0)).isEqualTo(Ethernet.BROADCAST);
        assertThat(Ethernet.formatMac(Ethernet.source(m, 0))).isEqualTo("02:aa:bb:cc:dd:ee");
        assertThat(Ethernet.type(m, 0)).isEqualTo(Ethernet.TYPE_ARP);
        assertThat(Ethernet.isGroup(Ethernet.BROADCAST)).isTrue();
        assertThat(Ethernet.isGroup(Ethernet.source(m, 0))).isFalse();
        assertBuilt(
                Ethernet.write(built, 0, Ethernet.BROADCAST, Ethernet.parseMac("02:AA:bb:cc:dd:ee"), Ethernet.TYPE_ARP),
                hex);
        assertThat(Ethernet.formatMac(Ethernet.multicastV4(0xe0_80_00_fb))).isEqualTo("01:00:5e:00:00:fb");
        assertThat(Ethernet.formatMac(Ethernet.multicastV6(0x1ff00_0002L))).isEqualTo("33:33:ff:00:00:02");
    }

    @Test
    void arp() {
        String hex = "0001 0800 06 04 0001 02aabbccddee 0a630002 000000000000 0a630001";
        MemorySegment m = Hex.bytes(hex);
        assertThat(Arp.isIpv4OverEthernet(m, 0, 28)).isTrue();
        assertThat(Arp.isIpv4OverEthernet(m, 0, 27)).isFalse();
        assertThat(Arp.operation(m, 0)).isEqualTo(Arp.REQUEST);
        assertThat(Arp.senderMac(m, 0)).isEqualTo(0x02aabbccddeeL);
        assertThat(Arp.senderAddress(m, 0)).isEqualTo(0x0a630002);
        assertThat(Arp.targetMac(m, 0)).isZero();
        assertThat(Arp.targetAddress(m, 0)).isEqualTo(0x0a630001);
        assertBuilt(Arp.write(built, 0, Arp.REQUEST, 0x02aabbccddeeL, 0x0a630002, 0, 0x0a630001), hex);
    }

    @Test
    void ipv4() {
        String hex = "4500 0073 0000 4000 4011 b861 c0a80001 c0a800c7";
        MemorySegment m = Hex.bytes(hex);
        assertThat(Ipv4.version(m, 0)).isEqualTo(4);
        assertThat(Ipv4.headerLength(m, 0)).isEqualTo(20);
        assertThat(Ipv4.totalLength(m, 0)).isEqualTo(0x73);
        assertThat(Ipv4.dontFragment(m, 0)).isTrue();
        assertThat(Ipv4.isFragment(m, 0)).isFalse();
        assertThat(Ipv4.ttl(m, 0)).isEqualTo(64);
        assertThat(Ipv4.protocol(m, 0)).isEqualTo(IpProtocol.UDP);
        assertThat(Ipv4.headerChecksum(m, 0)).isEqualTo(0xb861);
        assertThat(Ipv4.isChecksumValid(m, 0)).isTrue();
        assertThat(new IpAddress(0, Ipv4.sourceLow(m, 0))).hasToString("192.168.0.1");
        assertThat(new IpAddress(0, Ipv4.destinationLow(m, 0))).hasToString("192.168.0.199");
        assertBuilt(Ipv4.write(built, 0, 0, 0x73, 0, Ipv4.DF, 64, IpProtocol.UDP, 0xc0a80001, 0xc0a800c7), hex);
        Ipv4.decrementTtl(built, 0);
        assertThat(Ipv4.ttl(built, 0)).isEqualTo(63);
        assertThat(Ipv4.isChecksumValid(built, 0)).isTrue();
        Ipv4.markCongestionExperienced(built, 0);
        assertThat(Ipv4.trafficClass(built, 0)).isEqualTo(3);
        assertThat(Ipv4.isChecksumValid(built, 0)).isTrue();
        Ipv4.setFlagsAndOffset(built, 0, Ipv4.MF | 185);
        Ipv4.updateChecksum(built, 0);
        assertThat(Ipv4.isChecksumValid(built, 0)).isTrue();
        assertThat(Ipv4.isFragment(built, 0)).isTrue();
        assertThat(Ipv4.moreFragments(built, 0)).isTrue();
        assertThat(Ipv4.fragmentOffset(built, 0)).isEqualTo(1480);
    }

    @Test
    void ipv4Options() {
        MemorySegment m = Hex.bytes("46000018 00000000 40010000 0a000001 0a000002 94040000");
        MemorySegment.copy(m, 20, built, 20, 4);
        assertThat(Ipv4.write(built, 0, 0, 24, 0, 0, 64, 1, 0x0a000001, 0x0a000002, 4)).isEqualTo(24);
        assertThat(Ipv4.isChecksumValid(built, 0)).isTrue();
        assertThat(Hex.text(built, 20, 4)).isEqualTo("94040000");

        MemorySegment options = Hex.bytes("01 83 0b 08 0a000009 0a00000a 07 07 04 00000000 44 08 05 13 00000000 00 ff");
        OptionCursor cursor = new OptionCursor();
        cursor.reset(OptionCursor.Form.IPV4, options, 0, (int) options.byteSize());
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(Ipv4Option.NOP);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(Ipv4Option.LOOSE_SOURCE_ROUTE);
        assertThat(Ipv4Option.isSourceRoute(cursor.kind())).isTrue();
        assertThat(Ipv4Option.isCopied(cursor.kind())).isTrue();
        assertThat(Ipv4Option.pointer(options, cursor.offset(), cursor.length())).isEqualTo(8);
        assertThat(Ipv4Option.routeSlots(cursor.length())).isEqualTo(2);
        assertThat(Ipv4Option.routeAddress(options, cursor.offset(), 1)).isEqualTo(0x0a00000a);
        assertThat(Ipv4Option.isRouteComplete(options, cursor.offset(), cursor.length())).isFalse();
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(Ipv4Option.RECORD_ROUTE);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(Ipv4Option.TIMESTAMP);
        assertThat(Ipv4Option.timestampOverflow(options, cursor.offset())).isEqualTo(1);
        assertThat(Ipv4Option.timestampFlag(options, cursor.offset())).isEqualTo(3);
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.isAtEndOfList()).isTrue();
        assertThat(cursor.isMalformed()).isFalse();
    }

    @Test
    void ipv6() {
        String hex = "6ab12345 0014 06 40 fd990000000000000000000000000001 fd990000000000000000000000000002";
        MemorySegment m = Hex.bytes(hex);
        assertThat(Ipv6.version(m, 0)).isEqualTo(6);
        assertThat(Ipv6.trafficClass(m, 0)).isEqualTo(0xab);
        assertThat(Ipv6.flowLabel(m, 0)).isEqualTo(0x12345);
        assertThat(Ipv6.payloadLength(m, 0)).isEqualTo(20);
        assertThat(Ipv6.nextHeader(m, 0)).isEqualTo(IpProtocol.TCP);
        assertThat(Ipv6.hopLimit(m, 0)).isEqualTo(64);
        assertThat(new IpAddress(Ipv6.sourceHigh(m, 0), Ipv6.sourceLow(m, 0))).hasToString("fd99::1");
        assertThat(new IpAddress(Ipv6.destinationHigh(m, 0), Ipv6.destinationLow(m, 0))).hasToString("fd99::2");
        assertBuilt(Ipv6.write(built, 0, 0xab, 0x12345, 20, 6, 64, 0xfd99L << 48, 1, 0xfd99L << 48, 2), hex);
        Ipv6.markCongestionExperienced(built, 0);
        assertThat(Ipv6.trafficClass(built, 0)).isEqualTo(0xab | 3);
        Ipv6.setTrafficClass(built, 0, 0x50);
        assertThat(Hex.text(built, 0, 4)).isEqualTo("65012345");
    }

    @Test
    void ipv6ExtensionHeaders() {
        String header = "60000000 0028 00 40 fd990000000000000000000000000001 fd990000000000000000000000000002";
        MemorySegment m = Hex.bytes(header + "2b00 05020000 0100" + "2c00 0000 00000000" + "3c00 0000 00000001"
                + "1100 0104 00000000" + "1234 0035 0008 0000");
        Ipv6Extensions x = new Ipv6Extensions();
        x.reset(m, 0, m.byteSize());
        assertThat(x.next()).isTrue();
        assertThat(x.type()).isEqualTo(IpProtocol.HOP_BY_HOP);
        OptionCursor options = new OptionCursor();
        x.options(options);
        assertThat(options.next()).isTrue();
        assertThat(options.kind()).isEqualTo(Ipv6Option.ROUTER_ALERT);
        assertThat(options.dataLength()).isEqualTo(2);
        assertThat(options.next()).isTrue();
        assertThat(options.kind()).isEqualTo(Ipv6Option.PADN);
        assertThat(options.next()).isFalse();
        assertThat(options.isMalformed()).isFalse();
        assertThat(x.next()).isTrue();
        assertThat(x.type()).isEqualTo(IpProtocol.ROUTING);
        assertThat(x.next()).isTrue();
        assertThat(x.type()).isEqualTo(IpProtocol.FRAGMENT);
        assertThat(Ipv6Fragment.isAtomic(m, x.offset())).isTrue();
        assertThat(Ipv6Fragment.identification(m, x.offset())).isEqualTo(1);
        assertThat(x.next()).isTrue();
        assertThat(x.type()).isEqualTo(IpProtocol.DESTINATION_OPTIONS);
        assertThat(x.nextHeaderFieldOffset()).isEqualTo(64);
        assertThat(x.next()).isFalse();
        assertThat(x.isMalformed()).isFalse();
        assertThat(x.nextHeader()).isEqualTo(IpProtocol.UDP);
        assertThat(x.nextOffset()).isEqualTo(72);
        assertThat(Ipv6Option.actionIfUnknown(0xc2)).isEqualTo(Ipv6Option.DISCARD_AND_REPORT_UNICAST);

        assertThat(Ipv6Fragment.write(built, 0, 6, 1448, true, 0x01020304)).isEqualTo(8);
        assertThat(Hex.text(built, 0, 8)).isEqualTo("060005a901020304");
        assertThat(Ipv6Fragment.fragmentOffset(built, 0)).isEqualTo(1448);
        assertThat(Ipv6Fragment.moreFragments(built, 0)).isTrue();
    }

    @Test
    void extensionHeadersAreBoundedAndChecked() {
        String header = "60000000 0010 00 40 fd990000000000000000000000000001 fd990000000000000000000000000002";
        Ipv6Extensions x = new Ipv6Extensions();
        MemorySegment chain = Hex.bytes(header + "0000010400000000".repeat(20));
        x.reset(chain, 0, chain.byteSize());
        int count = 0;
        while (x.next()) {
            count++;
        }
        assertThat(count).isEqualTo(Ipv6Extensions.MAX_HEADERS);
        assertThat(x.isMalformed()).isTrue();

        MemorySegment tooLong = Hex.bytes(header + "3bff000000000000");
        x.reset(tooLong, 0, tooLong.byteSize());
        assertThat(x.next()).isFalse();
        assertThat(x.isMalformed()).isTrue();

        MemorySegment middle = Hex.bytes(header.replace("0010 00", "0010 2c") + "0000 0008 00000001 0000000000000000");
        x.reset(middle, 0, middle.byteSize());
        assertThat(x.next()).isTrue();
        assertThat(x.next()).isFalse();
        assertThat(x.isMiddleOfDatagram()).isTrue();
        assertThat(x.isMalformed()).isFalse();
    }

    @Test
    void icmpv4() {
        String hex = "0800 0000 1234 0001 6162636465666768";
        MemorySegment m = Hex.bytes(hex);
        assertThat(Icmpv4.type(m, 0)).isEqualTo(Icmpv4.ECHO);
        assertThat(Icmpv4.identifier(m, 0)).isEqualTo(0x1234);
        assertThat(Icmpv4.sequence(m, 0)).isEqualTo(1);
        Icmpv4.writeEcho(built, 0, Icmpv4.ECHO, 0x1234, 1);
        MemorySegment.copy(m, 8, built, 8, 8);
        Icmpv4.updateChecksum(built, 0, 16);
        assertThat(Icmpv4.isChecksumValid(built, 0, 16)).isTrue();
        // by hand: 0800 + 1234 + 0001 + 6162 + 6364 + 6566 + 6768 = 1abc9; folded abca; complement 5435
        assertThat(Icmpv4.checksum(built, 0)).isEqualTo(0x5435);
        Icmpv4.write(built, 0, Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.CODE_FRAGMENTATION_NEEDED, 1400);
        assertThat(Icmpv4.nextHopMtu(built, 0)).isEqualTo(1400);
        assertBuilt(8, "0304 0000 0000 0578");
        assertThat(Icmpv4.isError(Icmpv4.REDIRECT)).isTrue();
        assertThat(Icmpv4.isError(Icmpv4.ECHO)).isFalse();
        Icmpv4.write(built, 0, Icmpv4.PARAMETER_PROBLEM, 0, 20 << 24);
        assertThat(Icmpv4.pointer(built, 0)).isEqualTo(20);
    }

    @Test
    void icmpv6AndNeighbourDiscovery() {
        IpAddress source = IpAddress.parse("fd99::1");
        IpAddress group = new IpAddress(Ndp.solicitedNodeHigh(), Ndp.solicitedNodeLow(2));
        assertThat(group).hasToString("ff02::1:ff00:2");
        int length = Ndp.writeNeighborSolicitation(built, 0, 0xfd99L << 48, 2, 0x02aabbccddeeL);
        assertBuilt(length, "8700 0000 00000000 fd990000000000000000000000000002 0101 02aabbccddee");
        Icmpv6.updateChecksum(built, 0, length, source.high(), source.low(), group.high(), group.low());
        assertThat(Icmpv6.isChecksumValid(built, 0, length, source.high(), source.low(), group.high(), group.low()))
                .isTrue();
        assertThat(Icmpv6.isChecksumValid(built, 0, length, source.high(), source.low(), group.high(), group.low() + 1))
                .isFalse();
        OptionCursor cursor = new OptionCursor();
        cursor.reset(OptionCursor.Form.NDP, built, Ndp.NEIGHBOR_LENGTH, length - Ndp.NEIGHBOR_LENGTH);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(Ndp.OPTION_SOURCE_LINK_ADDRESS);
        assertThat(Ndp.optionLinkAddress(built, cursor.offset())).isEqualTo(0x02aabbccddeeL);
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.isMalformed()).isFalse();

        length = Ndp.writeNeighborAdvertisement(built, 0, Ndp.FLAG_SOLICITED | Ndp.FLAG_OVERRIDE, 0xfd99L << 48, 2, -1);
        assertBuilt(length, "8800 0000 60000000 fd990000000000000000000000000002");
        assertThat(Ndp.flags(built, 0)).isEqualTo(Ndp.FLAG_SOLICITED | Ndp.FLAG_OVERRIDE);
        assertBuilt(Ndp.writeRouterSolicitation(built, 0, 0x02aabbccddeeL), "8500 0000 00000000 0101 02aabbccddee");
        assertBuilt(Icmpv6.write(built, 0, Icmpv6.PACKET_TOO_BIG, 0, 1280), "0200 0000 00000500");
        assertThat(Icmpv6.mtu(built, 0)).isEqualTo(1280);

        MemorySegment ra = Hex.bytes("8600 0000 40 c0 0708 00007530 000003e8 0501 0000 000005dc"
                + "0304 40 c0 00015180 00003840 00000000 fd990000000000000000000000000000");
        assertThat(Ndp.currentHopLimit(ra, 0)).isEqualTo(64);
        assertThat(Ndp.routerFlags(ra, 0)).isEqualTo(0xc0);
        assertThat(Ndp.routerLifetimeSeconds(ra, 0)).isEqualTo(1800);
        assertThat(Ndp.reachableTimeMs(ra, 0)).isEqualTo(30_000);
        assertThat(Ndp.retransTimerMs(ra, 0)).isEqualTo(1000);
        cursor.reset(OptionCursor.Form.NDP, ra, 16, 40);
        assertThat(cursor.next()).isTrue();
        assertThat(Ndp.optionMtu(ra, cursor.offset())).isEqualTo(1500);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.length()).isEqualTo(Ndp.PREFIX_OPTION_LENGTH);
        assertThat(Ndp.optionPrefixLength(ra, cursor.offset())).isEqualTo(64);
        assertThat(Ndp.optionValidLifetimeSeconds(ra, cursor.offset())).isEqualTo(86_400);
        assertThat(Ndp.optionPreferredLifetimeSeconds(ra, cursor.offset())).isEqualTo(14_400);
        assertThat(Ndp.optionPrefixHigh(ra, cursor.offset())).isEqualTo(0xfd99L << 48);
    }

    @Test
    void udp() {
        IpAddress a = IpAddress.parse("10.0.0.1");
        IpAddress b = IpAddress.parse("10.0.0.2");
        assertBuilt(Udp.write(built, 0, 0x1234, 53, 10), "1234 0035 000a 0000");
        Bytes.put16(built, 8, 0x6869);
        assertThat(Udp.isChecksumValid(built, 0, 10, a.high(), a.low(), b.high(), b.low())).isTrue();
        Udp.updateChecksum(built, 0, 10, a.high(), a.low(), b.high(), b.low());
        // by hand: 0a00+0001+0a00+0002+0011+000a + 1234+0035+000a+6869 = 8efa; complement 7105
        assertThat(Udp.checksum(built, 0)).isEqualTo(0x7105);
        assertThat(Udp.isChecksumValid(built, 0, 10, a.high(), a.low(), b.high(), b.low())).isTrue();
        Bytes.put16(built, 8, 0x6868);
        assertThat(Udp.isChecksumValid(built, 0, 10, a.high(), a.low(), b.high(), b.low())).isFalse();
        IpAddress c = IpAddress.parse("fd99::1");
        Udp.setChecksum(built, 0, 0);
        assertThat(Udp.isChecksumValid(built, 0, 10, c.high(), c.low(), c.high(), c.low())).isFalse();
        assertThat(Udp.length(built, 0)).isEqualTo(10);
        assertThat(Udp.destinationPort(built, 0)).isEqualTo(53);
    }

    @Test
    void tcp() {
        String hex = "9c40 0050 01020304 00000000 a002 faf0 0000 0000 020405b4 0402 080a 00000001 00000000 01 030307";
        MemorySegment m = Hex.bytes(hex);
        assertThat(Tcp.sourcePort(m, 0)).isEqualTo(40_000);
        assertThat(Tcp.destinationPort(m, 0)).isEqualTo(80);
        assertThat(Tcp.seq(m, 0)).isEqualTo(0x01020304);
        assertThat(Tcp.ack(m, 0)).isZero();
        assertThat(Tcp.dataOffset(m, 0)).isEqualTo(40);
        assertThat(Tcp.flags(m, 0)).isEqualTo(Tcp.SYN);
        assertThat(Tcp.window(m, 0)).isEqualTo(64_240);
        OptionCursor cursor = new OptionCursor();
        Tcp.options(cursor, m, 0, 40);
        assertThat(cursor.next()).isTrue();
        assertThat(TcpOption.mss(m, cursor.offset())).isEqualTo(1460);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(TcpOption.SACK_PERMITTED);
        assertThat(cursor.next()).isTrue();
        assertThat(TcpOption.timestampValue(m, cursor.offset())).isEqualTo(1);
        assertThat(TcpOption.timestampEcho(m, cursor.offset())).isZero();
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(TcpOption.NOP);
        assertThat(cursor.next()).isTrue();
        assertThat(TcpOption.windowShift(m, cursor.offset())).isEqualTo(7);
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.isMalformed()).isFalse();
        assertThat(cursor.isAtEndOfList()).isFalse();

        int at = Tcp.write(built, 0, 40_000, 80, 0x01020304, 0, 40, Tcp.SYN, 64_240, 0);
        at += TcpOption.writeMss(built, at, 1460);
        at += TcpOption.writeSackPermitted(built, at);
        at += TcpOption.writeTimestamps(built, at, 1, 0);
        at += TcpOption.writeNops(built, at, 1);
        at += TcpOption.writeWindowScale(built, at, 7);
        assertBuilt(at, hex);

        Tcp.setFlags(built, 0, Tcp.AE | Tcp.CWR | Tcp.ACK);
        assertThat(Tcp.flags(built, 0)).isEqualTo(Tcp.AE | Tcp.CWR | Tcp.ACK);
        assertThat(Tcp.dataOffset(built, 0)).isEqualTo(40);
        assertThat(Hex.text(built, 12, 2)).isEqualTo("a190");
        Tcp.setUrgentPointer(built, 0, 0x1234);
        Tcp.setAck(built, 0, -2);
        Tcp.setSeq(built, 0, -1);
        assertThat(Tcp.urgentPointer(built, 0)).isEqualTo(0x1234);
        assertThat(Tcp.ack(built, 0)).isEqualTo(-2);
        IpAddress a = IpAddress.parse("fd99::1");
        IpAddress b = IpAddress.parse("fd99::2");
        Tcp.updateChecksum(built, 0, 40, a.high(), a.low(), b.high(), b.low());
        assertThat(Tcp.isChecksumValid(built, 0, 40, a.high(), a.low(), b.high(), b.low())).isTrue();
        assertThat(Tcp.isChecksumValid(built, 0, 40, b.high(), b.low(), b.high(), b.low())).isFalse();
    }

    @Test
    void sackBlocks() {
        int length = TcpOption.writeSack(built, 0, 2);
        TcpOption.writeSackBlock(built, 0, 0, 1000, 2000);
        TcpOption.writeSackBlock(built, 0, 1, -5, 7);
        assertBuilt(length, "0512 000003e8 000007d0 fffffffb 00000007");
        assertThat(TcpOption.sackBlocks(length)).isEqualTo(2);
        assertThat(TcpOption.sackLeft(built, 0, 1)).isEqualTo(-5);
        assertThat(TcpOption.sackRight(built, 0, 1)).isEqualTo(7);
        assertThat(TcpOption.sackBlocks(2)).isEqualTo(-1);
        assertThat(TcpOption.sackBlocks(11)).isEqualTo(-1);
        assertThat(TcpOption.userTimeoutSeconds(Hex.bytes("1c04 8002"), 0)).isEqualTo(120);
    }

    @Test
    void illegalOptionLengthsEndTheWalk() {
        OptionCursor cursor = new OptionCursor();
        for (String bad : new String[]{"0200", "0201", "020405", "02", "08", "fe09 0000"}) {
            MemorySegment m = Hex.bytes("01" + bad);
            cursor.reset(OptionCursor.Form.TCP, m, 0, (int) m.byteSize());
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.next()).as(bad).isFalse();
            assertThat(cursor.isMalformed()).as(bad).isTrue();
            assertThat(cursor.next()).isFalse();
        }
        MemorySegment unknown = Hex.bytes("63 06 01020304 02 04 05b4 00 00");
        cursor.reset(OptionCursor.Form.TCP, unknown, 0, 12);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(0x63);
        assertThat(cursor.dataLength()).isEqualTo(4);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(TcpOption.MSS);
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.isAtEndOfList()).isTrue();
        MemorySegment zero = Hex.bytes("0100 000000000000");
        cursor.reset(OptionCursor.Form.NDP, zero, 0, 8);
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.isMalformed()).isTrue();
    }
}

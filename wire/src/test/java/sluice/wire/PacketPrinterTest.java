package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class PacketPrinterTest {
    private final TestPackets packets = new TestPackets();
    private final PacketPrinter printer = new PacketPrinter().withChecksums();

    private static String ip(PacketPrinter printer, MemorySegment m) {
        return printer.print(LinkType.RAW, m, 0, (int) m.byteSize());
    }

    private String ip(MemorySegment m) {
        return ip(printer, m);
    }

    @Test
    void tcpOverIpv4() {
        assertThat(ip(packets.syn(4)))
                .isEqualTo(
                        "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 64240, options [mss 1460,sackOK,TS "
                                + "val 1 ecr 0,nop,wscale 7], length 0");
        assertThat(ip(packets.tcp(4, 1001, 501, Tcp.PSH | Tcp.ACK, 502, "", 100)))
                .isEqualTo("IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1001:1101, ack 501, win 502, length 100");
        assertThat(ip(packets.tcp(4, 1001, 501, Tcp.ACK, 0, "", 0)))
                .isEqualTo("IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 501, win 0, length 0");
        assertThat(ip(packets.tcp(4, -1, 0, Tcp.RST, 0, "", 0)))
                .isEqualTo("IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [R], seq 4294967295, win 0, length 0");
        assertThat(ip(packets.tcp(4, 0, 0, 0, 0, "", 0))).contains("Flags [none], win 0");
        assertThat(ip(packets.tcp(4, 0, 9, Tcp.ALL_FLAGS, 5, "", 0)))
                .contains("Flags [FSRP.UEWe], seq 0, ack 9, win 5, urg 0, length 0");
    }

    @Test
    void tcpOverIpv6() {
        assertThat(ip(packets.syn(6)))
                .isEqualTo(
                        "IP6 fd99::1.40000 > fd99::2.80: Flags [S], seq 1, win 64240, options [mss 1460,sackOK,TS val "
                                + "1 ecr 0,nop,wscale 7], length 0");
    }

    @Test
    void tcpOptions() {
        assertThat(ip(packets.tcp(4, 1, 2, Tcp.ACK, 5, "0101 0512 000003e8 000007d0 fffffffb 00000007", 0)))
                .contains("options [nop,nop,sack 2 {1000:2000}{4294967291:7}]");
        assertThat(ip(packets.tcp(4, 1, 2, Tcp.ACK, 5, "2202 0101 220a 0102030405060708 00000000", 0)))
                .contains("options [tfo  cookiereq,nop,nop,tfo  cookie 0102030405060708,eol]");
        assertThat(ip(packets.tcp(4, 1, 2, Tcp.ACK, 5, "ae0b 000001 000102 010000 00", 0)))
                .contains("options [accecn e1b 1 ceb 258 e0b 65536,eol]");
        assertThat(ip(packets.tcp(4, 1, 2, Tcp.ACK, 5, "ac05 000001 010101 ae04 0000", 0)))
                .contains("options [accecn e0b 1,nop,nop,nop,bad opt-174 len 4]");
        assertThat(ip(packets.tcp(4, 1, 2, Tcp.ACK, 5, "6306 01020304 0203 00 000000", 0)))
                .contains("options [unknown-99 0x01020304,bad opt-2 len 3,eol]");
        assertThat(ip(packets.tcp(4, 1, 2, Tcp.ACK, 5, "01 0200 00", 0))).contains("options [nop,bad opt-2]");
        assertThat(ip(packets.tcp(4, 1, 2, Tcp.ACK, 5, "1c04 8002", 0))).contains("options [uto 120s]");
    }

    @Test
    void relativeSequenceNumbers() {
        PacketPrinter relative = printer.withRelativeSequence(new FlowTable());
        assertThat(ip(relative, packets.tcp(4, 1000, 0, Tcp.SYN, 9, "", 0))).contains("seq 1000, win");
        assertThat(ip(relative, packets.swapped(packets.tcp(4, 7000, 1001, Tcp.SYN | Tcp.ACK, 9, "", 0))))
                .contains("seq 7000, ack 1001,");
        assertThat(ip(relative, packets.tcp(4, 1001, 7001, Tcp.ACK, 9, "", 0))).contains("[.], ack 1, win");
        assertThat(ip(relative, packets.tcp(4, 1001, 7001, Tcp.ACK, 9, "", 10))).contains("seq 1:11, ack 1,");
        assertThat(
                ip(relative, packets.swapped(packets.tcp(4, 7001, 1001, Tcp.ACK, 9, "0101 050a 000003ee 000003f3", 0))))
                .contains("ack 1,")
                .contains("sack 1 {6:11}");
        PacketPrinter late = printer.withRelativeSequence(new FlowTable());
        assertThat(ip(late, packets.tcp(6, 5000, 900, Tcp.ACK, 9, "", 10))).contains("seq 5000:5010, ack 900,");
        assertThat(ip(late, packets.tcp(6, 5010, 900, Tcp.ACK, 9, "", 10))).contains("seq 11:21, ack 1,");
    }

    @Test
    void theFlowTableIsBounded() {
        FlowTable table = new FlowTable(100);
        for (int port = 0; port < 10_000; port++) {
            table.see(0, 1, port, 0, 2, 80, Tcp.ACK, port, port);
        }
        assertThat(table.size()).isEqualTo(100);
    }

    @Test
    void udp() {
        assertThat(ip(packets.udp(4, 5))).isEqualTo("IP 10.0.0.1.40000 > 10.0.0.2.53: UDP, length 5");
        assertThat(ip(packets.udp(6, 0))).isEqualTo("IP6 fd99::1.40000 > fd99::2.53: UDP, length 0");
    }

    @Test
    void icmp() {
        assertThat(ip(packets.icmp4(Icmpv4.ECHO, 0, 0x0007_0002, "", 56)))
                .isEqualTo("IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 2, length 64");
        String quote = "4500 001d 0000 0000 4011 0000 0a000002 0a000001 9c40 0035 0009 0000";
        assertThat(ip(packets.icmp4(3, 3, 0, quote, 0)))
                .isEqualTo("IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 udp port 53 unreachable, length 36");
        assertThat(ip(packets.icmp4(3, 1, 0, quote, 0))).contains("ICMP host 10.0.0.1 unreachable, length 36");
        assertThat(ip(packets.icmp4(3, 4, 1400, quote, 0)))
                .contains("ICMP 10.0.0.1 unreachable - need to frag (mtu 1400), length 36");
        assertThat(ip(packets.icmp4(11, 0, 0, quote, 0))).contains("ICMP time exceeded in-transit, length 36");
        assertThat(ip(packets.icmp4(5, 1, 0x0a0000fe, quote, 0)))
                .contains("ICMP redirect 10.0.0.1 to host 10.0.0.254, length 36");
    }

    @Test
    void icmpv6() {
        assertThat(ip(packets.icmp6(Icmpv6.ECHO_REPLY, 0, 0x0007_0002, "", 56)))
                .isEqualTo("IP6 fd99::1 > fd99::2: ICMP6, echo reply, id 7, seq 2, length 64");
        assertThat(ip(packets.icmp6(2, 0, 1280, "", 0))).contains("ICMP6, packet too big, mtu 1280, length 8");
        String quote = "60000000 0008 11 40 fd990000000000000000000000000002 fd990000000000000000000000000001 9c40 "
                + "0035 0008 0000";
        assertThat(ip(packets.icmp6(1, 4, 0, quote, 0)))
                .contains("ICMP6, destination unreachable, unreachable port, fd99::1 udp port 53, length 56");
        assertThat(ip(packets.icmp6(135, 0, 0, "fd990000000000000000000000000002 0101 02aabbccddee", 0)))
                .contains(
                        "ICMP6, neighbor solicitation, who has fd99::2, source link-address 02:aa:bb:cc:dd:ee, length "
                                + "32");
        assertThat(ip(packets.icmp6(136, 0, Ndp.FLAG_SOLICITED, "fd990000000000000000000000000002", 0)))
                .contains("ICMP6, neighbor advertisement, tgt is fd99::2, length 24");
    }

    @Test
    void arpAndEthernet() {
        MemorySegment m = Hex.bytes(
                "ffffffffffff 02aabbccddee 0806 0001 0800 06 04 0001 02aabbccddee 0a630002 000000000000 0a630001");
        assertThat(printer.print(LinkType.ETHERNET, m, 0, 42))
                .isEqualTo("ARP, Request who-has 10.99.0.1 tell 10.99.0.2, length 28");
        Bytes.put16(m, 20, Arp.REPLY);
        assertThat(printer.withLinkHeader().print(LinkType.ETHERNET, m, 0, 42))
                .isEqualTo(
                        "02:aa:bb:cc:dd:ee > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: ARP, Reply "
                                + "10.99.0.2 is-at 02:aa:bb:cc:dd:ee, length 28");
        Bytes.put16(m, 12, 0x88b5);
        assertThat(printer.print(LinkType.ETHERNET, m, 0, 42)).isEqualTo("ethertype Unknown (0x88b5), length 42");
    }

    @Test
    void fragments() {
        MemorySegment m = packets.udp(4, 72);
        Ipv4.setIdentification(m, 0, 4660);
        Ipv4.setFlagsAndOffset(m, 0, Ipv4.MF | 185);
        Ipv4.updateChecksum(m, 0);
        assertThat(ip(m)).isEqualTo("IP 10.0.0.1 > 10.0.0.2: frag (id 4660, 80@1480+) udp, length 80");
        MemorySegment six = Hex
                .bytes("60000000 0010 2c 40 fd990000000000000000000000000001 fd990000000000000000000000000002 1100 "
                        + "05a8 01020304 0000000000000000");
        assertThat(ip(six)).isEqualTo("IP6 fd99::1 > fd99::2: frag (id 0x1020304, 8@1448) udp, length 8, ext [frag]");
    }

    @Test
    void brokenPacketsAreCalledSo() {
        MemorySegment m = packets.tcp(4, 1, 2, Tcp.ACK, 5, "", 100);
        assertThat(printer.print(LinkType.RAW, m, 0, 50, 140))
                .isEqualTo("IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq 1:101, ack 2, win 5, length 100");
        assertThat(printer.print(LinkType.RAW, m, 0, 50)).endsWith("length 100 [truncated: 50 of 140 bytes]");
        assertThat(printer.print(LinkType.RAW, m, 0, 30))
                .isEqualTo("IP 10.0.0.1 > 10.0.0.2: tcp [truncated tcp] [truncated: 30 of 140 bytes]");
        assertThat(printer.print(LinkType.RAW, m, 0, 10)).isEqualTo("IP [truncated ip]");
        assertThat(printer.print(LinkType.RAW, m, 0, 0)).isEqualTo("[truncated ip]");
        Bytes.put8(m, 60, 0x77);
        assertThat(ip(m)).endsWith("length 100, bad cksum");
        assertThat(ip(new PacketPrinter(), m)).endsWith("length 100");
        Bytes.put8(m, 32, 0xf0);
        assertThat(ip(m)).contains("bad opt-41], length 60, bad cksum");
        Bytes.put8(m, 32, 0x10);
        assertThat(ip(m)).contains("bad hdr length 4, length 120");
        Bytes.put8(m, 0, 0x44);
        assertThat(ip(m)).isEqualTo("IP bad header length 16, total length 140");
        Bytes.put8(m, 0, 0x95);
        assertThat(ip(m)).isEqualTo("bad IP version 9, length 140");
        assertThat(printer.print(9999, m, 0, 140)).isEqualTo("link type 9999, length 140");
    }

    @Test
    void aPartialChecksumIsNotAWrongOneAndATailCounts() {
        MemorySegment m = packets.tcp(4, 1, 2, Tcp.ACK, 5, "", 100);
        Packet p = Packet.ofMaxSize();
        MemorySegment.copy(m, 0, p.memory, p.start, 40);
        p.end = p.start + 40;
        p.tail = m;
        p.tailOffset = 40;
        p.tailLength = 100;
        p.checksumPartial = true;
        assertThat(printer.print(p))
                .isEqualTo("IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], seq 1:101, ack 2, win 5, length 100");
    }
}

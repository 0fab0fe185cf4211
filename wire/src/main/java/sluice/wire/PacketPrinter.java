package sluice.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Packets in one line each, in the manner of {@code tcpdump -n}. Whatever the bytes are, a line comes out and never an
 * exception: what is cut off is printed as "[truncated …]", what contradicts itself as "bad …". Not thread-safe when it
 * prints relative sequence numbers.
 */
public final class PacketPrinter {
    private static final int MAX_NESTING = 4;

    private final @Nullable FlowTable flows;
    private final boolean linkHeader;
    private final boolean checkSums;

    /** Prints absolute sequence numbers, no link headers, and trusts checksums. */
    public PacketPrinter() {
        this(null, false, false);
    }

    private PacketPrinter(@Nullable FlowTable flows, boolean linkHeader, boolean checkSums) {
        this.flows = flows;
        this.linkHeader = linkHeader;
        this.checkSums = checkSums;
    }

    /** A printer like this one that prints sequence numbers relative to what the table remembers. */
    public PacketPrinter withRelativeSequence(FlowTable table) {
        return new PacketPrinter(table, linkHeader, checkSums);
    }

    /** A printer like this one that prints Ethernet headers too, as {@code tcpdump -e} does. */
    public PacketPrinter withLinkHeader() {
        return new PacketPrinter(flows, true, checkSums);
    }

    /**
     * A printer like this one that verifies the checksums of whole packets and says when one is wrong. Not for outbound
     * packets with checksum offload.
     */
    public PacketPrinter withChecksums() {
        return new PacketPrinter(flows, linkHeader, true);
    }

    /** A bare IP packet; a partial checksum is not taken for a wrong one. */
    public String print(Packet packet) {
        return print(packet, LinkType.RAW);
    }

    /** A packet that begins as {@code linkType} says. */
    public String print(Packet packet, int linkType) {
        PacketPrinter printer = checkSums && (packet.checksumPartial || packet.gsoSize != 0)
                ? new PacketPrinter(flows, linkHeader, false) : this;
        return printer.print(linkType, packet.memory, packet.start, packet.end - packet.start, packet.length());
    }

    /** {@code length} bytes at {@code offset} that begin as {@code linkType} (one of {@link LinkType}) says. */
    public String print(int linkType, MemorySegment m, long offset, int length) {
        return print(linkType, m, offset, length, length);
    }

    /**
     * The same when more bytes were on the wire than are at hand.
     *
     * @param length bytes at hand; what lies outside of the memory is not read
     * @param wireLength bytes the packet had
     */
    public String print(int linkType, MemorySegment m, long offset, int length, int wireLength) {
        long end = Math.min(m.byteSize(), offset + Math.max(0, length));
        PrintLine line = new PrintLine(m, end, Math.max(end, offset + wireLength), flows);
        if (offset < 0) {
            return "bad offset " + offset;
        }
        switch (linkType) {
            case LinkType.ETHERNET -> ethernet(line, offset);
            case LinkType.RAW, LinkType.IPV4, LinkType.IPV6 -> ip(line, offset, 0, true);
            case LinkType.NULL -> ip(line, offset + 4, 0, true);
            default -> line.text("link type ").number(linkType).text(", length ").number(wireLength);
        }
        return line.out.toString();
    }

    private void ethernet(PrintLine line, long o) {
        if (!line.has(o, Ethernet.HEADER_LENGTH)) {
            line.truncated("ethernet");
            return;
        }
        int type = Ethernet.type(line.m, o);
        if (linkHeader) {
            Ethernet.appendMac(line.out, Ethernet.source(line.m, o));
            line.text(" > ");
            Ethernet.appendMac(line.out, Ethernet.destination(line.m, o));
            line.text(", ethertype ").text(typeName(type)).text(", length ").number(line.wireEnd - o).text(": ");
        }
        long payload = o + Ethernet.HEADER_LENGTH;
        for (int tags = 0; type == Ethernet.TYPE_VLAN && tags < MAX_NESTING; tags++) {
            if (!line.has(payload, 4)) {
                line.truncated("vlan");
                return;
            }
            line.text("vlan ").number(Bytes.u16(line.m, payload) & 0xfff).text(", ");
            type = Bytes.u16(line.m, payload + 2);
            payload += 4;
        }
        switch (type) {
            case Ethernet.TYPE_IPV4, Ethernet.TYPE_IPV6 -> ip(line, payload, 0, !linkHeader);
            case Ethernet.TYPE_ARP -> arp(line, payload);
            default -> {
                if (!linkHeader) {
                    line.text("ethertype ").text(typeName(type)).text(", length ").number(line.wireEnd - o);
                }
            }
        }
    }

    private static String typeName(int type) {
        String name = switch (type) {
            case Ethernet.TYPE_IPV4 -> "IPv4";
            case Ethernet.TYPE_IPV6 -> "IPv6";
            case Ethernet.TYPE_ARP -> "ARP";
            case Ethernet.TYPE_VLAN -> "802.1Q";
            default -> "Unknown";
        };
        return name + " (0x" + String.format("%04x", type) + ")";
    }

    private static void arp(PrintLine line, long o) {
        line.text("ARP, ");
        if (!line.has(o, Arp.LENGTH) || !Arp.isIpv4OverEthernet(line.m, o, Arp.LENGTH)) {
            if (line.has(o, Arp.FIXED_LENGTH)) {
                line.text("bad: not IPv4 over Ethernet");
            } else {
                line.truncated("arp");
            }
            return;
        }
        switch (Arp.operation(line.m, o)) {
            case Arp.REQUEST -> line.text("Request who-has ").v4(Arp.targetAddress(line.m, o)).text(" tell ")
                    .v4(Arp.senderAddress(line.m, o));
            case Arp.REPLY -> {
                line.text("Reply ").v4(Arp.senderAddress(line.m, o)).text(" is-at ");
                Ethernet.appendMac(line.out, Arp.senderMac(line.m, o));
            }
            default -> line.text("operation ").number(Arp.operation(line.m, o));
        }
        line.text(", length ").number(line.wireEnd - o);
    }

    private void ip(PrintLine line, long o, int nesting, boolean name) {
        if (!line.has(o, 1)) {
            line.truncated("ip");
            return;
        }
        switch (Bytes.u8(line.m, o) >>> 4) {
            case 4 -> ipv4(line, o, nesting, name);
            case 6 -> ipv6(line, o, nesting, name);
            default -> line.text("bad IP version ").number(Bytes.u8(line.m, o) >>> 4).text(", length ")
                    .number(line.wireEnd - o);
        }
    }

    private void ipv4(PrintLine line, long o, int nesting, boolean name) {
        line.text(name ? "IP " : "");
        if (!line.has(o, Ipv4.MIN_HEADER_LENGTH)) {
            line.truncated("ip");
            return;
        }
        int headerLength = Ipv4.headerLength(line.m, o);
        int total = Ipv4.totalLength(line.m, o);
        if (headerLength < Ipv4.MIN_HEADER_LENGTH || total < headerLength) {
            line.text("bad header length ").number(headerLength).text(", total length ").number(total);
            return;
        }
        line.v6 = false;
        line.sourceHigh = 0;
        line.sourceLow = Ipv4.sourceLow(line.m, o);
        line.destinationHigh = 0;
        line.destinationLow = Ipv4.destinationLow(line.m, o);
        boolean cut = o + total > line.wireEnd;
        line.end = Math.min(line.end, o + total);
        int payload = total - headerLength;
        if (Ipv4.isFragment(line.m, o)) {
            line.hosts().text("frag (id ").number(Ipv4.identification(line.m, o)).text(", ").number(payload).text("@")
                    .number(Ipv4.fragmentOffset(line.m, o));
            line.text(Ipv4.moreFragments(line.m, o) ? "+) " : ") ").text(protocolName(Ipv4.protocol(line.m, o)))
                    .text(", length ").number(payload);
        } else {
            transport(line, Ipv4.protocol(line.m, o), o + headerLength, payload, nesting);
        }
        if (headerLength > Ipv4.MIN_HEADER_LENGTH) {
            IpOptionPrinter.ipv4(line, o, headerLength);
        }
        if (checkSums && line.has(o, headerLength) && !Ipv4.isChecksumValid(line.m, o)) {
            line.text(", bad ip cksum ").hex(Ipv4.headerChecksum(line.m, o));
        }
        cutNote(line, cut, o, total);
    }

    private void ipv6(PrintLine line, long o, int nesting, boolean name) {
        line.text(name ? "IP6 " : "");
        if (!line.has(o, Ipv6.HEADER_LENGTH)) {
            line.truncated("ip6");
            return;
        }
        line.v6 = true;
        line.sourceHigh = Ipv6.sourceHigh(line.m, o);
        line.sourceLow = Ipv6.sourceLow(line.m, o);
        line.destinationHigh = Ipv6.destinationHigh(line.m, o);
        line.destinationLow = Ipv6.destinationLow(line.m, o);
        int total = Ipv6.HEADER_LENGTH + Ipv6.payloadLength(line.m, o);
        boolean cut = o + total > line.wireEnd;
        line.end = Math.min(line.end, o + total);
        Ipv6Extensions extensions = new Ipv6Extensions();
        extensions.reset(line.m, o, line.end);
        boolean fragment = false;
        while (extensions.next()) {
            if (extensions.type() == IpProtocol.FRAGMENT && !Ipv6Fragment.isAtomic(line.m, extensions.offset())) {
                fragment = true;
                break;
            }
        }
        int payload = (int) (o + total - extensions.nextOffset());
        if (extensions.isMalformed()) {
            line.hosts();
            if (cut || line.end < o + total) {
                line.truncated("extension header");
            } else {
                line.text("bad extension header");
            }
            line.text(", length ").number(total - Ipv6.HEADER_LENGTH);
        } else if (fragment) {
            long f = extensions.offset();
            line.hosts().text("frag (id ").hex(Ipv6Fragment.identification(line.m, f) & 0xffff_ffffL).text(", ")
                    .number(payload).text("@");
            line.number(Ipv6Fragment.fragmentOffset(line.m, f))
                    .text(Ipv6Fragment.moreFragments(line.m, f) ? "+) " : ") ");
            line.text(protocolName(extensions.nextHeader())).text(", length ").number(payload);
        } else {
            transport(line, extensions.nextHeader(), extensions.nextOffset(), payload, nesting);
        }
        if (extensions.nextOffset() > o + Ipv6.HEADER_LENGTH) {
            IpOptionPrinter.ipv6(line, o);
        }
        cutNote(line, cut, o, total);
    }

    private static void cutNote(PrintLine line, boolean cut, long o, int total) {
        if (cut) {
            line.text(" [truncated: ").number(line.wireEnd - o).text(" of ").number(total).text(" bytes]");
        }
    }

    /** Payload of {@code length} bytes as its headers say; {@code line.end} may come earlier. */
    private void transport(PrintLine line, int protocol, long o, int length, int nesting) {
        switch (protocol) {
            case IpProtocol.TCP -> TcpPrinter.print(line, o, length);
            case IpProtocol.UDP -> udp(line, o, length);
            case IpProtocol.ICMP -> IcmpPrinter.print(line, o, length);
            case IpProtocol.ICMPV6 -> Icmpv6Printer.print(line, o, length);
            case 4, IpProtocol.IPV6 -> {
                line.hosts();
                if (nesting < MAX_NESTING) {
                    ip(line, o, nesting + 1, true);
                }
                return;
            }
            case IpProtocol.NO_NEXT_HEADER -> line.hosts().text("no next header, length ").number(length);
            default -> line.hosts().text(protocolName(protocol)).text(", length ").number(length);
        }
        if (checkSums && o + length <= line.end && !checksumGood(line, protocol, o, length)) {
            line.text(", bad cksum");
        }
    }

    private static boolean checksumGood(PrintLine line, int protocol, long o, int length) {
        return switch (protocol) {
            case IpProtocol.TCP -> length < Tcp.MIN_HEADER_LENGTH
                    || Tcp.isChecksumValid(line.m, o, length, line.sourceHigh, line.sourceLow, line.destinationHigh,
                            line.destinationLow);
            case IpProtocol.UDP -> length < Udp.HEADER_LENGTH
                    || Udp.isChecksumValid(line.m, o, length, line.sourceHigh, line.sourceLow, line.destinationHigh,
                            line.destinationLow);
            case IpProtocol.ICMP -> length < Icmpv4.HEADER_LENGTH || Icmpv4.isChecksumValid(line.m, o, length);
            case IpProtocol.ICMPV6 -> length < Icmpv6.HEADER_LENGTH
                    || Icmpv6.isChecksumValid(line.m, o, length, line.sourceHigh, line.sourceLow, line.destinationHigh,
                            line.destinationLow);
            default -> true;
        };
    }

    private static void udp(PrintLine line, long o, int length) {
        if (length < Udp.HEADER_LENGTH || !line.has(o, Udp.HEADER_LENGTH)) {
            line.hosts().text("UDP, ");
            if (length < Udp.HEADER_LENGTH) {
                line.text("bad length ").number(length);
            } else {
                line.truncated("udp");
            }
            return;
        }
        line.ports(Udp.sourcePort(line.m, o), Udp.destinationPort(line.m, o));
        int udpLength = Udp.length(line.m, o);
        if (udpLength < Udp.HEADER_LENGTH || udpLength > length) {
            line.text("UDP, bad length ").number(udpLength - Udp.HEADER_LENGTH).text(" > ")
                    .number(length - Udp.HEADER_LENGTH);
        } else {
            line.text("UDP, length ").number(udpLength - Udp.HEADER_LENGTH);
        }
    }

    static String protocolName(int protocol) {
        return switch (protocol) {
            case IpProtocol.ICMP -> "icmp";
            case IpProtocol.IGMP -> "igmp";
            case IpProtocol.TCP -> "tcp";
            case IpProtocol.UDP -> "udp";
            case IpProtocol.ESP -> "esp";
            case IpProtocol.ICMPV6 -> "icmp6";
            default -> "ip-proto-" + protocol;
        };
    }
}

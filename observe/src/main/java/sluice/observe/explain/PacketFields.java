package sluice.observe.explain;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.observe.capture.CapturedSegment;
import sluice.wire.Bytes;
import sluice.wire.CaptureReader;
import sluice.wire.Ethernet;
import sluice.wire.IpAddress;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.LinkType;
import sluice.wire.OptionCursor;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;

/** A captured packet field by field: offset in the packet, bits or bytes, value, and what it means. */
public final class PacketFields {
    private static final String[] FLAG_NAMES = {"FIN: no more data", "SYN: opens, and sets the sequence number",
        "RST: ends at once", "PSH: hand it to the program", "ACK: the acknowledgment number counts",
        "URG: the urgent pointer counts", "ECE: congestion was met (RFC 3168)",
        "CWR: the window was reduced (RFC 3168)",
        "AE: accurate ECN (RFC 9768)"};
    private static final String[] ECN_NAMES = {"not ECN-capable", "ECT(1)", "ECT(0)", "congestion experienced"};

    private final List<String> lines = new ArrayList<>();
    private final MemorySegment m;
    private final long start;
    private final int captured;

    private PacketFields(CaptureReader r) {
        m = r.memory();
        start = r.offset();
        captured = r.length();
    }

    /**
     * The packet the reader stands at, a line for each field.
     *
     * @param s as read from it, for the place of its headers
     */
    public static List<String> of(CaptureReader r, CapturedSegment s, CapturedSegment.Kind kind) {
        PacketFields p = new PacketFields(r);
        p.link(r, s);
        if (s.linkBytes >= 0 && p.captured - s.linkBytes >= Ipv4.MIN_HEADER_LENGTH) {
            int ip = s.linkBytes;
            switch (Bytes.u8(p.m, p.start + ip) >> 4) {
                case 4 -> p.ipv4(ip);
                case 6 -> p.ipv6(ip, s);
                default -> p.lines.add("no IP header follows");
            }
            if (kind == CapturedSegment.Kind.TCP && s.transportOffset > 0) {
                p.tcp(ip + s.transportOffset, s);
            } else if (kind == CapturedSegment.Kind.ICMP_ERROR) {
                p.icmp(ip + s.transportOffset, s);
            } else {
                p.lines.add(switch (kind) {
                    case CUT -> "the rest is cut off, or its headers contradict themselves";
                    case FRAGMENT -> "a fragment, of a datagram that is not whole yet";
                    case TCP -> "the last fragment of a datagram: TCP " + flagNames(s.flags) + ", seq "
                            + Integer.toUnsignedString(s.seq) + ", " + s.payload + " bytes of data in all";
                    case ICMP_ERROR, OTHER -> "what it carries is not explained here";
                });
            }
        }
        return p.lines;
    }

    private void heading(String text) {
        lines.add(text);
    }

    private void field(int offset, String name, Object value, String words) {
        lines.add(String.format(Locale.ROOT, "  %5d  %-18s %-18s %s", offset, name, value, words).stripTrailing());
    }

    private long at(int offset) {
        return start + offset;
    }

    private boolean has(int offset, int bytes) {
        return offset + bytes <= captured;
    }

    // --- below IP ---

    private void link(CaptureReader r, CapturedSegment s) {
        heading("frame: " + r.wireLength() + " bytes on the wire, " + captured + " captured"
                + (r.interfaceName() == null ? "" : ", on " + r.interfaceName()) + ", link type " + r.linkType());
        if (r.linkType() == LinkType.ETHERNET && has(0, Ethernet.HEADER_LENGTH)) {
            heading("Ethernet");
            field(0, "destination", Ethernet.formatMac(Ethernet.destination(m, start)), "");
            field(6, "source", Ethernet.formatMac(Ethernet.source(m, start)), "");
            field(12, "type", hex(Ethernet.type(m, start), 4), s.vlan >= 0 ? "VLAN " + s.vlan + " (802.1Q)" : "");
        } else if (s.linkBytes > 0) {
            heading("link header of " + s.linkBytes + " bytes"
                    + (s.vlan >= 0 ? ", VLAN " + s.vlan : "") + ", direction " + s.direction);
        }
    }

    private static String hex(long value, int digits) {
        return String.format(Locale.ROOT, "0x%0" + digits + "x", value);
    }

    // --- IP ---

    private void ipv4(int o) {
        long a = at(o);
        int header = Ipv4.headerLength(m, a);
        heading("IPv4 (RFC 791)");
        field(o, "header length", header, header == 20 ? "bytes, no options" : "bytes, with options");
        field(o + 1, "traffic class", hex(Ipv4.trafficClass(m, a), 2), traffic(Ipv4.trafficClass(m, a)));
        int total = Ipv4.totalLength(m, a);
        field(o + 2, "total length", total,
                total == 0 ? "not set: a super-segment, before the device cut it" : "bytes");
        field(o + 4, "identification", Ipv4.identification(m, a), "");
        field(o + 6, "flags and offset", hex(Ipv4.flagsAndOffset(m, a), 4),
                (Ipv4.dontFragment(m, a) ? "do not fragment" : "may be fragmented")
                        + (Ipv4.isFragment(m, a) ? ", a fragment from byte " + Ipv4.fragmentOffset(m, a)
                                + (Ipv4.moreFragments(m, a) ? ", more follow" : ", the last") : ""));
        field(o + 8, "time to live", Ipv4.ttl(m, a), hops(Ipv4.ttl(m, a)));
        field(o + 9, "protocol", Ipv4.protocol(m, a), protocol(Ipv4.protocol(m, a)));
        field(o + 10, "checksum", hex(Ipv4.headerChecksum(m, a), 4),
                header < 20 || !has(o, header) ? "" : Ipv4.isChecksumValid(m, a) ? "right" : "WRONG");
        field(o + 12, "source", IpAddress.readV4(m, a + 12), "");
        field(o + 16, "destination", IpAddress.readV4(m, a + 16), "");
    }

    private void ipv6(int o, CapturedSegment s) {
        if (!has(o, Ipv6.HEADER_LENGTH)) {
            return;
        }
        long a = at(o);
        heading("IPv6 (RFC 8200)");
        field(o, "traffic class", hex(Ipv6.trafficClass(m, a), 2), traffic(Ipv6.trafficClass(m, a)));
        field(o + 1, "flow label", hex(Ipv6.flowLabel(m, a), 5), "");
        field(o + 4, "payload length", Ipv6.payloadLength(m, a), "bytes, extension headers included");
        field(o + 6, "next header", Ipv6.nextHeader(m, a), protocol(Ipv6.nextHeader(m, a)));
        field(o + 7, "hop limit", Ipv6.hopLimit(m, a), hops(Ipv6.hopLimit(m, a)));
        field(o + 8, "source", IpAddress.readV6(m, a + 8), "");
        field(o + 24, "destination", IpAddress.readV6(m, a + 24), "");
        if (s.transportOffset > Ipv6.HEADER_LENGTH) {
            field(o + Ipv6.HEADER_LENGTH, "extension headers", s.transportOffset - Ipv6.HEADER_LENGTH, "bytes");
        }
    }

    private static String traffic(int trafficClass) {
        return "DSCP " + (trafficClass >> 2) + ", " + ECN_NAMES[trafficClass & 3];
    }

    private static String hops(int ttl) {
        int begun = ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
        return "began at " + begun + " probably: " + Amounts.count(begun - ttl, "hop") + " so far";
    }

    private static String protocol(int number) {
        return switch (number) {
            case 0 -> "hop-by-hop options";
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 43 -> "routing header";
            case 44 -> "fragment header";
            case 58 -> "ICMPv6";
            case 60 -> "destination options";
            default -> "";
        };
    }

    // --- above IP ---

    private void icmp(int o, CapturedSegment s) {
        heading("ICMP error from " + s.icmpSource);
        field(o, "type", s.icmpType, "");
        field(o + 1, "code", s.icmpCode, "");
        if (s.icmpMtu > 0) {
            field(o + 6, "MTU", s.icmpMtu, "the largest packet that passes");
        }
        heading("it quotes " + s.source + " port " + s.sourcePort + " > " + s.destination + " port "
                + s.destinationPort + ", seq " + Integer.toUnsignedString(s.seq));
    }

    private void tcp(int o, CapturedSegment s) {
        if (!has(o, Tcp.MIN_HEADER_LENGTH)) {
            return;
        }
        long a = at(o);
        int header = Tcp.dataOffset(m, a);
        heading("TCP (RFC 9293)");
        field(o, "source port", s.sourcePort, "");
        field(o + 2, "destination port", s.destinationPort, "");
        field(o + 4, "sequence number", Integer.toUnsignedString(s.seq), s.payload == 0 ? "of the next byte"
                : "of the first of " + s.payload + " bytes");
        field(o + 8, "acknowledgment", Integer.toUnsignedString(s.ack),
                s.has(Tcp.ACK) ? "the byte expected next" : "without meaning: no ACK");
        field(o + 12, "header length", header, "bytes, " + (header - Tcp.MIN_HEADER_LENGTH) + " of options");
        field(o + 12, "flags", hex(s.flags, 3), flagNames(s.flags));
        for (int i = 0; i < FLAG_NAMES.length; i++) {
            if (s.has(1 << i)) {
                field(o + 13, "", "", FLAG_NAMES[i]);
            }
        }
        field(o + 14, "window", s.window, s.has(Tcp.SYN) ? "bytes, never scaled in a SYN"
                : "times two to the power of the window scale in the sender's SYN");
        field(o + 16, "checksum", hex(s.checksum, 4), checksum(o, header + s.payload, s));
        field(o + 18, "urgent pointer", Tcp.urgentPointer(m, a), s.has(Tcp.URG) ? "" : "without meaning: no URG");
        options(o, header);
        if (s.payload > 0) {
            field(o + header, "data", s.payload, "bytes");
        }
    }

    private String checksum(int o, int length, CapturedSegment s) {
        return !has(o, length) ? "not verified: the packet is cut off"
                : Tcp.isChecksumValid(m, at(o), length, s.source.high(), s.source.low(), s.destination.high(),
                        s.destination.low()) ? "right"
                                : "wrong, or left to the network device (captured at the sender)";
    }

    static String flagNames(int flags) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < FLAG_NAMES.length; i++) {
            if ((flags & 1 << i) != 0) {
                s.append(s.isEmpty() ? "" : ",").append(FLAG_NAMES[i], 0, FLAG_NAMES[i].indexOf(':'));
            }
        }
        return s.isEmpty() ? "none" : s.toString();
    }

    private void options(int o, int header) {
        if (!has(o, header)) {
            lines.add("         the options are cut off");
            return;
        }
        OptionCursor c = new OptionCursor();
        Tcp.options(c, m, at(o), header);
        while (c.next()) {
            option((int) (c.offset() - start), c);
        }
        if (c.isMalformed()) {
            lines.add("         an option with an illegal length ends the list");
        }
    }

    private void option(int o, OptionCursor c) {
        long a = c.offset();
        int length = c.length();
        switch (c.kind()) {
            case TcpOption.NOP -> field(o, "option", "NOP", "padding");
            case TcpOption.MSS -> field(o, "option", "MSS", length == TcpOption.MSS_LENGTH
                    ? TcpOption.mss(m, a) + " bytes of data in a segment at most" : "of a wrong length");
            case TcpOption.WINDOW_SCALE -> field(o, "option", "window scale", length == TcpOption.WINDOW_SCALE_LENGTH
                    ? "windows count " + (1 << Math.min(14, TcpOption.windowShift(m, a))) + " bytes (RFC 7323)"
                    : "of a wrong length");
            case TcpOption.SACK_PERMITTED ->
                field(o, "option", "SACK permitted", "may be told what arrived (RFC 2018)");
            case TcpOption.TIMESTAMPS -> field(o, "option", "timestamps", length == TcpOption.TIMESTAMPS_LENGTH
                    ? Integer.toUnsignedString(TcpOption.timestampValue(m, a)) + ", echoes "
                            + Integer.toUnsignedString(TcpOption.timestampEcho(m, a)) + " (RFC 7323)"
                    : "of a wrong length");
            case TcpOption.SACK -> {
                for (int i = 0; i < Math.max(0, TcpOption.sackBlocks(length)); i++) {
                    field(o, i == 0 ? "option" : "", "SACK block " + (i + 1),
                            Integer.toUnsignedString(TcpOption.sackLeft(m, a, i)) + " up to "
                                    + Integer.toUnsignedString(TcpOption.sackRight(m, a, i)) + " arrived");
                }
            }
            case TcpOption.FAST_OPEN -> field(o, "option", "Fast Open", length - 2 + " bytes of cookie (RFC 7413)");
            case TcpOption.MD5 -> field(o, "option", "MD5 signature", "(RFC 2385)");
            case TcpOption.AUTHENTICATION -> field(o, "option", "TCP-AO", "signature (RFC 5925)");
            case TcpOption.MULTIPATH -> field(o, "option", "Multipath TCP", "(RFC 8684)");
            default -> field(o, "option", "kind " + c.kind(), length + " bytes");
        }
    }
}

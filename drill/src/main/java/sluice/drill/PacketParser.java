package sluice.drill;

import org.jspecify.annotations.Nullable;
import sluice.drill.PacketSpec.Ip;
import sluice.wire.Tcp;

/** Reads packets. */
final class PacketParser {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int RAW = 255;
    private final TokenReader in;
    private final OptionParser options;

    PacketParser(TokenReader in) {
        this.in = in;
        options = new OptionParser(in);
    }

    Action packet() {
        boolean outbound = in.next().is(">");
        Ip ip = ipInfo();
        Token t = in.peek();
        PacketSpec spec;
        if (t.isWord("udp")) {
            in.next();
            spec = udp(ip);
        } else if (t.isWord("icmp")) {
            in.next();
            spec = icmp(ip);
        } else if (t.isWord("ipv4") || t.isWord("ipv6") || t.isWord("gre") || t.isWord("GREv0") || t.isWord("mpls")
                || t.isWord("encap")) {
            throw new SkipException("packets inside " + t.text() + " headers are not done");
        } else {
            spec = tcp(ip);
        }
        if (!outbound && ip.check() == Ip.Check.ECT01) {
            throw in.wrong("[ect01] is for outbound packets only");
        }
        return new Action.PacketAction(outbound, spec);
    }

    private Ip ipInfo() {
        if (!in.peek().is("[") && !in.peek().is("(")) {
            return Ip.ANY;
        }
        String close = in.next().is("[") ? "]" : ")";
        Ip ip = Ip.ANY;
        do {
            ip = ipPart(ip);
        } while (in.take(","));
        in.expect(close);
        return ip;
    }

    private Ip ipPart(Ip ip) {
        String word = in.word();
        return switch (word) {
            case "noecn" -> new Ip(Ip.Check.ECN, 0, ip.ttl(), ip.flowLabel());
            case "ect1" -> new Ip(Ip.Check.ECN, 1, ip.ttl(), ip.flowLabel());
            case "ect0" -> new Ip(Ip.Check.ECN, 2, ip.ttl(), ip.flowLabel());
            case "ce" -> new Ip(Ip.Check.ECN, 3, ip.ttl(), ip.flowLabel());
            case "ect01" -> new Ip(Ip.Check.ECT01, 0, ip.ttl(), ip.flowLabel());
            case "tos" -> new Ip(Ip.Check.TOS, (int) in.number("a traffic class", 0, 255), ip.ttl(), ip.flowLabel());
            case "ttl" -> new Ip(ip.check(), ip.tos(), (int) in.number("a TTL", 0, 255), ip.flowLabel());
            case "flowlabel" -> new Ip(ip.check(), ip.tos(), ip.ttl(), (int) in.number("a flow label", 0, 0xfffff));
            default ->
                throw in.wrong("ect0, ect1, ect01, ce, noecn, tos, ttl or flowlabel expected, not '" + word + "'");
        };
    }

    private int[] ports() {
        if (in.atNumber() && in.peek(1).is(">")) {
            int source = (int) in.number("a port", 0, 65_535);
            in.expect(">");
            return new int[]{source, (int) in.number("a port", 0, 65_535)};
        }
        return new int[2];
    }

    private PacketSpec udp(Ip ip) {
        int[] ports = ports();
        in.expect("(");
        int length = (int) in.number("a UDP length", 0, 65_535);
        in.expect(")");
        return new PacketSpec.UdpDatagram(ip, ports[0], ports[1], length);
    }

    private PacketSpec tcp(Ip ip) {
        int[] ports = ports();
        String flags = flags();
        int bits = 0;
        boolean ace = false;
        for (int i = 0; i < flags.length(); i++) {
            char c = flags.charAt(i);
            bits |= bit(c);
            ace |= c >= '0' && c <= '7';
        }
        long seq = in.number("a sequence number", 0, 0xffff_ffffL);
        in.expect(":");
        int length = sequenceEnd(seq);
        int ack = in.takeWord("ack") ? (int) in.number("an acknowledgment number", 0, 0xffff_ffffL) : 0;
        int window = in.takeWord("win") ? (int) in.number("a window", 0, 65_535) : -1;
        int urgent = in.takeWord("urg") ? (int) in.number("an urgent pointer", 0, 65_535) : 0;
        return new PacketSpec.TcpSegment(ip, ports[0], ports[1], bits, ace, (int) seq, length, ack, window, urgent,
                options.options());
    }

    private int sequenceEnd(long seq) {
        long end = in.number("a sequence number", 0, 0xffff_ffffL);
        in.expect("(");
        long length = in.number("a length", 0, 65_535);
        in.expect(")");
        if (end != (seq + length & 0xffff_ffffL)) {
            throw in.wrong("sequence numbers " + seq + ":" + end + " and length " + length + " do not agree");
        }
        return (int) length;
    }

    private String flags() {
        if (in.take("-")) {
            return "";
        }
        StringBuilder flags = new StringBuilder();
        if (in.peek().kind() == Token.Kind.WORD) {
            flags.append(in.next().text());
        }
        if (in.take(".")) {
            flags.append('.');
        } else if (in.peek().kind() == Token.Kind.FLOAT && in.peek().text().startsWith(".")) {
            flags.append(in.next().text());
        }
        if (flags.isEmpty()) {
            throw in.error("TCP flags expected, not " + in.peek());
        }
        return flags.toString();
    }

    private int bit(char c) {
        return switch (c) {
            case 'F' -> Tcp.FIN;
            case 'S' -> Tcp.SYN;
            case 'R' -> Tcp.RST;
            case 'P' -> Tcp.PSH;
            case '.' -> Tcp.ACK;
            case 'U' -> Tcp.URG;
            case 'E' -> Tcp.ECE;
            case 'W', 'C' -> Tcp.CWR;
            case 'A' -> Tcp.AE;
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                int ace = c - '0';
                yield ((ace & 4) != 0 ? Tcp.AE : 0) | ((ace & 2) != 0 ? Tcp.CWR : 0) | ((ace & 1) != 0 ? Tcp.ECE : 0);
            }
            default -> throw in.wrong("there is no TCP flag '" + c + "'");
        };
    }

    private PacketSpec icmp(Ip ip) {
        String type = in.word();
        String code = in.peek().kind() == Token.Kind.WORD && !in.peek().isWord("mtu") && !in.peek().isWord("id")
                ? in.word() : "";
        int mtu = in.takeWord("mtu") ? (int) in.number("an MTU", 0, Integer.MAX_VALUE) : -1;
        int id = in.takeWord("id") ? (int) in.number("an identifier", 0, 65_535) : 0;
        if (!in.take("[")) {
            return new PacketSpec.Icmp(ip, type, code, mtu, id, TCP, 0, 0);
        }
        PacketSpec.Icmp result;
        String protocol = quotedProtocol();
        if (protocol == null) {
            long seq = in.number("a sequence number", 0, 0xffff_ffffL);
            in.expect(":");
            result = new PacketSpec.Icmp(ip, type, code, mtu, id, TCP, (int) seq, sequenceEnd(seq));
        } else {
            in.expect("(");
            int length = (int) in.number("a length", 0, 65_535);
            in.expect(")");
            result = new PacketSpec.Icmp(ip, type, code, mtu, id, protocol.equals("udp") ? UDP : RAW, 0, length);
        }
        in.expect("]");
        return result;
    }

    private @Nullable String quotedProtocol() {
        return in.peek().isWord("udp") || in.peek().isWord("raw") ? in.word() : null;
    }
}

package sluice.wire;

/** ICMP messages for {@link PacketPrinter}. */
final class IcmpPrinter {
    private IcmpPrinter() {}

    static void print(PrintLine line, long o, int length) {
        line.hosts().text("ICMP ");
        if (length < Icmpv4.HEADER_LENGTH || !line.has(o, Icmpv4.HEADER_LENGTH)) {
            if (length < Icmpv4.HEADER_LENGTH) {
                line.text("bad length ").number(length);
            } else {
                line.truncated("icmp");
            }
            return;
        }
        int type = Icmpv4.type(line.m, o);
        int code = Icmpv4.code(line.m, o);
        switch (type) {
            case Icmpv4.ECHO -> numbered(line, "echo request", o);
            case Icmpv4.ECHO_REPLY -> numbered(line, "echo reply", o);
            case Icmpv4.DESTINATION_UNREACHABLE -> unreachable(line, o, code);
            case Icmpv4.SOURCE_QUENCH -> line.text("source quench");
            case Icmpv4.REDIRECT -> redirect(line, o, code);
            case Icmpv4.TIME_EXCEEDED -> line.text(code == Icmpv4.CODE_TTL ? "time exceeded in-transit"
                    : code == Icmpv4.CODE_REASSEMBLY ? "ip reassembly time exceeded" : "time exceeded-#" + code);
            case Icmpv4.PARAMETER_PROBLEM -> line.text("parameter problem - octet ").number(Icmpv4.pointer(line.m, o));
            case Icmpv4.TIMESTAMP -> numbered(line, "time stamp query", o);
            case Icmpv4.TIMESTAMP_REPLY -> numbered(line, "time stamp reply", o);
            case Icmpv4.ADDRESS_MASK -> line.text("address mask request");
            case Icmpv4.ADDRESS_MASK_REPLY -> line.text("address mask reply");
            default -> line.text("type-#").number(type).text(" code-#").number(code);
        }
        line.text(", length ").number(length);
    }

    private static void numbered(PrintLine line, String name, long o) {
        line.text(name).text(", id ").number(Icmpv4.identifier(line.m, o)).text(", seq ")
                .number(Icmpv4.sequence(line.m, o));
    }

    private static void unreachable(PrintLine line, long o, int code) {
        long q = o + Icmpv4.HEADER_LENGTH;
        if (!line.has(q, Ipv4.MIN_HEADER_LENGTH) || Ipv4.version(line.m, q) != 4) {
            line.text("unreachable-#").number(code).text(" [bad quote]");
            return;
        }
        int destination = Ipv4.destination(line.m, q);
        int protocol = Ipv4.protocol(line.m, q);
        switch (code) {
            case Icmpv4.CODE_NET -> line.text("net ").v4(destination).text(" unreachable");
            case Icmpv4.CODE_HOST -> line.text("host ").v4(destination).text(" unreachable");
            case Icmpv4.CODE_PROTOCOL -> line.v4(destination).text(" protocol ").number(protocol).text(" unreachable");
            case Icmpv4.CODE_PORT -> {
                long ports = q + Math.max(Ipv4.MIN_HEADER_LENGTH, Ipv4.headerLength(line.m, q));
                line.v4(destination).text(" ").text(PacketPrinter.protocolName(protocol)).text(" port ");
                line.text(line.has(ports, 4) ? Integer.toString(Bytes.u16(line.m, ports + 2)) : "?")
                        .text(" unreachable");
            }
            case Icmpv4.CODE_FRAGMENTATION_NEEDED -> {
                line.v4(destination).text(" unreachable - need to frag");
                int mtu = Icmpv4.nextHopMtu(line.m, o);
                if (mtu != 0) {
                    line.text(" (mtu ").number(mtu).text(")");
                }
            }
            case Icmpv4.CODE_SOURCE_ROUTE_FAILED -> line.v4(destination).text(" unreachable - source route failed");
            case 9, 10, Icmpv4.CODE_PROHIBITED ->
                line.text("host ").v4(destination).text(" unreachable - admin prohibited");
            default -> line.v4(destination).text(" unreachable - #").number(code);
        }
    }

    private static void redirect(PrintLine line, long o, int code) {
        long q = o + Icmpv4.HEADER_LENGTH;
        line.text("redirect ");
        if (line.has(q, Ipv4.MIN_HEADER_LENGTH)) {
            line.v4(Ipv4.destination(line.m, q)).text(" ");
        }
        line.text(code == 0 || code == 2 ? "to net " : "to host ").v4(Icmpv4.gateway(line.m, o));
    }
}

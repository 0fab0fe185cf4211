package sluice.wire;

/** ICMPv6 messages for {@link PacketPrinter}. */
final class Icmpv6Printer {
    private Icmpv6Printer() {}

    static void print(PrintLine line, long o, int length) {
        line.hosts().text("ICMP6, ");
        if (length < Icmpv6.HEADER_LENGTH || !line.has(o, Icmpv6.HEADER_LENGTH)) {
            if (length < Icmpv6.HEADER_LENGTH) {
                line.text("bad length ").number(length);
            } else {
                line.truncated("icmp6");
            }
            return;
        }
        int type = Icmpv6.type(line.m, o);
        int code = Icmpv6.code(line.m, o);
        switch (type) {
            case Icmpv6.ECHO_REQUEST -> echo(line, "echo request", o);
            case Icmpv6.ECHO_REPLY -> echo(line, "echo reply", o);
            case Icmpv6.DESTINATION_UNREACHABLE -> unreachable(line, o, code);
            case Icmpv6.PACKET_TOO_BIG -> line.text("packet too big, mtu ").number(Icmpv6.mtu(line.m, o));
            case Icmpv6.TIME_EXCEEDED -> {
                line.text(code == Icmpv6.CODE_HOP_LIMIT ? "time exceeded in-transit"
                        : code == Icmpv6.CODE_REASSEMBLY ? "ip reassembly time exceeded"
                                : "time exceeded, unknown code " + code);
                quotedDestination(line, " for ", o);
            }
            case Icmpv6.PARAMETER_PROBLEM -> line.text(switch (code) {
                case Icmpv6.CODE_HEADER_FIELD -> "parameter problem, erroneous - octet ";
                case Icmpv6.CODE_NEXT_HEADER -> "parameter problem, next header - octet ";
                case Icmpv6.CODE_OPTION -> "parameter problem, option - octet ";
                default -> "parameter problem, code-#" + code + " - octet ";
            }).number(Icmpv6.pointer(line.m, o));
            case Icmpv6.MLD_QUERY -> line.text("multicast listener query");
            case Icmpv6.MLD_REPORT -> line.text("multicast listener report");
            case Icmpv6.MLD_DONE -> line.text("multicast listener done");
            case Icmpv6.MLDV2_REPORT -> line.text("multicast listener report v2, ")
                    .number(Icmpv6.rest(line.m, o) & 0xffff).text(" group record(s)");
            case Icmpv6.ROUTER_SOLICITATION, Icmpv6.ROUTER_ADVERTISEMENT, Icmpv6.NEIGHBOR_SOLICITATION,
                    Icmpv6.NEIGHBOR_ADVERTISEMENT,
                    Icmpv6.REDIRECT ->
                discovery(line, o, length, type);
            default -> line.text("type-#").number(type).text(", code-#").number(code);
        }
        line.text(", length ").number(length);
    }

    private static void echo(PrintLine line, String name, long o) {
        line.text(name).text(", id ").number(Icmpv6.identifier(line.m, o)).text(", seq ")
                .number(Icmpv6.sequence(line.m, o));
    }

    private static void quotedDestination(PrintLine line, String before, long o) {
        long q = o + Icmpv6.HEADER_LENGTH;
        if (line.has(q, Ipv6.HEADER_LENGTH) && Ipv6.version(line.m, q) == 6) {
            line.text(before).address(Ipv6.destinationHigh(line.m, q), Ipv6.destinationLow(line.m, q));
        } else {
            line.text(" [bad quote]");
        }
    }

    private static void unreachable(PrintLine line, long o, int code) {
        line.text("destination unreachable, ");
        switch (code) {
            case Icmpv6.CODE_NO_ROUTE -> quotedDestination(line, "unreachable route ", o);
            case Icmpv6.CODE_PROHIBITED -> quotedDestination(line, "unreachable prohibited ", o);
            case Icmpv6.CODE_BEYOND_SCOPE -> quotedDestination(line, "beyond scope ", o);
            case Icmpv6.CODE_ADDRESS -> quotedDestination(line, "unreachable address ", o);
            case Icmpv6.CODE_PORT -> {
                quotedDestination(line, "unreachable port, ", o);
                quotedPort(line, o + Icmpv6.HEADER_LENGTH);
            }
            default -> quotedDestination(line, "code-#" + code + " ", o);
        }
    }

    private static void quotedPort(PrintLine line, long quoted) {
        if (!line.has(quoted, Ipv6.HEADER_LENGTH)) {
            return;
        }
        Ipv6Extensions extensions = new Ipv6Extensions();
        extensions.reset(line.m, quoted, line.end);
        while (extensions.next()) {
            // only what follows the last one matters
        }
        if (!extensions.isMalformed() && !extensions.isMiddleOfDatagram() && line.has(extensions.nextOffset(), 4)) {
            line.text(" ").text(PacketPrinter.protocolName(extensions.nextHeader())).text(" port ")
                    .number(Bytes.u16(line.m, extensions.nextOffset() + 2));
        }
    }

    private static void discovery(PrintLine line, long o, int length, int type) {
        int fixed = Ndp.fixedLength(type);
        line.text(switch (type) {
            case Icmpv6.ROUTER_SOLICITATION -> "router solicitation";
            case Icmpv6.ROUTER_ADVERTISEMENT -> "router advertisement";
            case Icmpv6.NEIGHBOR_SOLICITATION -> "neighbor solicitation";
            case Icmpv6.NEIGHBOR_ADVERTISEMENT -> "neighbor advertisement";
            default -> "redirect";
        });
        if (length < fixed || !line.has(o, fixed)) {
            line.text(length < fixed ? ", bad length" : " [truncated]");
            return;
        }
        switch (type) {
            case Icmpv6.NEIGHBOR_SOLICITATION ->
                line.text(", who has ").address(Ndp.targetHigh(line.m, o), Ndp.targetLow(line.m, o));
            case Icmpv6.NEIGHBOR_ADVERTISEMENT ->
                line.text(", tgt is ").address(Ndp.targetHigh(line.m, o), Ndp.targetLow(line.m, o));
            case Icmpv6.REDIRECT -> line.text(", ")
                    .address(Ndp.redirectDestinationHigh(line.m, o), Ndp.redirectDestinationLow(line.m, o)).text(" to ")
                    .address(Ndp.targetHigh(line.m, o), Ndp.targetLow(line.m, o));
            default -> {
                // nothing worth a word
            }
        }
        options(line, o + fixed, (int) Math.min(length, line.end - o) - fixed);
    }

    private static void options(PrintLine line, long o, int length) {
        OptionCursor cursor = line.cursor;
        cursor.reset(OptionCursor.Form.NDP, line.m, o, length);
        while (cursor.next()) {
            switch (cursor.kind()) {
                case Ndp.OPTION_SOURCE_LINK_ADDRESS, Ndp.OPTION_TARGET_LINK_ADDRESS -> {
                    line.text(cursor.kind() == Ndp.OPTION_SOURCE_LINK_ADDRESS ? ", source link-address "
                            : ", target link-address ");
                    Ethernet.appendMac(line.out, Ndp.optionLinkAddress(line.m, cursor.offset()));
                }
                case Ndp.OPTION_MTU -> line.text(", mtu ").number(Ndp.optionMtu(line.m, cursor.offset()));
                case Ndp.OPTION_PREFIX -> {
                    if (cursor.length() == Ndp.PREFIX_OPTION_LENGTH) {
                        long at = cursor.offset();
                        line.text(", prefix ")
                                .address(Ndp.optionPrefixHigh(line.m, at), Ndp.optionPrefixLow(line.m, at)).text("/")
                                .number(Ndp.optionPrefixLength(line.m, at));
                    }
                }
                default -> {
                    // left out, as tcpdump does without -v
                }
            }
        }
        if (cursor.isMalformed()) {
            line.text(", bad opt-").number(cursor.kind());
        }
    }
}

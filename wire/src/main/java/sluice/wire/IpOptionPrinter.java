package sluice.wire;

/** The options of IPv4 headers and the extension headers of IPv6, as a tail of the printed line. */
final class IpOptionPrinter {
    private IpOptionPrinter() {}

    static void ipv4(PrintLine line, long o, int headerLength) {
        line.text(", ip options [");
        if (!line.has(o, headerLength)) {
            line.truncated("options");
            line.text("]");
            return;
        }
        OptionCursor cursor = line.cursor;
        cursor.reset(OptionCursor.Form.IPV4, line.m, o + Ipv4.MIN_HEADER_LENGTH, headerLength - Ipv4.MIN_HEADER_LENGTH);
        String separator = "";
        while (cursor.next()) {
            line.text(separator);
            separator = ",";
            switch (cursor.kind()) {
                case Ipv4Option.NOP -> line.text("nop");
                case Ipv4Option.RECORD_ROUTE -> route(line, "RR", cursor);
                case Ipv4Option.LOOSE_SOURCE_ROUTE -> route(line, "LSRR", cursor);
                case Ipv4Option.STRICT_SOURCE_ROUTE -> route(line, "SSRR", cursor);
                case Ipv4Option.TIMESTAMP -> line.text("TS");
                case Ipv4Option.ROUTER_ALERT -> line.text("RA");
                case Ipv4Option.SECURITY -> line.text("SEC");
                default -> line.text("unknown-").number(cursor.kind());
            }
        }
        if (cursor.isMalformed()) {
            line.text(separator).text("bad opt-").number(cursor.kind());
        } else if (cursor.isAtEndOfList()) {
            line.text(separator).text("eol");
        }
        line.text("]");
    }

    private static void route(PrintLine line, String name, OptionCursor cursor) {
        line.text(name);
        int pointer = Ipv4Option.pointer(line.m, cursor.offset(), cursor.length());
        for (int i = 0; i < Ipv4Option.routeSlots(cursor.length()); i++) {
            line.text(pointer == 4 + 4 * i ? " ^" : " ").v4(Ipv4Option.routeAddress(line.m, cursor.offset(), i));
        }
    }

    static void ipv6(PrintLine line, long o) {
        Ipv6Extensions extensions = new Ipv6Extensions();
        extensions.reset(line.m, o, line.end);
        line.text(", ext [");
        String separator = "";
        while (extensions.next()) {
            line.text(separator).text(switch (extensions.type()) {
                case IpProtocol.HOP_BY_HOP -> "hbh";
                case IpProtocol.ROUTING -> "rt type " + Bytes.u8(line.m, extensions.offset() + 2);
                case IpProtocol.FRAGMENT -> "frag";
                case IpProtocol.AUTHENTICATION -> "ah";
                case IpProtocol.DESTINATION_OPTIONS -> "dstopt";
                default -> "mobility";
            });
            separator = ",";
        }
        line.text("]");
    }
}

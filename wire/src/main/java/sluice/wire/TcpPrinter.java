package sluice.wire;

/** TCP segments for {@link PacketPrinter}. */
final class TcpPrinter {
    private static final String FLAG_LETTERS = "FSRP.UEWe";
    private static final int MAX_DATA_SHOWN = 16;

    private TcpPrinter() {}

    static void print(PrintLine line, long o, int length) {
        if (length < Tcp.MIN_HEADER_LENGTH || !line.has(o, Tcp.MIN_HEADER_LENGTH)) {
            line.hosts().text("tcp ");
            if (length < Tcp.MIN_HEADER_LENGTH) {
                line.text("bad length ").number(length);
            } else {
                line.truncated("tcp");
            }
            return;
        }
        int sourcePort = Tcp.sourcePort(line.m, o);
        int destinationPort = Tcp.destinationPort(line.m, o);
        line.ports(sourcePort, destinationPort);
        int headerLength = Tcp.dataOffset(line.m, o);
        int flags = Tcp.flags(line.m, o);
        flags(line, flags);
        if (headerLength < Tcp.MIN_HEADER_LENGTH || headerLength > length) {
            line.text(", bad hdr length ").number(headerLength).text(", length ").number(length);
            return;
        }
        int seqBase = 0;
        int ackBase = 0;
        FlowTable flows = line.flows;
        if (flows != null) {
            flows.see(line.sourceHigh, line.sourceLow, sourcePort, line.destinationHigh, line.destinationLow,
                    destinationPort, flags, Tcp.seq(line.m, o),
                    Tcp.ack(line.m, o));
            seqBase = flows.seqBase();
            ackBase = flows.ackBase();
        }
        int data = length - headerLength;
        if (data > 0 || (flags & (Tcp.SYN | Tcp.FIN | Tcp.RST)) != 0) {
            int seq = Tcp.seq(line.m, o) - seqBase;
            line.text(", seq ").number(unsigned(seq));
            if (data > 0) {
                line.text(":").number(unsigned(seq + data));
            }
        }
        if ((flags & Tcp.ACK) != 0) {
            line.text(", ack ").number(unsigned(Tcp.ack(line.m, o) - ackBase));
        }
        line.text(", win ").number(Tcp.window(line.m, o));
        if ((flags & Tcp.URG) != 0) {
            line.text(", urg ").number(Tcp.urgentPointer(line.m, o));
        }
        if (headerLength > Tcp.MIN_HEADER_LENGTH) {
            options(line, o, headerLength, ackBase);
        }
        line.text(", length ").number(data);
    }

    private static long unsigned(int n) {
        return n & 0xffff_ffffL;
    }

    private static void flags(PrintLine line, int flags) {
        line.text("Flags [");
        for (int i = 0; i < FLAG_LETTERS.length(); i++) {
            if ((flags & 1 << i) != 0) {
                line.out.append(FLAG_LETTERS.charAt(i));
            }
        }
        line.text(flags == 0 ? "none]" : "]");
    }

    private static void options(PrintLine line, long o, int headerLength, int ackBase) {
        line.text(", options [");
        boolean whole = line.has(o, headerLength);
        int listed = (int) Math.min(headerLength, line.end - o) - Tcp.MIN_HEADER_LENGTH;
        OptionCursor cursor = line.cursor;
        cursor.reset(OptionCursor.Form.TCP, line.m, o + Tcp.MIN_HEADER_LENGTH, listed);
        String separator = "";
        while (cursor.next()) {
            line.text(separator);
            separator = ",";
            option(line, cursor, ackBase);
        }
        if (!whole) {
            line.text(separator);
            line.truncated("options");
        } else if (cursor.isMalformed()) {
            line.text(separator).text("bad opt-").number(cursor.kind());
        } else if (cursor.isAtEndOfList()) {
            line.text(separator).text("eol");
        }
        line.text("]");
    }

    private static void option(PrintLine line, OptionCursor cursor, int ackBase) {
        long o = cursor.offset();
        int length = cursor.length();
        boolean known = switch (cursor.kind()) {
            case TcpOption.NOP -> say(line, "nop");
            case TcpOption.MSS -> length == TcpOption.MSS_LENGTH && say(line, "mss " + TcpOption.mss(line.m, o));
            case TcpOption.WINDOW_SCALE ->
                length == TcpOption.WINDOW_SCALE_LENGTH && say(line, "wscale " + TcpOption.windowShift(line.m, o));
            case TcpOption.SACK_PERMITTED -> length == TcpOption.SACK_PERMITTED_LENGTH && say(line, "sackOK");
            case TcpOption.SACK -> sack(line, o, TcpOption.sackBlocks(length), ackBase);
            case TcpOption.TIMESTAMPS -> length == TcpOption.TIMESTAMPS_LENGTH && say(line,
                    "TS val " + unsigned(TcpOption.timestampValue(line.m, o)) + " ecr "
                            + unsigned(TcpOption.timestampEcho(line.m, o)));
            case TcpOption.FAST_OPEN -> data(line, length == 2 ? "tfo  cookiereq" : "tfo  cookie ", cursor);
            case TcpOption.USER_TIMEOUT ->
                length == 4 && say(line, "uto " + TcpOption.userTimeoutSeconds(line.m, o) + "s");
            case TcpOption.MD5 -> data(line, "md5 ", cursor);
            case TcpOption.AUTHENTICATION -> data(line, "tcp-ao ", cursor);
            case TcpOption.MULTIPATH -> data(line, "mptcp ", cursor);
            case TcpOption.ACC_ECN_0 -> accurateEcn(line, cursor, "e0b", "e1b");
            case TcpOption.ACC_ECN_1 -> accurateEcn(line, cursor, "e1b", "e0b");
            case TcpOption.EXPERIMENT_1, TcpOption.EXPERIMENT_2 -> data(line, "exp-", cursor);
            default -> data(line, "unknown-" + cursor.kind() + (length > 2 ? " 0x" : ""), cursor);
        };
        if (!known) {
            line.text("bad opt-").number(cursor.kind()).text(" len ").number(length);
        }
    }

    private static boolean say(PrintLine line, String text) {
        line.text(text);
        return true;
    }

    private static boolean data(PrintLine line, String name, OptionCursor cursor) {
        line.text(name).bytes(cursor.dataOffset(), Math.min(MAX_DATA_SHOWN, cursor.dataLength()));
        if (cursor.dataLength() > MAX_DATA_SHOWN) {
            line.text("…");
        }
        return true;
    }

    /** Up to three 24-bit counters of bytes: RFC 9768 section 3.2.3. */
    private static boolean accurateEcn(PrintLine line, OptionCursor cursor, String first, String third) {
        String[] names = {first, "ceb", third};
        int fields = cursor.dataLength() / 3;
        if (fields > names.length || cursor.dataLength() % 3 != 0) {
            return false;
        }
        line.text("accecn");
        for (int i = 0; i < fields; i++) {
            long at = cursor.dataOffset() + 3L * i;
            line.text(" ").text(names[i]).text(" ").number(Bytes.u8(line.m, at) << 16 | Bytes.u16(line.m, at + 1));
        }
        return true;
    }

    private static boolean sack(PrintLine line, long o, int blocks, int ackBase) {
        if (blocks < 0) {
            return false;
        }
        line.text("sack ").number(blocks).text(" ");
        for (int i = 0; i < blocks; i++) {
            line.text("{").number(unsigned(TcpOption.sackLeft(line.m, o, i) - ackBase)).text(":");
            line.number(unsigned(TcpOption.sackRight(line.m, o, i) - ackBase)).text("}");
        }
        return true;
    }
}

package sluice.drill;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.drill.PacketSpec.Option;
import sluice.wire.TcpOption;

/** Packets in the script's own language. */
final class PacketText {
    private static final String FLAGS = "FSRP.UEWA";
    private static final int[] ORDER = {1, 0, 2, 3, 4, 5, 6, 7, 8};

    private PacketText() {}

    static String of(PacketSpec p) {
        return switch (p) {
            case PacketSpec.TcpSegment t -> tcp(t);
            case PacketSpec.UdpDatagram u -> ip(u.ip()) + "udp "
                    + (u.sourcePort() == 0 ? "" : u.sourcePort() + " > " + u.destinationPort() + " ") + "("
                    + u.length() + ")";
            case PacketSpec.Icmp i -> ip(i.ip()) + "icmp " + i.type() + (i.code().isEmpty() ? "" : " " + i.code())
                    + (i.mtu() < 0 ? "" : " mtu " + i.mtu()) + (i.id() == 0 ? "" : " id " + i.id())
                    + (i.quoted() == Seen.TCP
                            ? " [" + Integer.toUnsignedString(i.quotedSeq()) + ":"
                                    + Integer.toUnsignedString(i.quotedSeq() + i.quotedLength()) + "("
                                    + i.quotedLength() + ")]"
                            : "");
        };
    }

    private static String ip(PacketSpec.Ip ip) {
        List<String> parts = new ArrayList<>();
        switch (ip.check()) {
            case ECN -> parts.add(new String[]{"noecn", "ect1", "ect0", "ce"}[ip.tos() & 3]);
            case ECT01 -> parts.add("ect01");
            case TOS -> parts.add(String.format("tos 0x%02x", ip.tos()));
            case NONE -> {
                // nothing was said
            }
        }
        if (ip.ttl() > 0) {
            parts.add("ttl " + ip.ttl());
        }
        if (ip.flowLabel() >= 0) {
            parts.add("flowlabel " + ip.flowLabel());
        }
        return parts.isEmpty() ? "" : "[" + String.join(", ", parts) + "] ";
    }

    private static String tcp(PacketSpec.TcpSegment t) {
        StringBuilder s = new StringBuilder(ip(t.ip()));
        s.append(flags(t.flags(), t.ace())).append(' ');
        s.append(Integer.toUnsignedString(t.seq())).append(':').append(Integer.toUnsignedString(t.seq() + t.length()))
                .append('(').append(t.length())
                .append(')');
        if (t.has(0x10)) {
            s.append(" ack ").append(Integer.toUnsignedString(t.ack()));
        }
        if (t.window() >= 0) {
            s.append(" win ").append(t.window());
        }
        if (t.urgent() != 0) {
            s.append(" urg ").append(t.urgent());
        }
        return s.append(options(t.options())).toString();
    }

    private static String flags(int flags, boolean ace) {
        StringBuilder s = new StringBuilder();
        for (int bit : ORDER) {
            if ((flags & 1 << bit) != 0 && !(ace && bit > 5)) {
                s.append(FLAGS.charAt(bit));
            }
        }
        if (ace) {
            s.append((flags & 0x100) >> 6 | (flags & 0x80) >> 6 | (flags & 0x40) >> 6);
        }
        return s.isEmpty() ? "-" : s.toString();
    }

    private static String options(@Nullable List<Option> options) {
        if (options == null) {
            return " <...>";
        }
        return options.isEmpty() ? ""
                : " <" + String.join(",", options.stream().map(PacketText::option).toList()) + ">";
    }

    static String option(Option o) {
        ByteBuffer b = ByteBuffer.wrap(o.body());
        return switch (o.kind()) {
            case TcpOption.END -> "eol";
            case TcpOption.NOP -> "nop";
            case TcpOption.MSS -> b.remaining() == 2 ? "mss " + (b.getShort() & 0xffff) : "mss?";
            case TcpOption.WINDOW_SCALE -> b.remaining() == 1 ? "wscale " + (b.get() & 0xff) : "wscale?";
            case TcpOption.SACK_PERMITTED -> "sackOK";
            case TcpOption.SACK -> sack(b);
            case TcpOption.TIMESTAMPS -> b.remaining() == 8
                    ? "TS val " + Integer.toUnsignedString(b.getInt()) + " ecr " + Integer.toUnsignedString(b.getInt())
                    : "TS?";
            case TcpOption.AUTHENTICATION ->
                "ao " + (o.body().length < 2 ? "?" : (o.body()[0] & 0xff) + " " + (o.body()[1] & 0xff))
                        + (o.signature() == null ? "" : " signed");
            case TcpOption.MD5 -> o.signature() != null ? "md5 signed" : "md5 " + HexFormat.of().formatHex(o.body());
            case TcpOption.FAST_OPEN -> ("FO " + HexFormat.of().formatHex(o.body())).strip();
            case TcpOption.EXPERIMENT_2 ->
                ("FOEXP " + HexFormat.of().formatHex(o.body(), Math.min(2, o.body().length), o.body().length)).strip();
            case TcpOption.ACC_ECN_0, TcpOption.ACC_ECN_1 -> "ECN " + HexFormat.of().formatHex(o.body());
            default -> "option-" + o.kind() + " " + HexFormat.of().formatHex(o.body());
        };
    }

    private static String sack(ByteBuffer b) {
        StringBuilder s = new StringBuilder("sack");
        while (b.remaining() >= 8) {
            s.append(' ').append(Integer.toUnsignedString(b.getInt())).append(':')
                    .append(Integer.toUnsignedString(b.getInt()));
        }
        return s.toString();
    }
}

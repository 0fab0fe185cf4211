package sluice.drill;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.drill.PacketSpec.Option;
import sluice.wire.TcpOption;

/** Reads TCP options. */
final class OptionParser {
    private static final int MAX_BYTES = 40;
    private static final long U32 = 0xffff_ffffL;
    private final TokenReader in;

    OptionParser(TokenReader in) {
        this.in = in;
    }

    /** The options, none when there are no brackets, null for "<...>". */
    @Nullable List<Option> options() {
        List<Option> list = new ArrayList<>();
        if (!in.peek().is("<") || !startsList()) {
            return list;
        }
        in.next();
        if (in.peek().kind() == Token.Kind.ELLIPSIS) {
            in.next();
            in.expect(">");
            return null;
        }
        do {
            list.add(option());
        } while (in.take(","));
        in.expect(">");
        int bytes = 0;
        for (Option o : list) {
            bytes += o.kind() <= TcpOption.NOP ? 1 : 2 + o.body().length;
        }
        if (bytes > MAX_BYTES) {
            throw in.wrong("the options take " + bytes + " bytes, and " + MAX_BYTES + " are the most");
        }
        return list;
    }

    /** A "<" that begins options, not the next packet: times never follow a bracket. */
    private boolean startsList() {
        return in.peek(1).kind() == Token.Kind.WORD || in.peek(1).kind() == Token.Kind.ELLIPSIS;
    }

    private Option option() {
        String word = in.word();
        return switch (word) {
            case "eol" -> new Option(TcpOption.END, new byte[0]);
            case "nop" -> new Option(TcpOption.NOP, new byte[0]);
            case "mss" -> new Option(TcpOption.MSS, bytes(2, in.number("an MSS", 0, 65_535)));
            case "wscale" -> new Option(TcpOption.WINDOW_SCALE, bytes(1, in.number("a shift", 0, 255)));
            case "sackOK" -> new Option(TcpOption.SACK_PERMITTED, new byte[0]);
            case "sack" -> new Option(TcpOption.SACK, blocks());
            case "TS" -> timestamps();
            case "md5" -> in.peek().kind() == Token.Kind.STRING
                    ? new Option(TcpOption.MD5, new byte[16], Signature.md5(in.next().text()))
                    : new Option(TcpOption.MD5, hex());
            case "ao" -> authentication();
            case "FO" -> new Option(TcpOption.FAST_OPEN, hex());
            case "FOEXP" -> new Option(TcpOption.EXPERIMENT_2, experiment(hex()));
            case "ECN" -> accurateEcn();
            default -> throw in.wrong("there is no TCP option '" + word + "'");
        };
    }

    private static byte[] bytes(int count, long value) {
        byte[] b = new byte[count];
        for (int i = 0; i < count; i++) {
            b[i] = (byte) (value >> 8 * (count - 1 - i));
        }
        return b;
    }

    private byte[] blocks() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (in.atNumber()) {
            out.writeBytes(bytes(4, in.number("a sequence number", 0, U32)));
            in.expect(":");
            out.writeBytes(bytes(4, in.number("a sequence number", 0, U32)));
        }
        if (out.size() == 0) {
            throw in.error("a SACK block expected, not " + in.peek());
        }
        return out.toByteArray();
    }

    private Option timestamps() {
        if (!in.takeWord("val")) {
            throw in.error("'val' expected, not " + in.peek());
        }
        long value = in.number("a timestamp", 0, U32);
        if (!in.takeWord("ecr")) {
            throw in.error("'ecr' expected, not " + in.peek());
        }
        long echo = in.number("a timestamp", 0, U32);
        return new Option(TcpOption.TIMESTAMPS, ByteBuffer.allocate(8).putInt((int) value).putInt((int) echo).array());
    }

    private byte[] hex() {
        Token.Kind kind = in.peek().kind();
        if (kind != Token.Kind.WORD && kind != Token.Kind.INTEGER) {
            return new byte[0];
        }
        String digits = in.peek().text();
        try {
            byte[] value = HexFormat.of().parseHex(digits);
            in.next();
            return value;
        } catch (IllegalArgumentException e) {
            throw new ScriptException(in.peek().line(), "'" + digits + "' is not a string of hexadecimal bytes");
        }
    }

    private Option authentication() {
        int keyId = (int) in.number("a KeyID", 0, 255);
        int next = (int) in.number("an RNextKeyID", 0, 255);
        if (in.peek().kind() != Token.Kind.STRING) {
            throw in.error("a key in quotes expected, not " + in.peek());
        }
        byte[] key = in.next().text().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String algorithm = in.takeWord("aes") ? "AES" : in.takeWord("sha256") ? "HmacSHA256" : "HmacSHA1";
        in.takeWord("sha1");
        int length = in.takeWord("maclen") ? (int) in.number("bytes of the MAC", 1, 20) : 12;
        byte[] body = new byte[2 + length];
        body[0] = (byte) keyId;
        body[1] = (byte) next;
        return new Option(TcpOption.AUTHENTICATION, body, new Signature(algorithm, key, length, in.takeWord("noopts")));
    }

    private static byte[] experiment(byte[] cookie) {
        byte[] body = new byte[cookie.length + 2];
        body[0] = (byte) (TcpOption.EXPERIMENT_FAST_OPEN >> 8);
        body[1] = (byte) TcpOption.EXPERIMENT_FAST_OPEN;
        System.arraycopy(cookie, 0, body, 2, cookie.length);
        return body;
    }

    private Option accurateEcn() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int kind = 0;
        while (in.peek().isWord("e0b") || in.peek().isWord("e1b") || in.peek().isWord("ceb")) {
            String field = in.word();
            if (kind == 0) {
                kind = field.equals("e0b") ? TcpOption.ACC_ECN_0 : TcpOption.ACC_ECN_1;
            }
            out.writeBytes(bytes(3, in.number("a count of bytes", 0, 0xff_ffff)));
        }
        return new Option(kind == 0 ? TcpOption.ACC_ECN_0 : kind, out.toByteArray());
    }
}

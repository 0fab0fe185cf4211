package sluice.core.tcp;

import static sluice.core.TestPackets.cat;
import static sluice.core.TestPackets.checksummed;
import static sluice.core.TestPackets.ipv4;
import static sluice.core.TestPackets.ipv6;
import static sluice.core.TestPackets.set16;
import static sluice.core.TestPackets.slice;
import static sluice.core.TestPackets.sum;
import static sluice.core.TestPackets.u16;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A TCP segment in the words of a test: {@code "SA 0(0) ack 1 win 64240 urg 5 <mss 1460, sackOK, ts 7/9, wscale 7, sack
 * 5-9 20-30, ecn1 1 0 1, raw 1e02>"}.
 *
 * <p>Flags are of F S R P A U E C N (N is AE, once NS; a digit 0…7 is the ACE field of accurate ECN), in that order or
 * any other. Sequence and acknowledgment numbers count from the initial ones of each side, so the first byte is 1. In a
 * segment to send, what is not said is filled in by the conversation; in one to be received, what is not said is not
 * checked ({@code -} says "without options").
 */
final class Seg {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int URG = 32;
    static final int ECE = 64;
    static final int CWR = 128;
    static final int AE = 256;
    private static final String LETTERS = "FSRPAUECN";

    int flags;
    Long seq;
    int length = -1;
    Long ack;
    int win = -1;
    int urg = -1;
    int mss = -1;
    int wscale = -1;
    boolean sackOk;
    boolean hasTs;
    boolean noTs;
    Integer tsVal;
    Integer tsEcr;
    boolean noOptions;
    List<long[]> sack = new ArrayList<>();
    /** Fast Open: "fo", "foexp" or these and the cookie in hexadecimal digits; "nofo" for none. */
    String fo;
    /** Fields of the accurate ECN option; null when it is not said, or absent. */
    List<Integer> ecn;
    /** Whether they begin with ECT(1). */
    boolean ecnOrder1;
    /** There must be no accurate ECN option. */
    boolean noEcn;
    byte[] raw = new byte[0];
    /** Seconds of the user-timeout option; -1 for none. */
    int uto = -1;
    /** Kind of the option that signs it; 0 for none. */
    int signed;
    int ttl = -1;
    int tos = -1;

    /** Reads the words. */
    static Seg parse(String text) {
        Seg s = new Seg();
        String t = text.strip();
        int open = t.indexOf('<');
        String head = open < 0 ? t : t.substring(0, open);
        String[] w = head.strip().split("\\s+");
        for (char c : w[0].toCharArray()) {
            if (c >= '0' && c <= '7') {
                s.flags |= c - '0' << 6;
                continue;
            }
            int bit = LETTERS.indexOf(c);
            if (bit < 0 && c != '-') {
                throw new IllegalArgumentException("flag " + c + " in " + text);
            }
            s.flags |= bit < 0 ? 0 : 1 << bit;
        }
        for (int i = 1; i < w.length; i++) {
            switch (w[i]) {
                case "ack" -> s.ack = Long.parseLong(w[++i]);
                case "win" -> s.win = Integer.parseInt(w[++i]);
                case "urg" -> s.urg = Integer.parseInt(w[++i]);
                case "ttl" -> s.ttl = Integer.parseInt(w[++i]);
                case "tos" -> s.tos = Integer.parseInt(w[++i]);
                case "-" -> s.noOptions = true;
                default -> {
                    int p = w[i].indexOf('(');
                    if (p < 0) {
                        throw new IllegalArgumentException(w[i] + " in " + text);
                    }
                    if (p > 0) {
                        s.seq = Long.parseLong(w[i].substring(0, p));
                    }
                    s.length = Integer.parseInt(w[i].substring(p + 1, w[i].indexOf(')')));
                }
            }
        }
        if (open >= 0) {
            for (String option : t.substring(open + 1, t.indexOf('>')).split(",")) {
                s.option(option.strip());
            }
        }
        return s;
    }

    private void option(String o) {
        String[] w = o.split("\\s+");
        switch (w[0]) {
            case "mss" -> mss = Integer.parseInt(w[1]);
            case "wscale" -> wscale = Integer.parseInt(w[1]);
            case "sackOK" -> sackOk = true;
            case "nots" -> noTs = true;
            case "uto" -> uto = Integer.parseInt(w[1]);
            case "ts" -> {
                hasTs = true;
                if (w.length > 1) {
                    int slash = w[1].indexOf('/');
                    tsVal = Integer.parseInt(w[1].substring(0, slash));
                    tsEcr = Integer.parseInt(w[1].substring(slash + 1));
                }
            }
            case "sack" -> {
                for (int i = 1; i < w.length; i++) {
                    int dash = w[i].indexOf('-', 1);
                    sack.add(new long[]{Long.parseLong(w[i].substring(0, dash)),
                        Long.parseLong(w[i].substring(dash + 1))});
                }
            }
            case "fo", "foexp", "nofo" -> fo = o.replaceAll("\\s+", " ");
            case "ecn0", "ecn1" -> {
                ecn = new ArrayList<>();
                ecnOrder1 = w[0].equals("ecn1");
                for (int i = 1; i < w.length; i++) {
                    ecn.add(Integer.parseInt(w[i]));
                }
            }
            case "noecn" -> noEcn = true;
            case "raw" -> raw = HexFormat.of().parseHex(w[1]);
            default -> throw new IllegalArgumentException("option " + o);
        }
    }

    boolean has(int mask) {
        return (flags & mask) == mask;
    }

    /** SEG.LEN. */
    int space() {
        return Math.max(0, length) + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    /** The options as bytes, padded with EOL; sequence numbers in SACK blocks get {@code base} added. */
    byte[] optionBytes(int base) {
        ByteArrayOutputStream b = new ByteArrayOutputStream();
        if (mss >= 0) {
            b.writeBytes(new byte[]{2, 4, (byte) (mss >>> 8), (byte) mss});
        }
        if (sackOk) {
            b.writeBytes(new byte[]{4, 2});
        }
        if (hasTs) {
            b.writeBytes(new byte[]{8, 10});
            put32(b, tsVal);
            put32(b, tsEcr);
        }
        if (wscale >= 0) {
            b.writeBytes(new byte[]{3, 3, (byte) wscale});
        }
        if (!sack.isEmpty()) {
            b.writeBytes(new byte[]{1, 1, 5, (byte) (2 + 8 * sack.size())});
            for (long[] block : sack) {
                put32(b, (int) block[0] + base);
                put32(b, (int) block[1] + base);
            }
        }
        if (fo != null) {
            byte[] cookie = HexFormat.of().parseHex(fo.replaceAll("fo(exp)? ?", ""));
            b.writeBytes(fo.startsWith("foexp")
                    ? new byte[]{(byte) 254, (byte) (4 + cookie.length), (byte) 0xf9, (byte) 0x89}
                    : new byte[]{34, (byte) (2 + cookie.length)});
            b.writeBytes(cookie);
        }
        if (ecn != null) {
            b.write(ecnOrder1 ? 174 : 172);
            b.write(2 + 3 * ecn.size());
            for (int field : ecn) {
                b.writeBytes(new byte[]{(byte) (field >>> 16), (byte) (field >>> 8), (byte) field});
            }
        }
        b.writeBytes(raw);
        while (b.size() % 4 != 0) {
            b.write(0);
        }
        return b.toByteArray();
    }

    private static void put32(ByteArrayOutputStream b, int v) {
        b.writeBytes(new byte[]{(byte) (v >>> 24), (byte) (v >>> 16), (byte) (v >>> 8), (byte) v});
    }

    /** The segment in an IP packet; all fields must be filled in. */
    byte[] packet(String from, int fromPort, String to, int toPort, int seqBase, int ackBase, byte[] payload) {
        byte[] options = optionBytes(ackBase);
        byte[] h = new byte[20];
        set16(h, 0, fromPort);
        set16(h, 2, toPort);
        put(h, 4, (int) seq.longValue() + seqBase);
        put(h, 8, ack == null ? 0 : (int) ack.longValue() + ackBase);
        set16(h, 12, (20 + options.length) / 4 << 12 | flags);
        set16(h, 14, win);
        set16(h, 18, Math.max(0, urg));
        byte[] t = checksummed(from, to, 6, cat(h, options, payload), 16);
        byte[] p = from.contains(":") ? ipv6(from, to, 6, 64, t) : ipv4(from, to, 6, t);
        if (tos > 0 && p[0] >>> 4 == 4) {
            p[1] = (byte) tos;
            set16(p, 10, 0);
            set16(p, 10, sum(slice(p, 0, (p[0] & 15) * 4)));
        } else if (tos > 0) {
            set16(p, 0, 0x6000 | tos << 4);
        }
        return p;
    }

    private static void put(byte[] b, int at, int v) {
        set16(b, at, v >>> 16);
        set16(b, at + 2, v);
    }

    static int u32(byte[] b, int at) {
        return u16(b, at) << 16 | u16(b, at + 2);
    }

    /** Where TCP begins in an IP packet. */
    static int tcpAt(byte[] p) {
        return p[0] >>> 4 == 4 ? (p[0] & 15) * 4 : 40;
    }

    /** The payload of a packet. */
    static byte[] payload(byte[] p) {
        int t = tcpAt(p);
        return slice(p, t + ((p[t + 12] >>> 4) & 15) * 4, p.length);
    }

    /** Reads a packet back; sequence numbers relative to the given ones. */
    static Seg of(byte[] p, int seqBase, int ackBase) {
        Seg s = new Seg();
        int t = tcpAt(p);
        int headerLength = ((p[t + 12] >>> 4) & 15) * 4;
        s.flags = u16(p, t + 12) & 0x1ff;
        s.seq = (long) u32(p, t + 4) - seqBase << 32 >> 32;
        s.length = p.length - t - headerLength;
        s.ack = s.has(ACK) ? (Long) ((long) u32(p, t + 8) - ackBase << 32 >> 32) : null;
        s.win = u16(p, t + 14);
        s.urg = u16(p, t + 18);
        s.ttl = p[0] >>> 4 == 4 ? p[8] & 0xff : p[7] & 0xff;
        s.tos = p[0] >>> 4 == 4 ? p[1] & 0xff : u16(p, 0) >>> 4 & 0xff;
        s.noOptions = headerLength == 20;
        for (int at = t + 20; at < t + headerLength;) {
            int kind = p[at] & 0xff;
            if (kind == 0) {
                break;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            switch (kind) {
                case 2 -> s.mss = u16(p, at + 2);
                case 3 -> s.wscale = p[at + 2];
                case 4 -> s.sackOk = true;
                case 5 -> {
                    for (int i = at + 2; i < at + p[at + 1]; i += 8) {
                        s.sack.add(new long[]{(long) u32(p, i) - ackBase << 32 >> 32,
                            (long) u32(p, i + 4) - ackBase << 32 >> 32});
                    }
                }
                case 8 -> {
                    s.hasTs = true;
                    s.tsVal = u32(p, at + 2);
                    s.tsEcr = u32(p, at + 6);
                }
                case 19, 29 -> s.signed = kind;
                case 28 -> s.uto = u16(p, at + 2);
                case 34 -> s.fo = ("fo " + hex(p, at + 2, at + p[at + 1])).strip();
                case 254 -> s.fo = ("foexp " + hex(p, at + 4, at + p[at + 1])).strip();
                case 172, 174 -> {
                    s.ecn = new ArrayList<>();
                    s.ecnOrder1 = kind == 174;
                    for (int i = at + 2; i + 3 <= at + p[at + 1]; i += 3) {
                        s.ecn.add((p[i] & 0xff) << 16 | u16(p, i + 1));
                    }
                }
                default -> throw new AssertionError("option " + kind);
            }
            at += p[at + 1];
        }
        return s;
    }

    private static String hex(byte[] p, int from, int to) {
        return HexFormat.of().formatHex(p, from, to);
    }

    /** What of {@code expected} is not so here; empty when all is. */
    String differs(Seg expected) {
        StringBuilder b = new StringBuilder();
        compare(b, "flags", flagText(expected.flags), flagText(flags));
        compare(b, "seq", expected.seq, seq);
        compare(b, "length", expected.length < 0 ? null : expected.length, length);
        compare(b, "ack", expected.ack, ack);
        compare(b, "win", expected.win < 0 ? null : expected.win, win);
        compare(b, "urg", expected.urg < 0 ? null : expected.urg, urg);
        compare(b, "ttl", expected.ttl < 0 ? null : expected.ttl, ttl);
        compare(b, "tos", expected.tos < 0 ? null : expected.tos, tos);
        compare(b, "mss", expected.mss < 0 ? null : expected.mss, mss);
        compare(b, "wscale", expected.wscale < 0 ? null : expected.wscale, wscale);
        compare(b, "sackOK", expected.sackOk ? true : null, sackOk);
        compare(b, "ts", expected.hasTs || expected.noTs ? expected.hasTs : null, hasTs);
        compare(b, "TSval", expected.tsVal, tsVal);
        compare(b, "TSecr", expected.tsEcr, tsEcr);
        compare(b, "fo", expected.fo, fo == null ? "nofo" : fo);
        compare(b, "accurate ECN", expected.ecn, ecn);
        compare(b, "accurate ECN order 1", expected.ecn == null ? null : expected.ecnOrder1, ecnOrder1);
        compare(b, "accurate ECN option", expected.noEcn ? false : null, ecn != null);
        compare(b, "uto", expected.uto < 0 ? null : expected.uto, uto);
        compare(b, "no options", expected.noOptions ? true : null, noOptions);
        if (!expected.sack.isEmpty()) {
            compare(b, "sack", sackText(expected.sack), sackText(sack));
        }
        return b.toString();
    }

    private static void compare(StringBuilder b, String what, Object expected, Object actual) {
        if (expected != null && !expected.equals(actual)) {
            b.append(what).append(" is ").append(actual).append(", not ").append(expected).append("; ");
        }
    }

    static String flagText(int flags) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < LETTERS.length(); i++) {
            if ((flags & 1 << i) != 0) {
                b.append(LETTERS.charAt(i));
            }
        }
        return b.toString();
    }

    private static String sackText(List<long[]> blocks) {
        StringBuilder b = new StringBuilder();
        blocks.forEach(x -> b.append(x[0]).append('-').append(x[1]).append(' '));
        return b.toString().strip();
    }

    @Override
    public String toString() {
        StringBuilder b = new StringBuilder(flagText(flags)).append(' ').append(seq).append('(')
                .append(Math.max(0, length)).append(')');
        if (ack != null) {
            b.append(" ack ").append(ack);
        }
        b.append(" win ").append(win);
        if (has(URG)) {
            b.append(" urg ").append(urg);
        }
        List<String> o = new ArrayList<>();
        if (mss >= 0) {
            o.add("mss " + mss);
        }
        if (sackOk) {
            o.add("sackOK");
        }
        if (hasTs) {
            o.add("ts " + tsVal + "/" + tsEcr);
        }
        if (wscale >= 0) {
            o.add("wscale " + wscale);
        }
        if (!sack.isEmpty()) {
            o.add("sack " + sackText(sack));
        }
        return o.isEmpty() ? b.toString() : b.append(" <").append(String.join(", ", o)).append('>').toString();
    }
}

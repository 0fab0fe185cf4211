package sluice.core;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import sluice.wire.IpAddress;

/** Packets as byte arrays, made by code that shares nothing with the code under test but the spelling of addresses. */
public final class TestPackets {
    private TestPackets() {}

    /** Bytes from hexadecimal text; blanks and line ends are skipped. */
    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    /** {@code n} bytes that count upward. */
    public static byte[] data(int n) {
        byte[] out = new byte[n];
        for (int i = 0; i < n; i++) {
            out[i] = (byte) (i * 7 + (i >>> 8));
        }
        return out;
    }

    /** Pieces one after the other. */
    public static byte[] cat(byte[]... pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] p : pieces) {
            out.writeBytes(p);
        }
        return out.toByteArray();
    }

    /** Part of a packet. */
    public static byte[] slice(byte[] b, int from, int to) {
        return java.util.Arrays.copyOfRange(b, from, to);
    }

    static byte[] raw(IpAddress a) {
        byte[] out = new byte[a.isV4() ? 4 : 16];
        for (int i = 0; i < out.length; i++) {
            int shift = (out.length - 1 - i) * 8;
            out[i] = (byte) (shift >= 64 ? a.high() >>> shift - 64 : a.low() >>> shift);
        }
        return out;
    }

    /** Internet checksum, byte by byte. */
    public static int sum(byte[] b) {
        long sum = 0;
        for (int i = 0; i < b.length; i++) {
            sum += (long) (b[i] & 0xff) << ((i & 1) == 0 ? 8 : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) ~sum & 0xffff;
    }

    /** Reads 16 bits. */
    public static int u16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
    }

    /** Writes 16 bits; returns the array. */
    public static byte[] set16(byte[] b, int at, int value) {
        b[at] = (byte) (value >>> 8);
        b[at + 1] = (byte) value;
        return b;
    }

    /** An IPv4 packet with a right checksum. */
    public static byte[] ipv4(String from, String to, int protocol, int id, int flagsAndOffset, int ttl, byte[] options,
            byte[] payload) {
        byte[] h = new byte[20];
        h[0] = (byte) (0x40 | (20 + options.length) / 4);
        set16(h, 2, 20 + options.length + payload.length);
        set16(h, 4, id);
        set16(h, 6, flagsAndOffset);
        h[8] = (byte) ttl;
        h[9] = (byte) protocol;
        System.arraycopy(raw(IpAddress.parse(from)), 0, h, 12, 4);
        System.arraycopy(raw(IpAddress.parse(to)), 0, h, 16, 4);
        byte[] header = cat(h, options);
        set16(header, 10, sum(header));
        return cat(header, payload);
    }

    /** An ordinary IPv4 packet. */
    public static byte[] ipv4(String from, String to, int protocol, byte[] payload) {
        return ipv4(from, to, protocol, 1, 0, 64, new byte[0], payload);
    }

    /** An IPv6 packet. */
    public static byte[] ipv6(String from, String to, int nextHeader, int hopLimit, byte[] payload) {
        byte[] h = new byte[40];
        h[0] = 0x60;
        set16(h, 4, payload.length);
        h[6] = (byte) nextHeader;
        h[7] = (byte) hopLimit;
        System.arraycopy(raw(IpAddress.parse(from)), 0, h, 8, 16);
        System.arraycopy(raw(IpAddress.parse(to)), 0, h, 24, 16);
        return cat(h, payload);
    }

    /** Sets the checksum at {@code field} of a transport packet, with pseudo-header; returns the array. */
    public static byte[] checksummed(String from, String to, int protocol, byte[] transport, int field) {
        set16(transport, field, 0);
        byte[] tail = new byte[8];
        set16(tail, 2, transport.length);
        set16(tail, 6, protocol);
        int c = sum(cat(raw(IpAddress.parse(from)), raw(IpAddress.parse(to)), tail, transport));
        return set16(transport, field, c == 0 && protocol == 17 ? 0xffff : c);
    }

    /** A UDP datagram in the packet of the addresses' family. */
    public static byte[] udp(String from, int fromPort, String to, int toPort, byte[] payload) {
        byte[] u = udpBody(from, fromPort, to, toPort, payload);
        return from.contains(":") ? ipv6(from, to, 17, 64, u) : ipv4(from, to, 17, u);
    }

    /** A UDP header and payload. */
    public static byte[] udpBody(String from, int fromPort, String to, int toPort, byte[] payload) {
        byte[] h = new byte[8];
        set16(h, 0, fromPort);
        set16(h, 2, toPort);
        set16(h, 4, 8 + payload.length);
        return checksummed(from, to, 17, cat(h, payload), 6);
    }

    /** An ICMP message (IPv4). */
    public static byte[] icmp(int type, int code, int rest, byte[] body) {
        byte[] h = new byte[8];
        h[0] = (byte) type;
        h[1] = (byte) code;
        set16(h, 4, rest >>> 16);
        set16(h, 6, rest);
        byte[] all = cat(h, body);
        return set16(all, 2, sum(all));
    }

    /** An ICMPv6 message. */
    public static byte[] icmp6(String from, String to, int type, int code, int rest, byte[] body) {
        byte[] h = new byte[8];
        h[0] = (byte) type;
        h[1] = (byte) code;
        set16(h, 4, rest >>> 16);
        set16(h, 6, rest);
        return checksummed(from, to, 58, cat(h, body), 2);
    }

    /** An ICMPv6 message in its packet. */
    public static byte[] icmp6Packet(String from, String to, int hopLimit, int type, int code, int rest, byte[] body) {
        return ipv6(from, to, 58, hopLimit, icmp6(from, to, type, code, rest, body));
    }

    /** Puts an Ethernet header in front. */
    public static byte[] ethernet(long to, long from, int type, byte[] payload) {
        byte[] h = new byte[14];
        for (int i = 0; i < 6; i++) {
            h[i] = (byte) (to >>> 40 - 8 * i);
            h[6 + i] = (byte) (from >>> 40 - 8 * i);
        }
        set16(h, 12, type);
        return cat(h, payload);
    }
}

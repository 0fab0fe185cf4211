package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * View of an Ethernet II header; {@code o} is the offset of its first byte. Hardware addresses are the low 48 bits of a
 * long.
 */
@Rfc(894)
public final class Ethernet {
    /** Bytes of the header. */
    public static final int HEADER_LENGTH = 14;
    /** Type: IPv4. */
    public static final int TYPE_IPV4 = 0x0800;
    /** Type: ARP. */
    public static final int TYPE_ARP = 0x0806;
    /** Type: VLAN tag (802.1Q). */
    public static final int TYPE_VLAN = 0x8100;
    /** Type: IPv6. */
    public static final int TYPE_IPV6 = 0x86dd;
    /** ff:ff:ff:ff:ff:ff. */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final long GROUP_BIT = 1L << 40;

    private Ethernet() {}

    /** Reads a hardware address. */
    public static long readMac(MemorySegment m, long offset) {
        return (long) Bytes.u16(m, offset) << 32 | Bytes.u32(m, offset + 2);
    }

    /** Writes a hardware address. */
    public static void putMac(MemorySegment m, long offset, long mac) {
        Bytes.put16(m, offset, (int) (mac >>> 32));
        Bytes.put32(m, offset + 2, (int) mac);
    }

    /** Destination. */
    public static long destination(MemorySegment m, long o) {
        return readMac(m, o);
    }

    /** Source. */
    public static long source(MemorySegment m, long o) {
        return readMac(m, o + 6);
    }

    /** Type of the payload. */
    public static int type(MemorySegment m, long o) {
        return Bytes.u16(m, o + 12);
    }

    /** Sets the destination. */
    public static void setDestination(MemorySegment m, long o, long mac) {
        putMac(m, o, mac);
    }

    /** Sets the source. */
    public static void setSource(MemorySegment m, long o, long mac) {
        putMac(m, o + 6, mac);
    }

    /** Sets the type. */
    public static void setType(MemorySegment m, long o, int type) {
        Bytes.put16(m, o + 12, type);
    }

    /** Writes a header; returns its length. */
    public static int write(MemorySegment m, long o, long destination, long source, int type) {
        setDestination(m, o, destination);
        setSource(m, o, source);
        setType(m, o, type);
        return HEADER_LENGTH;
    }

    /** Whether the address is a group: multicast or broadcast. */
    public static boolean isGroup(long mac) {
        return (mac & GROUP_BIT) != 0;
    }

    /** The hardware address of an IPv4 multicast group (RFC 1112 section 6.4). */
    public static long multicastV4(int group) {
        return 0x01_00_5e_00_00_00L | (group & 0x7f_ffff);
    }

    /** The hardware address of an IPv6 multicast group (RFC 2464 section 7). */
    public static long multicastV6(long groupLow) {
        return 0x3333_0000_0000L | (groupLow & 0xffff_ffffL);
    }

    /** "02:00:00:00:00:01". */
    public static String formatMac(long mac) {
        StringBuilder out = new StringBuilder(17);
        appendMac(out, mac);
        return out.toString();
    }

    static void appendMac(StringBuilder out, long mac) {
        for (int shift = 40; shift >= 0; shift -= 8) {
            int b = (int) (mac >>> shift) & 0xff;
            out.append(Character.forDigit(b >>> 4, 16)).append(Character.forDigit(b & 15, 16));
            if (shift > 0) {
                out.append(':');
            }
        }
    }

    /**
     * Parses "02:00:00:00:00:01".
     *
     * @throws IllegalArgumentException when it is not six pairs of hexadecimal digits with colons between them
     */
    public static long parseMac(String text) {
        if (!text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a hardware address like 02:00:00:00:00:01");
        }
        return Long.parseLong(text.replace(":", ""), 16);
    }
}

package sluice.wire;

import java.lang.foreign.MemorySegment;

/**
 * An IPv4 or IPv6 address as 128 bits; IPv4 addresses are kept in their mapped form ::ffff:a.b.c.d, so one table serves
 * both families.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    /** What stands above the 32 bits of a mapped IPv4 address. */
    public static final long V4_PREFIX = 0x0000_ffff_0000_0000L;
    /** 0.0.0.0. */
    public static final IpAddress ANY_V4 = ofV4(0);
    /** ::. */
    public static final IpAddress ANY_V6 = new IpAddress(0, 0);
    /** 127.0.0.1. */
    public static final IpAddress LOOPBACK_V4 = ofV4(0x7f000001);
    /** ::1. */
    public static final IpAddress LOOPBACK_V6 = new IpAddress(0, 1);

    /** The IPv4 address with these 32 bits. */
    public static IpAddress ofV4(int bits) {
        return new IpAddress(0, V4_PREFIX | (bits & 0xffff_ffffL));
    }

    /** Reads four bytes. */
    public static IpAddress readV4(MemorySegment m, long offset) {
        return ofV4(Bytes.i32(m, offset));
    }

    /** Reads sixteen bytes. */
    public static IpAddress readV6(MemorySegment m, long offset) {
        return new IpAddress(Bytes.i64(m, offset), Bytes.i64(m, offset + 8));
    }

    /** Parses dotted-quad or RFC 4291 text ("10.0.0.1", "fd99::2", "::ffff:10.0.0.1"); no names, no zone. */
    public static IpAddress parse(String text) {
        return IpAddressText.parse(text);
    }

    /** Whether 128 bits are an IPv4 address. */
    public static boolean isV4(long high, long low) {
        return high == 0 && (low >>> 32) == 0xffffL;
    }

    /** Whether this is an IPv4 address. */
    public boolean isV4() {
        return isV4(high, low);
    }

    /** The 32 bits of an IPv4 address. */
    public int v4Bits() {
        return (int) low;
    }

    /** 0.0.0.0 or ::. */
    public boolean isAny() {
        return high == 0 && (low == 0 || low == V4_PREFIX);
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return isV4() ? ((int) low >>> 24) == 127 : high == 0 && low == 1;
    }

    /** 224.0.0.0/4 or ff00::/8. */
    public boolean isMulticast() {
        return isV4() ? ((int) low >>> 28) == 14 : (high >>> 56) == 0xff;
    }

    /** fe80::/10 or 169.254.0.0/16. */
    public boolean isLinkLocal() {
        return isV4() ? ((int) low >>> 16) == 0xa9fe : (high >>> 54) == 0x3fa;
    }

    /** 255.255.255.255. */
    public boolean isLimitedBroadcast() {
        return isV4() && (int) low == -1;
    }

    /** Writes 4 or 16 bytes at {@code offset}; returns how many. */
    public int write(MemorySegment m, long offset) {
        if (isV4()) {
            Bytes.put32(m, offset, (int) low);
            return 4;
        }
        Bytes.put64(m, offset, high);
        Bytes.put64(m, offset + 8, low);
        return 16;
    }

    /** Length in bits of this family's addresses: 32 or 128. */
    public int bits() {
        return isV4() ? 32 : 128;
    }

    @Override
    public int compareTo(IpAddress other) {
        int c = Long.compareUnsigned(high, other.high);
        return c != 0 ? c : Long.compareUnsigned(low, other.low);
    }

    /** Dotted quad, or RFC 5952 text. */
    @Override
    public String toString() {
        return IpAddressText.format(this);
    }
}

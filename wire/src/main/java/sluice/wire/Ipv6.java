package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * View of an IPv6 header; {@code o} is the offset of its first byte. What follows it is walked by {@link
 * Ipv6Extensions}. Nothing is checked.
 */
@Rfc(value = 8200, section = "3")
public final class Ipv6 {
    /** Bytes of the header. */
    public static final int HEADER_LENGTH = 40;
    /** Every link carries packets of this size (RFC 8200 section 5), bytes. */
    public static final int MIN_MTU = 1280;

    private Ipv6() {}

    /** Version: 6. */
    public static int version(MemorySegment m, long o) {
        return Bytes.u8(m, o) >>> 4;
    }

    /** DSCP (upper six bits) and ECN. */
    public static int trafficClass(MemorySegment m, long o) {
        return Bytes.u16(m, o) >>> 4 & 0xff;
    }

    /** Flow label, 20 bits. */
    public static int flowLabel(MemorySegment m, long o) {
        return Bytes.i32(m, o) & 0xf_ffff;
    }

    /** Bytes after this header, extension headers included. */
    public static int payloadLength(MemorySegment m, long o) {
        return Bytes.u16(m, o + 4);
    }

    /** What follows; see {@link IpProtocol}. */
    public static int nextHeader(MemorySegment m, long o) {
        return Bytes.u8(m, o + 6);
    }

    /** Hop limit. */
    public static int hopLimit(MemorySegment m, long o) {
        return Bytes.u8(m, o + 7);
    }

    /** Source address, upper half. */
    public static long sourceHigh(MemorySegment m, long o) {
        return Bytes.i64(m, o + 8);
    }

    /** Source address, lower half. */
    public static long sourceLow(MemorySegment m, long o) {
        return Bytes.i64(m, o + 16);
    }

    /** Destination address, upper half. */
    public static long destinationHigh(MemorySegment m, long o) {
        return Bytes.i64(m, o + 24);
    }

    /** Destination address, lower half. */
    public static long destinationLow(MemorySegment m, long o) {
        return Bytes.i64(m, o + 32);
    }

    /** Sets the payload length. */
    public static void setPayloadLength(MemorySegment m, long o, int bytes) {
        Bytes.put16(m, o + 4, bytes);
    }

    /** Sets the next header. */
    public static void setNextHeader(MemorySegment m, long o, int nextHeader) {
        Bytes.put8(m, o + 6, nextHeader);
    }

    /** Sets the hop limit. */
    public static void setHopLimit(MemorySegment m, long o, int hops) {
        Bytes.put8(m, o + 7, hops);
    }

    /** Sets DSCP and ECN. */
    public static void setTrafficClass(MemorySegment m, long o, int trafficClass) {
        Bytes.put16(m, o, Bytes.u16(m, o) & 0xf00f | (trafficClass & 0xff) << 4);
    }

    /** Marks an ECN-capable packet with "congestion experienced" (RFC 3168 section 5). */
    public static void markCongestionExperienced(MemorySegment m, long o) {
        setTrafficClass(m, o, trafficClass(m, o) | 3);
    }

    /**
     * Writes a header; returns its length.
     *
     * @param flowLabel 20 bits
     * @param payloadLength bytes after this header
     */
    public static int write(MemorySegment m, long o, int trafficClass, int flowLabel, int payloadLength, int nextHeader,
            int hopLimit, long sourceHigh,
            long sourceLow, long destinationHigh, long destinationLow) {
        Bytes.put32(m, o, 6 << 28 | (trafficClass & 0xff) << 20 | flowLabel & 0xf_ffff);
        Bytes.put16(m, o + 4, payloadLength);
        Bytes.put8(m, o + 6, nextHeader);
        Bytes.put8(m, o + 7, hopLimit);
        Bytes.put64(m, o + 8, sourceHigh);
        Bytes.put64(m, o + 16, sourceLow);
        Bytes.put64(m, o + 24, destinationHigh);
        Bytes.put64(m, o + 32, destinationLow);
        return HEADER_LENGTH;
    }
}

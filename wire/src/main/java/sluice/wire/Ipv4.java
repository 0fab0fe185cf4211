package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * View of an IPv4 header; {@code o} is the offset of its first byte. Addresses are their 32 bits. Nothing is checked:
 * read only what is there.
 */
@Rfc(value = 791, section = "3.1")
public final class Ipv4 {
    /** Bytes of a header without options. */
    public static final int MIN_HEADER_LENGTH = 20;
    /** Bytes of a header with all the options that fit. */
    public static final int MAX_HEADER_LENGTH = 60;
    /** Every link carries packets of this size (RFC 791 section 3.2), bytes. */
    public static final int MIN_MTU = 68;
    /** Don't fragment, in {@link #flagsAndOffset}. */
    public static final int DF = 0x4000;
    /** More fragments, in {@link #flagsAndOffset}. */
    public static final int MF = 0x2000;
    /** Reserved flag, in {@link #flagsAndOffset}. */
    public static final int RESERVED_FLAG = 0x8000;

    private static final int OFFSET_MASK = 0x1fff;

    private Ipv4() {}

    /** Version: 4, or 6 for an IPv6 header in the same place. */
    public static int version(MemorySegment m, long o) {
        return Bytes.u8(m, o) >>> 4;
    }

    /** Bytes of the header, 0…60; less than 20 is malformed. */
    public static int headerLength(MemorySegment m, long o) {
        return (Bytes.u8(m, o) & 15) * 4;
    }

    /** The TOS byte: DSCP (upper six bits, RFC 2474) and ECN (RFC 3168). */
    public static int trafficClass(MemorySegment m, long o) {
        return Bytes.u8(m, o + 1);
    }

    /** Bytes of header and payload. */
    public static int totalLength(MemorySegment m, long o) {
        return Bytes.u16(m, o + 2);
    }

    /** Identification of a datagram's fragments. */
    public static int identification(MemorySegment m, long o) {
        return Bytes.u16(m, o + 4);
    }

    /** The 16 bits with {@link #DF}, {@link #MF} and the offset in units of eight bytes. */
    public static int flagsAndOffset(MemorySegment m, long o) {
        return Bytes.u16(m, o + 6);
    }

    /** Whether the packet must not be fragmented. */
    public static boolean dontFragment(MemorySegment m, long o) {
        return (flagsAndOffset(m, o) & DF) != 0;
    }

    /** Whether more fragments follow. */
    public static boolean moreFragments(MemorySegment m, long o) {
        return (flagsAndOffset(m, o) & MF) != 0;
    }

    /** Where the payload belongs in the datagram, bytes. */
    public static int fragmentOffset(MemorySegment m, long o) {
        return (flagsAndOffset(m, o) & OFFSET_MASK) * 8;
    }

    /** Whether the packet is a part of a datagram. */
    public static boolean isFragment(MemorySegment m, long o) {
        return (flagsAndOffset(m, o) & (MF | OFFSET_MASK)) != 0;
    }

    /** Time to live, hops. */
    public static int ttl(MemorySegment m, long o) {
        return Bytes.u8(m, o + 8);
    }

    /** Protocol of the payload; see {@link IpProtocol}. */
    public static int protocol(MemorySegment m, long o) {
        return Bytes.u8(m, o + 9);
    }

    /** Checksum of the header. */
    public static int headerChecksum(MemorySegment m, long o) {
        return Bytes.u16(m, o + 10);
    }

    /** Source address. */
    public static int source(MemorySegment m, long o) {
        return Bytes.i32(m, o + 12);
    }

    /** Destination address. */
    public static int destination(MemorySegment m, long o) {
        return Bytes.i32(m, o + 16);
    }

    /** Source address as the lower half of a mapped one. */
    public static long sourceLow(MemorySegment m, long o) {
        return IpAddress.V4_PREFIX | Bytes.u32(m, o + 12);
    }

    /** Destination address as the lower half of a mapped one. */
    public static long destinationLow(MemorySegment m, long o) {
        return IpAddress.V4_PREFIX | Bytes.u32(m, o + 16);
    }

    /** Whether the checksum of a header of {@link #headerLength} bytes is right. */
    public static boolean isChecksumValid(MemorySegment m, long o) {
        return Checksum.isValid(Checksum.sum(m, o, headerLength(m, o)));
    }

    /** Sets the total length; the checksum is left as it was. */
    public static void setTotalLength(MemorySegment m, long o, int bytes) {
        Bytes.put16(m, o + 2, bytes);
    }

    /** Sets the identification; the checksum is left as it was. */
    public static void setIdentification(MemorySegment m, long o, int id) {
        Bytes.put16(m, o + 4, id);
    }

    /** Sets flags and offset (in units of eight bytes); the checksum is left as it was. */
    public static void setFlagsAndOffset(MemorySegment m, long o, int flagsAndOffset) {
        Bytes.put16(m, o + 6, flagsAndOffset);
    }

    /** Sets the time to live; the checksum is left as it was. */
    public static void setTtl(MemorySegment m, long o, int ttl) {
        Bytes.put8(m, o + 8, ttl);
    }

    /** Sets DSCP and ECN; the checksum is left as it was. */
    public static void setTrafficClass(MemorySegment m, long o, int trafficClass) {
        Bytes.put8(m, o + 1, trafficClass);
    }

    /** Sets the source address; the checksum is left as it was. */
    public static void setSource(MemorySegment m, long o, int address) {
        Bytes.put32(m, o + 12, address);
    }

    /** Sets the destination address; the checksum is left as it was. */
    public static void setDestination(MemorySegment m, long o, int address) {
        Bytes.put32(m, o + 16, address);
    }

    /** Computes and sets the checksum of the header. */
    public static void updateChecksum(MemorySegment m, long o) {
        Bytes.put16(m, o + 10, 0);
        Bytes.put16(m, o + 10, Checksum.of(m, o, headerLength(m, o)));
    }

    /** Takes one from the time to live and corrects the checksum (RFC 1624). */
    public static void decrementTtl(MemorySegment m, long o) {
        int before = Bytes.u16(m, o + 8);
        Bytes.put16(m, o + 8, before - 0x100);
        Bytes.put16(m, o + 10, Checksum.update16(headerChecksum(m, o), before, before - 0x100));
    }

    /** Marks an ECN-capable packet with "congestion experienced" and corrects the checksum (RFC 3168 section 5). */
    public static void markCongestionExperienced(MemorySegment m, long o) {
        int before = Bytes.u16(m, o);
        Bytes.put16(m, o, before | 3);
        Bytes.put16(m, o + 10, Checksum.update16(headerChecksum(m, o), before, before | 3));
    }

    /**
     * Writes a header without options, with its checksum; returns its length.
     *
     * @param totalLength bytes of header and payload
     * @param flagsAndOffset {@link #DF}, {@link #MF} and the offset in units of eight bytes
     */
    public static int write(MemorySegment m, long o, int trafficClass, int totalLength, int identification,
            int flagsAndOffset, int ttl, int protocol,
            int source, int destination) {
        return write(m, o, trafficClass, totalLength, identification, flagsAndOffset, ttl, protocol, source,
                destination, 0);
    }

    /**
     * Writes a header around options that already stand at {@code o + 20}, with its checksum; returns its length.
     *
     * @param optionsLength bytes of options, padded to a multiple of four, 0…40
     */
    public static int write(MemorySegment m, long o, int trafficClass, int totalLength, int identification,
            int flagsAndOffset, int ttl, int protocol,
            int source, int destination, int optionsLength) {
        int headerLength = MIN_HEADER_LENGTH + optionsLength;
        Bytes.put8(m, o, 0x40 | headerLength / 4);
        Bytes.put8(m, o + 1, trafficClass);
        Bytes.put16(m, o + 2, totalLength);
        Bytes.put16(m, o + 4, identification);
        Bytes.put16(m, o + 6, flagsAndOffset);
        Bytes.put8(m, o + 8, ttl);
        Bytes.put8(m, o + 9, protocol);
        Bytes.put16(m, o + 10, 0);
        Bytes.put32(m, o + 12, source);
        Bytes.put32(m, o + 16, destination);
        Bytes.put16(m, o + 10, Checksum.of(m, o, headerLength));
        return headerLength;
    }
}

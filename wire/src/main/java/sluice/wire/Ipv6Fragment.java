package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/** View of an IPv6 fragment header; {@code o} is the offset of its first byte. */
@Rfc(value = 8200, section = "4.5")
public final class Ipv6Fragment {
    /** Bytes of the header. */
    public static final int HEADER_LENGTH = 8;

    private Ipv6Fragment() {}

    /** What the datagram's fragmentable part begins with. */
    public static int nextHeader(MemorySegment m, long o) {
        return Bytes.u8(m, o);
    }

    /** Where the payload belongs in the fragmentable part, bytes. */
    public static int fragmentOffset(MemorySegment m, long o) {
        return Bytes.u16(m, o + 2) & 0xfff8;
    }

    /** Whether more fragments follow. */
    public static boolean moreFragments(MemorySegment m, long o) {
        return (Bytes.u16(m, o + 2) & 1) != 0;
    }

    /** Whether this is the only fragment (RFC 6946). */
    public static boolean isAtomic(MemorySegment m, long o) {
        return (Bytes.u16(m, o + 2) & 0xfff9) == 0;
    }

    /** Identification of a datagram's fragments. */
    public static int identification(MemorySegment m, long o) {
        return Bytes.i32(m, o + 4);
    }

    /**
     * Writes a header; returns its length.
     *
     * @param fragmentOffset bytes, a multiple of eight
     */
    public static int write(MemorySegment m, long o, int nextHeader, int fragmentOffset, boolean moreFragments,
            int identification) {
        Bytes.put8(m, o, nextHeader);
        Bytes.put8(m, o + 1, 0);
        Bytes.put16(m, o + 2, fragmentOffset & 0xfff8 | (moreFragments ? 1 : 0));
        Bytes.put32(m, o + 4, identification);
        return HEADER_LENGTH;
    }
}

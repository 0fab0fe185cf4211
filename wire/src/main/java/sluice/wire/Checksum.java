package sluice.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import sluice.base.Rfc;

/**
 * The Internet checksum: the one's complement sum of 16-bit words.
 *
 * <p>A partial sum is a {@code long} in the machine's own byte order, unfolded: partial sums are added with {@code +}
 * (of up to 2^31 words of 32 bits in all), and {@link #fold} turns one into the 16-bit sum in network order. A piece
 * that does not begin at an even distance from the start joins by {@link #append}.
 *
 * <p>The loop over long data is kept to the plainest form (one accumulator, an int index times eight) because C2
 * vectorises exactly that: 1,460 bytes take about 17 ns, a loop unrolled four times by hand 61 ns. Short data has a
 * loop of its own, since a loop that C2 saw running a few rounds only (headers) is compiled without vectors for ever.
 * All summed memory should be native: a call site that sees heap memory too becomes several times slower.
 */
@Rfc(1071)
@Rfc(1624)
public final class Checksum {
    private static final long LOW_32 = 0xffff_ffffL;
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    /** Piece that is copied and then summed while it is still in the first-level cache, bytes. */
    private static final int BLOCK = 8192;
    /** From here on the vectorised loop is worth its beginning and end, bytes. */
    private static final int LONG = 256;

    private Checksum() {}

    /**
     * Partial sum of {@code length} bytes, as if they began at an even distance.
     *
     * @param length 0 … 2^31-1 bytes
     */
    public static long sum(MemorySegment m, long offset, int length) {
        return length < LONG ? sumShort(m, offset, length) : sumLong(m, offset, length);
    }

    /** Headers and small packets. */
    private static long sumShort(MemorySegment m, long offset, int length) {
        long sum = 0;
        long at = offset;
        for (int left = length >>> 3; left > 0; left--) {
            long w = m.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            sum += (w & LOW_32) + (w >>> 32);
            at += 8;
        }
        return sum + sumRest(m, at, length & 7);
    }

    /** The loop that C2 vectorises. */
    private static long sumLong(MemorySegment m, long offset, int length) {
        long sum = 0;
        int longs = length >>> 3;
        for (int i = 0; i < longs; i++) {
            long w = m.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + i * 8L);
            sum += (w & LOW_32) + (w >>> 32);
        }
        return sum + sumRest(m, offset + longs * 8L, length & 7);
    }

    private static long sumRest(MemorySegment m, long offset, int length) {
        long at = offset;
        long sum = 0;
        if ((length & 4) != 0) {
            sum = m.get(ValueLayout.JAVA_INT_UNALIGNED, at) & LOW_32;
            at += 4;
        }
        if ((length & 2) != 0) {
            sum += m.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
            at += 2;
        }
        if ((length & 1) != 0) {
            int last = m.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            sum += LITTLE ? last : last << 8;
        }
        return sum;
    }

    /**
     * Copies {@code length} bytes and returns their partial sum, as if they began at an even distance. The source may
     * be heap memory. Ranges must not overlap.
     */
    public static long copyAndSum(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset,
            int length) {
        long sum = 0;
        for (int done = 0; done < length; done += BLOCK) {
            int piece = Math.min(BLOCK, length - done);
            MemorySegment.copy(source, sourceOffset + done, target, targetOffset + done, piece);
            sum += sum(target, targetOffset + done, piece);
        }
        return sum;
    }

    /**
     * Joins two partial sums.
     *
     * @param sum of the bytes so far
     * @param bytesBefore how many bytes stand before {@code next}; only whether it is odd matters
     * @param next sum of the bytes that follow
     */
    public static long append(long sum, long bytesBefore, long next) {
        return (bytesBefore & 1) == 0 ? sum + next : sum + swap(fold16(next));
    }

    /**
     * Partial sum of the pseudo-header of both families (RFC 9293 section 3.1, RFC 8200 section 8.1), addresses as in
     * {@link IpAddress}. The prefix of mapped addresses (twice 0xffff) counts as nothing in one's complement, but is
     * left out all the same.
     *
     * @param length of transport header and data, bytes
     */
    public static long pseudoHeader(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow,
            int protocol, int length) {
        long sum = protocol + (length & LOW_32);
        if (IpAddress.isV4(sourceHigh, sourceLow) && IpAddress.isV4(destinationHigh, destinationLow)) {
            sum += (sourceLow & LOW_32) + (destinationLow & LOW_32);
        } else {
            sum += words(sourceHigh) + words(sourceLow) + words(destinationHigh) + words(destinationLow);
        }
        return fromNetwork(fold16(sum));
    }

    private static long words(long bits) {
        return (bits & LOW_32) + (bits >>> 32);
    }

    /** Partial sum of one 16-bit word given as a number. */
    public static long ofWord(int word) {
        return fromNetwork(word & 0xffff);
    }

    /**
     * The 16-bit one's complement sum of a partial sum, in network order: what stands in the checksum field of a packet
     * whose device adds the rest.
     */
    public static int fold(long sum) {
        return fromNetwork(fold16(sum));
    }

    /** The checksum of a partial sum, in network order: what {@link Bytes#put16} writes. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /** As {@link #finish}, with 0xffff in place of 0, which in UDP means "none" (RFC 768). */
    public static int finishUdp(long sum) {
        int c = finish(sum);
        return c == 0 ? 0xffff : c;
    }

    /** Whether the sum over data with its checksum says that both are whole. */
    public static boolean isValid(long sum) {
        return fold16(sum) == 0xffff;
    }

    /** Checksum of {@code length} bytes; the checksum field inside must be 0. */
    public static int of(MemorySegment m, long offset, int length) {
        return finish(sum(m, offset, length));
    }

    /**
     * Partial sum of a transport packet with its pseudo-header; {@link #isValid} of it tells whether its checksum is
     * right.
     */
    public static long transport(MemorySegment m, long offset, int length, long sourceHigh, long sourceLow,
            long destinationHigh, long destinationLow,
            int protocol) {
        return pseudoHeader(sourceHigh, sourceLow, destinationHigh, destinationLow, protocol, length)
                + sum(m, offset, length);
    }

    /**
     * The checksum after one 16-bit word changed (RFC 1624 equation 3).
     *
     * @param checksum as it stood in the header
     */
    public static int update16(int checksum, int oldWord, int newWord) {
        return ~fold16((~checksum & 0xffffL) + (~oldWord & 0xffffL) + (newWord & 0xffffL)) & 0xffff;
    }

    /** The checksum after 32 bits at an even distance changed (RFC 1624 equation 3). */
    public static int update32(int checksum, int oldValue, int newValue) {
        return ~fold16((~checksum & 0xffffL) + (~oldValue & LOW_32) + (newValue & LOW_32)) & 0xffff;
    }

    private static int fold16(long sum) {
        long s = (sum & LOW_32) + (sum >>> 32);
        s = (s & LOW_32) + (s >>> 32);
        s = (s & 0xffff) + (s >>> 16);
        s = (s & 0xffff) + (s >>> 16);
        return (int) ((s & 0xffff) + (s >>> 16));
    }

    private static int fromNetwork(int word) {
        return LITTLE ? swap(word) : word;
    }

    private static int swap(int word) {
        return ((word & 0xff) << 8) | (word >>> 8 & 0xff);
    }
}

package sluice.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reading and writing numbers in network byte order, at any alignment. Offsets are in bytes from the start of the
 * segment.
 */
public final class Bytes {
    /** 16 bits, network order, unaligned. */
    public static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    /** 32 bits, network order, unaligned. */
    public static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    /** 64 bits, network order, unaligned. */
    public static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Bytes() {}

    /** Unsigned byte. */
    public static int u8(MemorySegment m, long offset) {
        return m.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    /** Unsigned 16 bits. */
    public static int u16(MemorySegment m, long offset) {
        return m.get(U16, offset) & 0xffff;
    }

    /** 32 bits, to be read as signed or as a sequence number. */
    public static int i32(MemorySegment m, long offset) {
        return m.get(U32, offset);
    }

    /** Unsigned 32 bits. */
    public static long u32(MemorySegment m, long offset) {
        return m.get(U32, offset) & 0xffff_ffffL;
    }

    /** 64 bits. */
    public static long i64(MemorySegment m, long offset) {
        return m.get(U64, offset);
    }

    /** Writes a byte. */
    public static void put8(MemorySegment m, long offset, int value) {
        m.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }

    /** Writes 16 bits. */
    public static void put16(MemorySegment m, long offset, int value) {
        m.set(U16, offset, (short) value);
    }

    /** Writes 32 bits. */
    public static void put32(MemorySegment m, long offset, int value) {
        m.set(U32, offset, value);
    }

    /** Writes 64 bits. */
    public static void put64(MemorySegment m, long offset, long value) {
        m.set(U64, offset, value);
    }
}

package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * Kinds of IPv4 options and views of those with content; {@code o} is the offset of the kind byte, from an {@link
 * OptionCursor} that checked the length.
 */
@Rfc(value = 791, section = "3.1")
public final class Ipv4Option {
    /** End of list. */
    public static final int END = 0;
    /** No operation. */
    public static final int NOP = 1;
    /** Record route. */
    public static final int RECORD_ROUTE = 7;
    /** Timestamp. */
    public static final int TIMESTAMP = 68;
    /** Security. */
    public static final int SECURITY = 130;
    /** Loose source and record route. */
    public static final int LOOSE_SOURCE_ROUTE = 131;
    /** Strict source and record route. */
    public static final int STRICT_SOURCE_ROUTE = 137;
    /** Router alert (RFC 2113). */
    public static final int ROUTER_ALERT = 148;

    private Ipv4Option() {}

    /** Whether the option goes into every fragment. */
    public static boolean isCopied(int kind) {
        return (kind & 0x80) != 0;
    }

    /** Whether the kind is one of the two source routes. */
    public static boolean isSourceRoute(int kind) {
        return kind == LOOSE_SOURCE_ROUTE || kind == STRICT_SOURCE_ROUTE;
    }

    /**
     * Pointer of a route or timestamp option: 1-based position of the next free slot; 0 when the option is too short to
     * have one.
     */
    public static int pointer(MemorySegment m, long o, int length) {
        return length >= 3 ? Bytes.u8(m, o + 2) : 0;
    }

    /** Sets the pointer. */
    public static void setPointer(MemorySegment m, long o, int pointer) {
        Bytes.put8(m, o + 2, pointer);
    }

    /** How many addresses a route option holds, filled or not. */
    public static int routeSlots(int length) {
        return Math.max(0, length - 3) / 4;
    }

    /** Address {@code index} of a route option, 0 … {@link #routeSlots} - 1. */
    public static int routeAddress(MemorySegment m, long o, int index) {
        return Bytes.i32(m, o + 3 + 4L * index);
    }

    /** Sets address {@code index} of a route option. */
    public static void setRouteAddress(MemorySegment m, long o, int index, int address) {
        Bytes.put32(m, o + 3 + 4L * index, address);
    }

    /** Whether a route option has no free slot or unused hop left (RFC 791: pointer greater than the length). */
    public static boolean isRouteComplete(MemorySegment m, long o, int length) {
        return pointer(m, o, length) > length;
    }

    /** Timestamp option: hosts that found no room, 0…15; the option must have four bytes. */
    public static int timestampOverflow(MemorySegment m, long o) {
        return Bytes.u8(m, o + 3) >>> 4;
    }

    /** Timestamp option: 0 times only, 1 addresses and times, 3 addresses given; the option must have four bytes. */
    public static int timestampFlag(MemorySegment m, long o) {
        return Bytes.u8(m, o + 3) & 15;
    }
}

package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * Walks the extension headers between an IPv6 header and its payload: at most {@link #MAX_HEADERS}, never past the end.
 * Reused: {@link #reset} begins anew.
 *
 * <p>After {@link #next} returned false without {@link #isMalformed}, {@link #nextHeader} and {@link #nextOffset} tell
 * what follows. Behind the header of a fragment other than the first the walk ends, since what lies there is the middle
 * of a datagram.
 */
@Rfc(value = 8200, section = "4")
public final class Ipv6Extensions {
    /** Extension headers in one packet at most; more are malformed. */
    public static final int MAX_HEADERS = 8;

    private MemorySegment memory = MemorySegment.NULL;
    private long end;
    private long at;
    private int length;
    private int type;
    private int nextHeader;
    private long nextOffset;
    private long nextHeaderFieldOffset;
    private int count;
    private boolean malformed;
    private boolean middle;

    /**
     * Begins behind a whole IPv6 header.
     *
     * @param headerOffset of the IPv6 header
     * @param packetEnd offset after the last byte of the packet
     */
    public void reset(MemorySegment m, long headerOffset, long packetEnd) {
        memory = m;
        end = packetEnd;
        at = headerOffset;
        length = Ipv6.HEADER_LENGTH;
        nextHeaderFieldOffset = headerOffset + 6;
        nextHeader = Ipv6.nextHeader(m, headerOffset);
        nextOffset = headerOffset + Ipv6.HEADER_LENGTH;
        type = -1;
        count = 0;
        malformed = false;
        middle = false;
    }

    /** Whether the number is that of an extension header which this walk enters. */
    public static boolean isExtension(int nextHeader) {
        return switch (nextHeader) {
            case IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.FRAGMENT, IpProtocol.AUTHENTICATION,
                    IpProtocol.DESTINATION_OPTIONS,
                    IpProtocol.MOBILITY ->
                true;
            default -> false;
        };
    }

    /** Moves to the next extension header; false when there is none, or the rest is malformed. */
    public boolean next() {
        if (malformed || middle || !isExtension(nextHeader)) {
            return false;
        }
        if (++count > MAX_HEADERS || nextOffset + 8 > end) {
            malformed = true;
            return false;
        }
        int unit = Bytes.u8(memory, nextOffset + 1);
        int bytes = switch (nextHeader) {
            case IpProtocol.FRAGMENT -> Ipv6Fragment.HEADER_LENGTH;
            case IpProtocol.AUTHENTICATION -> (unit + 2) * 4;
            default -> (unit + 1) * 8;
        };
        if (nextOffset + bytes > end) {
            malformed = true;
            return false;
        }
        at = nextOffset;
        length = bytes;
        type = nextHeader;
        nextHeaderFieldOffset = at;
        nextHeader = Bytes.u8(memory, at);
        nextOffset = at + bytes;
        middle = type == IpProtocol.FRAGMENT && Ipv6Fragment.fragmentOffset(memory, at) != 0;
        return true;
    }

    /** Number of the present header; see {@link IpProtocol}. */
    public int type() {
        return type;
    }

    /** Offset of the present header. */
    public long offset() {
        return at;
    }

    /** Bytes of the present header. */
    public int length() {
        return length;
    }

    /** What follows the present header. */
    public int nextHeader() {
        return nextHeader;
    }

    /** Where it begins. */
    public long nextOffset() {
        return nextOffset;
    }

    /**
     * Offset of the byte that says what follows: the pointer of a parameter problem about it, and what fragmentation
     * rewrites.
     */
    public long nextHeaderFieldOffset() {
        return nextHeaderFieldOffset;
    }

    /** Whether the walk stopped at a header that reaches past the packet, or at too many. */
    public boolean isMalformed() {
        return malformed;
    }

    /** Whether the walk stopped behind the header of a fragment that is not the first. */
    public boolean isMiddleOfDatagram() {
        return middle;
    }

    /** Begins a walk over the options of the present header, which must be hop-by-hop or destination options. */
    public void options(OptionCursor cursor) {
        cursor.reset(OptionCursor.Form.IPV6, memory, at + 2, length - 2);
    }
}

package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * View of an ICMP message; {@code o} is the offset of its first byte. All messages here have a header of eight bytes.
 */
@Rfc(792)
public final class Icmpv4 {
    /** Bytes of the header. */
    public static final int HEADER_LENGTH = 8;
    /** Echo reply. */
    public static final int ECHO_REPLY = 0;
    /** Destination unreachable. */
    public static final int DESTINATION_UNREACHABLE = 3;
    /** Source quench; ignored (RFC 6633). */
    public static final int SOURCE_QUENCH = 4;
    /** Redirect. */
    public static final int REDIRECT = 5;
    /** Echo request. */
    public static final int ECHO = 8;
    /** Time exceeded. */
    public static final int TIME_EXCEEDED = 11;
    /** Parameter problem. */
    public static final int PARAMETER_PROBLEM = 12;
    /** Timestamp request. */
    public static final int TIMESTAMP = 13;
    /** Timestamp reply. */
    public static final int TIMESTAMP_REPLY = 14;
    /** Address mask request. */
    public static final int ADDRESS_MASK = 17;
    /** Address mask reply. */
    public static final int ADDRESS_MASK_REPLY = 18;

    /** Unreachable, code: network. */
    public static final int CODE_NET = 0;
    /** Unreachable, code: host. */
    public static final int CODE_HOST = 1;
    /** Unreachable, code: protocol. */
    public static final int CODE_PROTOCOL = 2;
    /** Unreachable, code: port. */
    public static final int CODE_PORT = 3;
    /** Unreachable, code: fragmentation needed and DF set. */
    public static final int CODE_FRAGMENTATION_NEEDED = 4;
    /** Unreachable, code: source route failed. */
    public static final int CODE_SOURCE_ROUTE_FAILED = 5;
    /** Unreachable, code: communication administratively prohibited (RFC 1812). */
    public static final int CODE_PROHIBITED = 13;
    /** Time exceeded, code: TTL in transit. */
    public static final int CODE_TTL = 0;
    /** Time exceeded, code: reassembly. */
    public static final int CODE_REASSEMBLY = 1;

    private Icmpv4() {}

    /** Type. */
    public static int type(MemorySegment m, long o) {
        return Bytes.u8(m, o);
    }

    /** Code. */
    public static int code(MemorySegment m, long o) {
        return Bytes.u8(m, o + 1);
    }

    /** Checksum of the whole message. */
    public static int checksum(MemorySegment m, long o) {
        return Bytes.u16(m, o + 2);
    }

    /** The 32 bits after the checksum. */
    public static int rest(MemorySegment m, long o) {
        return Bytes.i32(m, o + 4);
    }

    /** Identifier of echo, timestamp and address mask messages. */
    public static int identifier(MemorySegment m, long o) {
        return Bytes.u16(m, o + 4);
    }

    /** Sequence number of the same. */
    public static int sequence(MemorySegment m, long o) {
        return Bytes.u16(m, o + 6);
    }

    /** MTU of the next hop in "fragmentation needed" (RFC 1191 section 4), bytes; 0 from old routers. */
    public static int nextHopMtu(MemorySegment m, long o) {
        return Bytes.u16(m, o + 6);
    }

    /** Parameter problem: offset of the byte at fault in the quoted packet. */
    public static int pointer(MemorySegment m, long o) {
        return Bytes.u8(m, o + 4);
    }

    /** Redirect: the better router. */
    public static int gateway(MemorySegment m, long o) {
        return Bytes.i32(m, o + 4);
    }

    /**
     * Whether messages of this type report an error and quote a packet; they must not be answered by an error (RFC 1122
     * section 3.2.2).
     */
    public static boolean isError(int type) {
        return switch (type) {
            case DESTINATION_UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    /** Whether the checksum of a message of {@code length} bytes is right. */
    public static boolean isChecksumValid(MemorySegment m, long o, int length) {
        return Checksum.isValid(Checksum.sum(m, o, length));
    }

    /** Computes and sets the checksum of a message of {@code length} bytes. */
    public static void updateChecksum(MemorySegment m, long o, int length) {
        Bytes.put16(m, o + 2, 0);
        Bytes.put16(m, o + 2, Checksum.of(m, o, length));
    }

    /**
     * Writes a header with checksum 0, to be completed by {@link #updateChecksum} once the data stands behind it;
     * returns its length.
     *
     * @param rest the 32 bits after the checksum: MTU, pointer shifted left by 24, gateway, or identifier and sequence
     * number
     */
    public static int write(MemorySegment m, long o, int type, int code, int rest) {
        Bytes.put8(m, o, type);
        Bytes.put8(m, o + 1, code);
        Bytes.put16(m, o + 2, 0);
        Bytes.put32(m, o + 4, rest);
        return HEADER_LENGTH;
    }

    /** Writes the header of an echo request or reply, checksum 0; returns its length. */
    public static int writeEcho(MemorySegment m, long o, int type, int identifier, int sequence) {
        return write(m, o, type, 0, identifier << 16 | sequence & 0xffff);
    }
}

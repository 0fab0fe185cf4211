package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * View of an ICMPv6 message; {@code o} is the offset of its first byte. Neighbour discovery has more in {@link Ndp}.
 */
@Rfc(value = 4443, section = "2.1")
public final class Icmpv6 {
    /** Bytes of the header with the 32 bits that all messages here have. */
    public static final int HEADER_LENGTH = 8;
    /** Destination unreachable. */
    public static final int DESTINATION_UNREACHABLE = 1;
    /** Packet too big. */
    public static final int PACKET_TOO_BIG = 2;
    /** Time exceeded. */
    public static final int TIME_EXCEEDED = 3;
    /** Parameter problem. */
    public static final int PARAMETER_PROBLEM = 4;
    /** Echo request. */
    public static final int ECHO_REQUEST = 128;
    /** Echo reply. */
    public static final int ECHO_REPLY = 129;
    /** Multicast listener query (RFC 2710). */
    public static final int MLD_QUERY = 130;
    /** Multicast listener report (RFC 2710). */
    public static final int MLD_REPORT = 131;
    /** Multicast listener done (RFC 2710). */
    public static final int MLD_DONE = 132;
    /** Router solicitation. */
    public static final int ROUTER_SOLICITATION = 133;
    /** Router advertisement. */
    public static final int ROUTER_ADVERTISEMENT = 134;
    /** Neighbour solicitation. */
    public static final int NEIGHBOR_SOLICITATION = 135;
    /** Neighbour advertisement. */
    public static final int NEIGHBOR_ADVERTISEMENT = 136;
    /** Redirect. */
    public static final int REDIRECT = 137;
    /** Multicast listener report, version 2 (RFC 3810). */
    public static final int MLDV2_REPORT = 143;

    /** Unreachable, code: no route. */
    public static final int CODE_NO_ROUTE = 0;
    /** Unreachable, code: administratively prohibited. */
    public static final int CODE_PROHIBITED = 1;
    /** Unreachable, code: beyond the scope of the source address. */
    public static final int CODE_BEYOND_SCOPE = 2;
    /** Unreachable, code: address. */
    public static final int CODE_ADDRESS = 3;
    /** Unreachable, code: port. */
    public static final int CODE_PORT = 4;
    /** Time exceeded, code: hop limit in transit. */
    public static final int CODE_HOP_LIMIT = 0;
    /** Time exceeded, code: reassembly. */
    public static final int CODE_REASSEMBLY = 1;
    /** Parameter problem, code: erroneous header field. */
    public static final int CODE_HEADER_FIELD = 0;
    /** Parameter problem, code: unrecognized next header. */
    public static final int CODE_NEXT_HEADER = 1;
    /** Parameter problem, code: unrecognized option. */
    public static final int CODE_OPTION = 2;

    private Icmpv6() {}

    /** Type. */
    public static int type(MemorySegment m, long o) {
        return Bytes.u8(m, o);
    }

    /** Code. */
    public static int code(MemorySegment m, long o) {
        return Bytes.u8(m, o + 1);
    }

    /** Checksum of pseudo-header and message. */
    public static int checksum(MemorySegment m, long o) {
        return Bytes.u16(m, o + 2);
    }

    /** The 32 bits after the checksum. */
    public static int rest(MemorySegment m, long o) {
        return Bytes.i32(m, o + 4);
    }

    /** Identifier of echo messages. */
    public static int identifier(MemorySegment m, long o) {
        return Bytes.u16(m, o + 4);
    }

    /** Sequence number of echo messages. */
    public static int sequence(MemorySegment m, long o) {
        return Bytes.u16(m, o + 6);
    }

    /** MTU in "packet too big", bytes, 0 … 2^32-1. */
    public static long mtu(MemorySegment m, long o) {
        return Bytes.u32(m, o + 4);
    }

    /** Parameter problem: offset of the byte at fault in the quoted packet. */
    public static long pointer(MemorySegment m, long o) {
        return Bytes.u32(m, o + 4);
    }

    /** Whether messages of this type report an error and quote a packet. */
    public static boolean isError(int type) {
        return type < 128;
    }

    /** Whether the checksum of a message of {@code length} bytes between these addresses is right. */
    public static boolean isChecksumValid(MemorySegment m, long o, int length, long sourceHigh, long sourceLow,
            long destinationHigh, long destinationLow) {
        return Checksum.isValid(Checksum.transport(m, o, length, sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.ICMPV6));
    }

    /** Computes and sets the checksum of a message of {@code length} bytes. */
    public static void updateChecksum(MemorySegment m, long o, int length, long sourceHigh, long sourceLow,
            long destinationHigh, long destinationLow) {
        Bytes.put16(m, o + 2, 0);
        long sum = Checksum.transport(m, o, length, sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.ICMPV6);
        Bytes.put16(m, o + 2, Checksum.finish(sum));
    }

    /**
     * Writes a header with checksum 0, to be completed by {@link #updateChecksum} once the data stands behind it;
     * returns its length.
     *
     * @param rest the 32 bits after the checksum: MTU, pointer, flags, or identifier and sequence number
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

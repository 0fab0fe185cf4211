package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/** View of a UDP header; {@code o} is the offset of its first byte. */
@Rfc(768)
public final class Udp {
    /** Bytes of the header. */
    public static final int HEADER_LENGTH = 8;
    /** Offset of the checksum in the header. */
    public static final int CHECKSUM_OFFSET = 6;

    private Udp() {}

    /** Source port. */
    public static int sourcePort(MemorySegment m, long o) {
        return Bytes.u16(m, o);
    }

    /** Destination port. */
    public static int destinationPort(MemorySegment m, long o) {
        return Bytes.u16(m, o + 2);
    }

    /** Bytes of header and data; less than 8 is malformed. */
    public static int length(MemorySegment m, long o) {
        return Bytes.u16(m, o + 4);
    }

    /** Checksum; 0 means none, which IPv6 forbids. */
    public static int checksum(MemorySegment m, long o) {
        return Bytes.u16(m, o + 6);
    }

    /** Sets the length. */
    public static void setLength(MemorySegment m, long o, int bytes) {
        Bytes.put16(m, o + 4, bytes);
    }

    /** Sets the checksum. */
    public static void setChecksum(MemorySegment m, long o, int checksum) {
        Bytes.put16(m, o + 6, checksum);
    }

    /** Whether the checksum of a datagram of {@code length} bytes is right; an absent one is right for IPv4 only. */
    public static boolean isChecksumValid(MemorySegment m, long o, int length, long sourceHigh, long sourceLow,
            long destinationHigh, long destinationLow) {
        if (checksum(m, o) == 0) {
            return IpAddress.isV4(sourceHigh, sourceLow);
        }
        return Checksum.isValid(Checksum.transport(m, o, length, sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.UDP));
    }

    /** Computes and sets the checksum of a datagram of {@code length} bytes. */
    public static void updateChecksum(MemorySegment m, long o, int length, long sourceHigh, long sourceLow,
            long destinationHigh, long destinationLow) {
        setChecksum(m, o, 0);
        long sum = Checksum.transport(m, o, length, sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.UDP);
        setChecksum(m, o, Checksum.finishUdp(sum));
    }

    /** Writes a header with checksum 0; returns its length. {@code length} counts header and data. */
    public static int write(MemorySegment m, long o, int sourcePort, int destinationPort, int length) {
        Bytes.put16(m, o, sourcePort);
        Bytes.put16(m, o + 2, destinationPort);
        Bytes.put16(m, o + 4, length);
        Bytes.put16(m, o + 6, 0);
        return HEADER_LENGTH;
    }
}

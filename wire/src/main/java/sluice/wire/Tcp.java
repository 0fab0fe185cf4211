package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * View of a TCP header; {@code o} is the offset of its first byte. Options are walked by an {@link OptionCursor} and
 * read by {@link TcpOption}.
 */
@Rfc(value = 9293, section = "3.1")
public final class Tcp {
    /** Bytes of a header without options. */
    public static final int MIN_HEADER_LENGTH = 20;
    /** Bytes of a header with all the options that fit. */
    public static final int MAX_HEADER_LENGTH = 60;
    /** Bytes of options at most. */
    public static final int MAX_OPTIONS_LENGTH = 40;
    /** Offset of the checksum in the header. */
    public static final int CHECKSUM_OFFSET = 16;

    /** No more data from the sender. */
    public static final int FIN = 0x001;
    /** Synchronize sequence numbers. */
    public static final int SYN = 0x002;
    /** Reset the connection. */
    public static final int RST = 0x004;
    /** Push function. */
    public static final int PSH = 0x008;
    /** The acknowledgment field is significant. */
    public static final int ACK = 0x010;
    /** The urgent pointer is significant. */
    public static final int URG = 0x020;
    /** ECN echo (RFC 3168). */
    public static final int ECE = 0x040;
    /** Congestion window reduced (RFC 3168). */
    public static final int CWR = 0x080;
    /** Accurate ECN (RFC 9768); once the nonce sum. */
    public static final int AE = 0x100;
    /** All flags. */
    public static final int ALL_FLAGS = 0x1ff;

    private Tcp() {}

    /** Source port. */
    public static int sourcePort(MemorySegment m, long o) {
        return Bytes.u16(m, o);
    }

    /** Destination port. */
    public static int destinationPort(MemorySegment m, long o) {
        return Bytes.u16(m, o + 2);
    }

    /** Sequence number of the first byte (or of SYN). */
    public static int seq(MemorySegment m, long o) {
        return Bytes.i32(m, o + 4);
    }

    /** Acknowledgment number. */
    public static int ack(MemorySegment m, long o) {
        return Bytes.i32(m, o + 8);
    }

    /** Bytes of the header (the data offset field times four), 0…60; less than 20 is malformed. */
    public static int dataOffset(MemorySegment m, long o) {
        return Bytes.u8(m, o + 12) >>> 4 << 2;
    }

    /** The flags, nine bits: a set of the constants. */
    public static int flags(MemorySegment m, long o) {
        return Bytes.u16(m, o + 12) & ALL_FLAGS;
    }

    /** Window as it stands in the header, unscaled. */
    public static int window(MemorySegment m, long o) {
        return Bytes.u16(m, o + 14);
    }

    /** Checksum. */
    public static int checksum(MemorySegment m, long o) {
        return Bytes.u16(m, o + 16);
    }

    /** Urgent pointer. */
    public static int urgentPointer(MemorySegment m, long o) {
        return Bytes.u16(m, o + 18);
    }

    /** Sets the source port. */
    public static void setSourcePort(MemorySegment m, long o, int port) {
        Bytes.put16(m, o, port);
    }

    /** Sets the destination port. */
    public static void setDestinationPort(MemorySegment m, long o, int port) {
        Bytes.put16(m, o + 2, port);
    }

    /** Sets the sequence number. */
    public static void setSeq(MemorySegment m, long o, int seq) {
        Bytes.put32(m, o + 4, seq);
    }

    /** Sets the acknowledgment number. */
    public static void setAck(MemorySegment m, long o, int ack) {
        Bytes.put32(m, o + 8, ack);
    }

    /**
     * Sets header length and flags.
     *
     * @param headerLength bytes, a multiple of four, 20…60
     * @param flags nine bits
     */
    public static void setDataOffsetAndFlags(MemorySegment m, long o, int headerLength, int flags) {
        Bytes.put16(m, o + 12, headerLength << 10 | flags & ALL_FLAGS);
    }

    /** Sets the flags and leaves the header length. */
    public static void setFlags(MemorySegment m, long o, int flags) {
        setDataOffsetAndFlags(m, o, dataOffset(m, o), flags);
    }

    /** Sets the window field, unscaled. */
    public static void setWindow(MemorySegment m, long o, int window) {
        Bytes.put16(m, o + 14, window);
    }

    /** Sets the checksum. */
    public static void setChecksum(MemorySegment m, long o, int checksum) {
        Bytes.put16(m, o + 16, checksum);
    }

    /** Sets the urgent pointer. */
    public static void setUrgentPointer(MemorySegment m, long o, int pointer) {
        Bytes.put16(m, o + 18, pointer);
    }

    /** Whether the checksum of a segment of {@code length} bytes (header and data) between these addresses is right. */
    public static boolean isChecksumValid(MemorySegment m, long o, int length, long sourceHigh, long sourceLow,
            long destinationHigh, long destinationLow) {
        return Checksum.isValid(Checksum.transport(m, o, length, sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.TCP));
    }

    /** Computes and sets the checksum of a segment of {@code length} bytes. */
    public static void updateChecksum(MemorySegment m, long o, int length, long sourceHigh, long sourceLow,
            long destinationHigh, long destinationLow) {
        setChecksum(m, o, 0);
        long sum = Checksum.transport(m, o, length, sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.TCP);
        setChecksum(m, o, Checksum.finish(sum));
    }

    /** Begins a walk over the options of a header of {@code headerLength} bytes, 20…60. */
    public static void options(OptionCursor cursor, MemorySegment m, long o, int headerLength) {
        cursor.reset(OptionCursor.Form.TCP, m, o + MIN_HEADER_LENGTH, headerLength - MIN_HEADER_LENGTH);
    }

    /**
     * Writes the fixed part of a header with checksum 0; returns its length, 20. Options follow at {@code o + 20}.
     *
     * @param headerLength bytes with options, a multiple of four, 20…60
     * @param window as it stands in the header, unscaled
     */
    public static int write(MemorySegment m, long o, int sourcePort, int destinationPort, int seq, int ack,
            int headerLength, int flags, int window,
            int urgentPointer) {
        Bytes.put16(m, o, sourcePort);
        Bytes.put16(m, o + 2, destinationPort);
        Bytes.put32(m, o + 4, seq);
        Bytes.put32(m, o + 8, ack);
        Bytes.put16(m, o + 12, headerLength << 10 | flags & ALL_FLAGS);
        Bytes.put16(m, o + 14, window);
        Bytes.put16(m, o + 16, 0);
        Bytes.put16(m, o + 18, urgentPointer);
        return MIN_HEADER_LENGTH;
    }
}

package sluice.core.tcp.output;

/**
 * The segment with data that is to be made, by what the schedule decided: one per host, filled for one after the other.
 * May stand for a super-segment: {@link #length} bytes in wire segments of {@link #mss}.
 */
final class OutgoingSegment {
    /** SEG.SEQ. */
    int seq;
    /** Flags without those of ECN and URG, which the encoder adds. */
    int flags;
    /** Sent for the first time. */
    boolean fresh;
    /** Where the payload begins in the send stream. */
    long position;
    /** Payload bytes. */
    int length;
    /** Payload bytes of one wire segment. */
    int mss;

    OutgoingSegment set(int segSeq, int segFlags, boolean isFresh) {
        seq = segSeq;
        flags = segFlags;
        fresh = isFresh;
        return this;
    }

    void payload(long from, int bytes, int segmentBytes) {
        position = from;
        length = bytes;
        mss = segmentBytes;
    }
}

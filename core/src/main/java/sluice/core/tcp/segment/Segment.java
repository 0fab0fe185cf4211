package sluice.core.tcp.segment;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.tcp.input.SegmentParser;
import sluice.wire.Packet;

/**
 * The TCP segment that is being processed: one per host, filled by {@link SegmentParser}, valid until processing ends.
 * Names are RFC 9293's SEG.*.
 *
 * <p>May stand for a super-segment: {@link #segments} wire segments whose payloads follow each other.
 */
@Rfc(value = 9293, section = "3.3.1")
public final class Segment {
    /** FIN. */
    public static final int FIN = 1;
    /** SYN. */
    public static final int SYN = 2;
    /** RST. */
    public static final int RST = 4;
    /** PSH. */
    public static final int PSH = 8;
    /** ACK. */
    public static final int ACK = 16;
    /** URG. */
    public static final int URG = 32;
    /** ECE. */
    public static final int ECE = 64;
    /** CWR. */
    public static final int CWR = 128;
    /** AE, once NS. */
    public static final int AE = 256;
    /** Most SACK blocks that fit in a header. */
    public static final int MAX_SACK_BLOCKS = 4;

    /** The packet it came in. */
    public Packet packet = Packet.NONE;
    /** Where the payload starts in the packet's memory. */
    public int dataOffset;
    /** Payload bytes; SEG.LEN without SYN and FIN. */
    public int dataLength;
    /** SEG.SEQ. */
    public int seq;
    /** SEG.ACK; meaningful with ACK. */
    public int ack;
    /** The nine flag bits. */
    public int flags;
    /** SEG.WND as on the wire, unscaled. */
    public int wnd;
    /** SEG.UP as on the wire. */
    public int up;
    /** Wire segments this stands for. */
    public int segments;
    /** Payload bytes of one wire segment of a super-segment, else {@link #dataLength}. */
    public int segmentSize;
    /** ECN bits of the IP header. */
    public int ecn;
    /** TOS or traffic class of the IP header. */
    public int trafficClass;
    /** TTL or hop limit of the IP header. */
    public int hopLimit;

    /** MSS option, bytes; 0 when absent. */
    public int mss;
    /** Window-scale option; -1 when absent. */
    public int windowScale;
    /** SACK-permitted option. */
    public boolean sackPermitted;
    /** User-timeout option, seconds; 0 when absent. */
    public int userTimeoutSeconds;
    /** Offset in the packet's memory of the MD5 signature option; 0 when absent. */
    public int md5At;
    /** Offset in the packet's memory of TCP-AO; 0 when absent. */
    public int aoAt;
    /** Bytes of TCP-AO, kind and length included. */
    public int aoLength;
    /** KeyID of TCP-AO. */
    public int aoKeyId;
    /** RNextKeyID of TCP-AO. */
    public int aoNextKeyId;
    /** More than one option signs it, which none may. */
    public boolean signedTwice;
    /** Fast Open cookie, or the request for one; null when absent or malformed. */
    public @Nullable FastOpenCookie fastOpen;
    /** Timestamps option present. */
    public boolean hasTimestamps;
    /** TSval. */
    public int tsVal;
    /** TSecr. */
    public int tsEcr;
    /** Whether its timestamp is newer than the one before. */
    public boolean newerTimestamp;
    /** Fields of the accurate ECN option, 0…3; -1 when it is absent. */
    public int accEcnFields = -1;
    /** Whether they begin with ECT(1), not ECT(0). */
    public boolean accEcnOrder1;
    /** The fields, 24 bits each. */
    public final int[] accEcnField = new int[3];
    /** SACK blocks in the option. */
    public int sackBlocks;
    /** Left edges. */
    public final int[] sackLeft = new int[MAX_SACK_BLOCKS];
    /** Right edges. */
    public final int[] sackRight = new int[MAX_SACK_BLOCKS];

    /** Whether all flags of {@code mask} are set. */
    public boolean has(int mask) {
        return (flags & mask) == mask;
    }

    /** Whether an option signs it. */
    public boolean isSigned() {
        return md5At > 0 || aoAt > 0;
    }

    /** SEG.LEN: payload plus one each for SYN and FIN. */
    public int length() {
        return dataLength + (flags >>> 1 & 1) + (flags & 1);
    }

    /** The sequence number after the last one of this segment. */
    public int end() {
        return seq + length();
    }

    /** Sequence number of the first payload byte. */
    public int dataSeq() {
        return seq + (flags >>> 1 & 1);
    }

    public void clearOptions() {
        mss = 0;
        windowScale = -1;
        sackPermitted = false;
        hasTimestamps = false;
        userTimeoutSeconds = 0;
        md5At = 0;
        aoAt = 0;
        signedTwice = false;
        fastOpen = null;
        tsVal = 0;
        tsEcr = 0;
        sackBlocks = 0;
        newerTimestamp = false;
        accEcnFields = -1;
    }
}

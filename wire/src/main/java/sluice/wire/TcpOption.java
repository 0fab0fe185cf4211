package sluice.wire;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;

/**
 * Kinds of TCP options, views of their contents and their builders. {@code o} is the offset of the kind byte; readers
 * expect the length of that kind, which the caller compares with {@link OptionCursor#length}. Builders return the bytes
 * written.
 */
@Rfc(value = 9293, section = "3.2")
public final class TcpOption {
    /** End of option list. */
    public static final int END = 0;
    /** No operation. */
    public static final int NOP = 1;
    /** Maximum segment size. */
    public static final int MSS = 2;
    /** Window scale (RFC 7323). */
    public static final int WINDOW_SCALE = 3;
    /** SACK permitted (RFC 2018). */
    public static final int SACK_PERMITTED = 4;
    /** SACK blocks (RFC 2018). */
    public static final int SACK = 5;
    /** Timestamps (RFC 7323). */
    public static final int TIMESTAMPS = 8;
    /** MD5 signature (RFC 2385). */
    public static final int MD5 = 19;
    /** User timeout (RFC 5482). */
    public static final int USER_TIMEOUT = 28;
    /** Authentication, TCP-AO (RFC 5925). */
    public static final int AUTHENTICATION = 29;
    /** Multipath TCP (RFC 8684). */
    public static final int MULTIPATH = 30;
    /** Fast Open cookie (RFC 7413). */
    public static final int FAST_OPEN = 34;
    /** Accurate ECN, order 0 (RFC 9768). */
    public static final int ACC_ECN_0 = 172;
    /** Accurate ECN, order 1 (RFC 9768). */
    public static final int ACC_ECN_1 = 174;
    /** Shared experiments (RFC 6994). */
    public static final int EXPERIMENT_1 = 253;
    /** Shared experiments (RFC 6994). */
    public static final int EXPERIMENT_2 = 254;
    /** Experiment identifier of the old Fast Open option. */
    public static final int EXPERIMENT_FAST_OPEN = 0xf989;

    /** Bytes of an MSS option. */
    public static final int MSS_LENGTH = 4;
    /** Bytes of a window scale option. */
    public static final int WINDOW_SCALE_LENGTH = 3;
    /** Bytes of a SACK-permitted option. */
    public static final int SACK_PERMITTED_LENGTH = 2;
    /** Bytes of a timestamps option. */
    public static final int TIMESTAMPS_LENGTH = 10;
    /** Bytes of one SACK block. */
    public static final int SACK_BLOCK_LENGTH = 8;
    /** Shift counts above this are taken as this (RFC 7323 section 2.3). */
    public static final int MAX_WINDOW_SHIFT = 14;

    private TcpOption() {}

    /** Maximum segment size, bytes. */
    public static int mss(MemorySegment m, long o) {
        return Bytes.u16(m, o + 2);
    }

    /** Shift count of the window, as sent. */
    public static int windowShift(MemorySegment m, long o) {
        return Bytes.u8(m, o + 2);
    }

    /** TSval. */
    public static int timestampValue(MemorySegment m, long o) {
        return Bytes.i32(m, o + 2);
    }

    /** TSecr. */
    public static int timestampEcho(MemorySegment m, long o) {
        return Bytes.i32(m, o + 6);
    }

    /** How many whole blocks a SACK option of {@code length} bytes has; -1 when the length fits none. */
    public static int sackBlocks(int length) {
        return length >= 10 && (length - 2) % SACK_BLOCK_LENGTH == 0 ? (length - 2) / SACK_BLOCK_LENGTH : -1;
    }

    /** Left edge of SACK block {@code index}: its first sequence number. */
    public static int sackLeft(MemorySegment m, long o, int index) {
        return Bytes.i32(m, o + 2 + 8L * index);
    }

    /** Right edge of SACK block {@code index}: the sequence number after its last. */
    public static int sackRight(MemorySegment m, long o, int index) {
        return Bytes.i32(m, o + 6 + 8L * index);
    }

    /** User timeout in seconds, from the option's minutes or seconds (RFC 5482 section 3). */
    public static int userTimeoutSeconds(MemorySegment m, long o) {
        int v = Bytes.u16(m, o + 2);
        return (v & 0x8000) != 0 ? (v & 0x7fff) * 60 : v;
    }

    /** Writes an MSS option. */
    public static int writeMss(MemorySegment m, long o, int mss) {
        Bytes.put8(m, o, MSS);
        Bytes.put8(m, o + 1, MSS_LENGTH);
        Bytes.put16(m, o + 2, mss);
        return MSS_LENGTH;
    }

    /** Writes a window scale option. */
    public static int writeWindowScale(MemorySegment m, long o, int shift) {
        Bytes.put8(m, o, WINDOW_SCALE);
        Bytes.put8(m, o + 1, WINDOW_SCALE_LENGTH);
        Bytes.put8(m, o + 2, shift);
        return WINDOW_SCALE_LENGTH;
    }

    /** Writes a SACK-permitted option. */
    public static int writeSackPermitted(MemorySegment m, long o) {
        Bytes.put8(m, o, SACK_PERMITTED);
        Bytes.put8(m, o + 1, SACK_PERMITTED_LENGTH);
        return SACK_PERMITTED_LENGTH;
    }

    /** Writes a timestamps option. */
    public static int writeTimestamps(MemorySegment m, long o, int value, int echo) {
        Bytes.put8(m, o, TIMESTAMPS);
        Bytes.put8(m, o + 1, TIMESTAMPS_LENGTH);
        Bytes.put32(m, o + 2, value);
        Bytes.put32(m, o + 6, echo);
        return TIMESTAMPS_LENGTH;
    }

    /**
     * Writes kind and length of a SACK option of {@code blocks} blocks (1…4), which {@link #writeSackBlock} fills;
     * returns the length of the whole.
     */
    public static int writeSack(MemorySegment m, long o, int blocks) {
        int length = 2 + blocks * SACK_BLOCK_LENGTH;
        Bytes.put8(m, o, SACK);
        Bytes.put8(m, o + 1, length);
        return length;
    }

    /** Writes block {@code index} of a SACK option at {@code o}. */
    public static void writeSackBlock(MemorySegment m, long o, int index, int left, int right) {
        Bytes.put32(m, o + 2 + 8L * index, left);
        Bytes.put32(m, o + 6 + 8L * index, right);
    }

    /** Writes {@code count} NOPs. */
    public static int writeNops(MemorySegment m, long o, int count) {
        for (int i = 0; i < count; i++) {
            Bytes.put8(m, o + i, NOP);
        }
        return count;
    }
}

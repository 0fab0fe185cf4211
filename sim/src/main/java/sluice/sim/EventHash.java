package sluice.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A running 64-bit hash over everything that was delivered: bytes, time, host. Two runs with the same hash were the
 * same run.
 *
 * <p>As short as it is because this stands in the path of every simulated packet. Not for adversaries.
 */
final class EventHash {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long P1 = 0x9E3779B97F4A7C15L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0xD6E8FEB86659FD93L;

    private long value;

    /** {@code more} stands for what is not hashed byte by byte. */
    void add(long timeNs, int host, MemorySegment m, long offset, int length, long more) {
        long a = value ^ timeNs;
        long b = Long.rotateLeft(value, 32) + host;
        long at = offset;
        long end = offset + length;
        for (; end - at >= 16; at += 16) { // two lanes side by side
            a = (a ^ m.get(WORD, at)) * P1;
            b = (b ^ m.get(WORD, at + 8)) * P2;
        }
        if (end - at >= 8) {
            a = (a ^ m.get(WORD, at)) * P3;
            at += 8;
        }
        for (; at < end; at++) {
            b = (b ^ m.get(ValueLayout.JAVA_BYTE, at)) * P3;
        }
        value = mix(a + Long.rotateLeft(b, 29) + (length + more) * P4);
    }

    private static long mix(long z) {
        long x = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }

    long value() {
        return value;
    }
}

package sluice.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A running 64-bit hash over everything that was delivered: bytes, time, host. Two runs with the same hash were the same run.
 *
 * <p>Four lanes side by side, because this stands in the path of every simulated packet. Not for adversaries.
 */
final class EventHash {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long P1 = 0x9E3779B97F4A7C15L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0xD6E8FEB86659FD93L;

    private long value;

    void add(long timeNs, int host, MemorySegment m, long offset, int length) {
        long a = value ^ timeNs;
        long b = value + host;
        long c = length;
        long d = ~value;
        long at = offset;
        long end = offset + length;
        for (; end - at >= 32; at += 32) {
            a = (a ^ m.get(WORD, at)) * P1;
            b = (b ^ m.get(WORD, at + 8)) * P2;
            c = (c ^ m.get(WORD, at + 16)) * P3;
            d = (d ^ m.get(WORD, at + 24)) * P4;
        }
        for (; end - at >= 8; at += 8) {
            a = Long.rotateLeft(a ^ m.get(WORD, at), 29) * P2;
        }
        for (; at < end; at++) {
            b = Long.rotateLeft(b ^ m.get(ValueLayout.JAVA_BYTE, at), 29) * P3;
        }
        value = mix(a * P3 + mix(b * P4 + mix(c * P1 + mix(d))));
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

package sluice.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Finds where bytes lie in a world's pattern ({@link PatternStream}), so that packets on their way can point there
 * instead of carrying them: what many megabytes in flight cost is the memory that they touch.
 */
final class PatternIndex {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int BITS = 17;

    private final MemorySegment pattern;
    /** Offset + 1 of each place of the period by the eight bytes there, open addressing; 0 is empty. */
    private final int[] slots = new int[1 << BITS];

    PatternIndex(MemorySegment pattern) {
        this.pattern = pattern;
        for (int i = 0; i < PatternStream.PERIOD; i++) {
            int s = slot(pattern.get(WORD, i));
            while (slots[s] != 0) {
                s = s + 1 & slots.length - 1;
            }
            slots[s] = i + 1;
        }
    }

    private static int slot(long word) {
        return (int) (word * 0x9E3779B97F4A7C15L >>> 64 - BITS);
    }

    /**
     * Offset in the pattern of {@code length} bytes equal to those at {@code at}, or -1; {@code length} is 8 or more,
     * and at most a period.
     */
    int find(MemorySegment m, long at, int length) {
        long word = m.get(WORD, at);
        for (int s = slot(word); slots[s] != 0; s = s + 1 & slots.length - 1) {
            int i = slots[s] - 1;
            if (pattern.get(WORD, i) == word
                    && MemorySegment.mismatch(m, at, at + length, pattern, i, i + length) < 0) {
                return i;
            }
        }
        return -1;
    }
}

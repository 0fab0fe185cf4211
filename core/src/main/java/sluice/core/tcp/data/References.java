package sluice.core.tcp.data;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.BrokenInvariantException;

/**
 * The parts of a stream that lie in other memory than its ring, by position: disjoint and in order. The application's
 * own, which sends with MSG_ZEROCOPY; that of packets that arrived.
 *
 * <p>Allocates only when more parts are kept than ever before.
 */
final class References {
    private static final int FIRST_CAPACITY = 8;
    private long[] starts = new long[FIRST_CAPACITY];
    private long[] ends = new long[FIRST_CAPACITY];
    private long[] offsets = new long[FIRST_CAPACITY];
    private @Nullable MemorySegment[] memories = new MemorySegment[FIRST_CAPACITY];
    private int head;
    private int size;
    /** The part found last: what is asked for next is mostly in it or in the one after it. */
    private int last;

    /**
     * Positions {@code [start, end)}, behind all others, are the bytes of {@code memory} from {@code offset} on; joins
     * the part before it if they lie side by side.
     */
    void add(long start, long end, MemorySegment memory, long offset) {
        if (size > 0) {
            int i = slot(size - 1);
            if (ends[i] == start && memory.equals(memories[i]) && offsets[i] + (start - starts[i]) == offset) {
                ends[i] = end;
                return;
            }
        }
        if (size == starts.length) {
            grow();
        }
        int i = slot(size++);
        starts[i] = start;
        ends[i] = end;
        offsets[i] = offset;
        memories[i] = memory;
    }

    /**
     * Copies {@code length} bytes behind the last part, into its memory, if that part ends at {@code position} and
     * there is room; false when not.
     */
    boolean append(long position, MemorySegment source, long offset, int length) {
        if (size == 0) {
            return false;
        }
        int i = slot(size - 1);
        MemorySegment m = memories[i];
        long to = offsets[i] + (position - starts[i]);
        if (m == null || ends[i] != position || to + length > m.byteSize()) {
            return false;
        }
        MemorySegment.copy(source, offset, m, to, length);
        ends[i] = position + length;
        return true;
    }

    private int slot(int i) {
        return head + i & starts.length - 1;
    }

    private void grow() {
        int n = starts.length;
        long[] s = new long[2 * n];
        long[] e = new long[2 * n];
        long[] o = new long[2 * n];
        @Nullable MemorySegment[] m = new MemorySegment[2 * n];
        for (int i = 0; i < size; i++) {
            int from = slot(i);
            s[i] = starts[from];
            e[i] = ends[from];
            o[i] = offsets[from];
            m[i] = memories[from];
        }
        starts = s;
        ends = e;
        offsets = o;
        memories = m;
        head = 0;
    }

    /** Number of the part with {@code position}, or -1. */
    int find(long position) {
        for (int i = Math.min(last, size - 1), tries = 0; i >= 0 && i < size && tries < 2; i++, tries++) {
            if (starts[slot(i)] <= position && position < ends[slot(i)]) {
                last = i;
                return i;
            }
        }
        int i = firstEndingAfter(position);
        if (i < size && starts[slot(i)] <= position) {
            last = i;
            return i;
        }
        return -1;
    }

    private int firstEndingAfter(long position) {
        int low = 0;
        int high = size;
        while (low < high) {
            int mid = low + high >>> 1;
            if (ends[slot(mid)] <= position) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    /** Where the first part begins that ends after {@code position}; {@link Long#MAX_VALUE} when there is none. */
    long startAfter(long position) {
        int i = firstEndingAfter(position);
        return i < size ? starts[slot(i)] : Long.MAX_VALUE;
    }

    /** Position after part number {@code i}. */
    long end(int i) {
        return ends[slot(i)];
    }

    /** Memory of part number {@code i}. */
    MemorySegment memory(int i) {
        MemorySegment m = memories[slot(i)];
        if (m == null) {
            throw new BrokenInvariantException("no part " + i);
        }
        return m;
    }

    /** Offset of a position in the memory of part number {@code i}. */
    long offset(int i, long position) {
        int s = slot(i);
        return offsets[s] + (position - starts[s]);
    }

    /** Takes off the first part if it ends at or before {@code position}; its memory, or null. */
    @Nullable MemorySegment take(long position) {
        if (size == 0 || ends[head] > position) {
            return null;
        }
        MemorySegment m = memories[head];
        memories[head] = null;
        head = slot(1);
        size--;
        last = Math.max(0, last - 1);
        return m;
    }
}

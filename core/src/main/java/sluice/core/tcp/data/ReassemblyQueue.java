package sluice.core.tcp.data;

import java.util.Arrays;
import sluice.base.Rfc;

/**
 * Which ranges beyond RCV.NXT have arrived: disjoint intervals of stream positions in order, and the most recently
 * changed ones first for the SACK option.
 *
 * <p>The bytes themselves lie in the {@link ReceiveBuffer}.
 */
@Rfc(value = 9293, section = "3.10.7.4", req = "SHLD-31")
@Rfc(value = 2018, section = "4")
public final class ReassemblyQueue {
    /** Most intervals kept; a peer that makes more holes has its segments dropped. */
    public static final int MAX_INTERVALS = 16_384;
    private static final int MAX_RECENT = 4;

    /** Stands for arrays that are not needed: most connections never miss a byte. */
    private static final long[] NONE = new long[0];

    private long[] starts = NONE;
    private long[] ends = NONE;
    private int size;
    private long[] recentStarts = NONE;
    private long[] recentEnds = NONE;
    private int recent;
    private long duplicateStart;
    private long duplicateEnd;

    /** Whether no interval is kept. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** How many intervals are kept. */
    public int size() {
        return size;
    }

    /** Bytes in all intervals. */
    public long bytes() {
        long n = 0;
        for (int i = 0; i < size; i++) {
            n += ends[i] - starts[i];
        }
        return n;
    }

    /** The position after the highest byte kept; meaningless when empty. */
    public long highest() {
        return ends[size - 1];
    }

    /**
     * Adds {@code [start, end)}.
     *
     * @return false when there are too many intervals and nothing was added
     */
    public boolean add(long start, long end) {
        int at = firstEndingAtOrAfter(start);
        duplicateStart = duplicateEnd = 0;
        if (at < size && starts[at] < end && ends[at] > start) {
            duplicateStart = Math.max(start, starts[at]);
            duplicateEnd = Math.min(end, ends[at]);
        }
        if (at == size || starts[at] > end) {
            if (size == MAX_INTERVALS) {
                return false;
            }
            insert(at, start, end);
        } else {
            starts[at] = Math.min(starts[at], start);
            ends[at] = Math.max(ends[at], end);
            int last = at + 1;
            while (last < size && starts[last] <= ends[at]) {
                ends[at] = Math.max(ends[at], ends[last]);
                last++;
            }
            removeRange(at + 1, last);
        }
        remember(starts[at], ends[at]);
        return true;
    }

    /** Whether the last {@link #add} brought bytes that were there already: the D-SACK of RFC 2883. */
    public boolean lastAddHadDuplicate() {
        return duplicateEnd > duplicateStart;
    }

    /** First duplicated position of the last {@link #add}. */
    public long duplicateStart() {
        return duplicateStart;
    }

    /** Position after the first duplicated run of the last {@link #add}. */
    public long duplicateEnd() {
        return duplicateEnd;
    }

    /** RCV.NXT has come to {@code next}: takes off what it reached and returns where the in-order bytes end now. */
    public long advance(long next) {
        long to = next;
        int gone = 0;
        while (gone < size && starts[gone] <= to) {
            to = Math.max(to, ends[gone]);
            gone++;
        }
        removeRange(0, gone);
        int kept = 0;
        for (int i = 0; i < recent; i++) {
            if (recentStarts[i] > to) {
                recentStarts[kept] = recentStarts[i];
                recentEnds[kept++] = recentEnds[i];
            }
        }
        recent = kept;
        return to;
    }

    /** How many recently changed intervals can be reported, at most 4. */
    public int recentCount() {
        return recent;
    }

    /** Start of the i-th most recently changed interval. */
    public long recentStart(int i) {
        return recentStarts[i];
    }

    /** End of the i-th most recently changed interval. */
    public long recentEnd(int i) {
        return recentEnds[i];
    }

    /** Forgets everything. */
    public void clear() {
        size = 0;
        recent = 0;
        starts = NONE;
        ends = NONE;
    }

    private int firstEndingAtOrAfter(long position) {
        if (size > 0 && ends[size - 1] < position) {
            return size;
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int mid = low + high >>> 1;
            if (ends[mid] < position) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    private void insert(int at, long start, long end) {
        if (size == starts.length) {
            int larger = Math.max(4, size * 2);
            starts = Arrays.copyOf(starts, larger);
            ends = Arrays.copyOf(ends, larger);
        }
        System.arraycopy(starts, at, starts, at + 1, size - at);
        System.arraycopy(ends, at, ends, at + 1, size - at);
        starts[at] = start;
        ends[at] = end;
        size++;
    }

    private void removeRange(int from, int to) {
        if (to > from) {
            System.arraycopy(starts, to, starts, from, size - to);
            System.arraycopy(ends, to, ends, from, size - to);
            size -= to - from;
        }
    }

    private void remember(long start, long end) {
        if (recentStarts.length == 0) {
            recentStarts = new long[MAX_RECENT];
            recentEnds = new long[MAX_RECENT];
        }
        int kept = 0;
        for (int i = 0; i < recent; i++) {
            if (recentStarts[i] > end || recentEnds[i] < start) {
                recentStarts[kept] = recentStarts[i];
                recentEnds[kept++] = recentEnds[i];
            }
        }
        recent = Math.min(kept + 1, MAX_RECENT);
        for (int i = recent - 1; i > 0; i--) {
            recentStarts[i] = recentStarts[i - 1];
            recentEnds[i] = recentEnds[i - 1];
        }
        recentStarts[0] = start;
        recentEnds[0] = end;
    }
}

package sluice.core.tcp.data;

import sluice.base.Rfc;
import sluice.core.BlockSource;
import sluice.core.BufferPool;

/**
 * Which ranges beyond RCV.NXT have arrived: disjoint intervals of stream positions in order, and the most recently
 * changed ones first for the SACK option. The peer's FIN takes a position too, the one after its last byte.
 *
 * <p>The bytes themselves lie in the {@link ReceiveBuffer}.
 */
@Rfc(value = 9293, section = "3.10.7.4", req = "SHLD-31")
@Rfc(value = 2018, section = "4")
public final class ReassemblyQueue {
    /** What an interval is charged: two numbers, in blocks that are half full. */
    private static final int INTERVAL_BYTES = 32;
    /** Intervals that an empty queue keeps room for. */
    private static final int MAX_IDLE = Intervals.BLOCK;

    /** Most intervals kept; a peer that makes more holes has its segments dropped. */
    public static final int MAX_INTERVALS = 16_384;
    private static final int MAX_RECENT = 4;

    /** Stands for arrays that are not needed: most connections never miss a byte. */
    private static final long[] NONE = new long[0];

    private final Intervals intervals = new Intervals();
    private final BlockSource memory;
    /** So many intervals are charged for. */
    private int charged;
    private long[] recentStarts = NONE;
    private long[] recentEnds = NONE;
    private int recent;
    private long duplicateStart;
    private long duplicateEnd;

    /** For a test: of no host. */
    ReassemblyQueue() {
        this(new BufferPool(0));
    }

    /** Nothing has arrived; what does is asked of {@code memory}. */
    ReassemblyQueue(BlockSource memory) {
        this.memory = memory;
    }

    /** Whether no interval is kept. */
    public boolean isEmpty() {
        return intervals.size() == 0;
    }

    /** How many intervals are kept. */
    public int size() {
        return intervals.size();
    }

    /** Bytes in all intervals. */
    public long bytes() {
        return intervals.positions();
    }

    /** The position after the highest byte kept; meaningless when empty. */
    public long highest() {
        return intervals.lastEnd();
    }

    /**
     * Adds {@code [start, end)}.
     *
     * @return false when there are too many intervals, or no memory for one more, and nothing was added
     */
    public boolean add(long start, long end) {
        duplicateStart = duplicateEnd = 0;
        if (intervals.seek(start + 1) && intervals.start() < end) {
            duplicateStart = Math.max(start, intervals.start());
            duplicateEnd = Math.min(end, intervals.end());
        }
        if (intervals.seek(start) && intervals.start() <= end) {
            intervals.join(start, end);
        } else if (intervals.size() == MAX_INTERVALS || intervals.size() == charged && !chargeMore()) {
            return false;
        } else {
            intervals.insert(start, end);
        }
        remember(intervals.start(), intervals.end());
        return true;
    }

    /** Whether the last {@link #add} or {@link #advance} brought what was there already: the D-SACK of RFC 2883. */
    public boolean lastHadDuplicate() {
        return duplicateEnd > duplicateStart;
    }

    /** First position that came twice. */
    public long duplicateStart() {
        return duplicateStart;
    }

    /** Position after the first run that came twice. */
    public long duplicateEnd() {
        return duplicateEnd;
    }

    /**
     * RCV.NXT has come to {@code next}: takes off what it reached and returns where the in-order bytes end now. What of
     * them was kept before {@code next} came twice.
     */
    public long advance(long next) {
        duplicateStart = duplicateEnd = 0;
        if (intervals.seek(0) && intervals.start() < next) {
            duplicateStart = intervals.start();
            duplicateEnd = Math.min(intervals.end(), next);
        }
        long to = intervals.takeUpTo(next);
        int kept = 0;
        for (int i = 0; i < recent; i++) {
            if (recentStarts[i] > to) {
                recentStarts[kept] = recentStarts[i];
                recentEnds[kept++] = recentEnds[i];
            }
        }
        recent = kept;
        if (intervals.size() == 0 && charged > MAX_IDLE) {
            memory.giveHeap((long) (charged - MAX_IDLE) * INTERVAL_BYTES);
            charged = MAX_IDLE;
        }
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
        intervals.clear();
        recent = 0;
        chargeNothing();
    }

    private boolean chargeMore() {
        int more = Math.max(4, charged);
        if (!memory.takeHeap((long) more * INTERVAL_BYTES)) {
            return false;
        }
        charged += more;
        return true;
    }

    private void chargeNothing() {
        memory.giveHeap((long) charged * INTERVAL_BYTES);
        charged = 0;
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

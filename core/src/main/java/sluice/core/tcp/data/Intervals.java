package sluice.core.tcp.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Intervals {@code [start, end)} of stream positions that neither overlap nor touch, in order: in blocks of at most
 * {@link #BLOCK}, so that to put one in or take one out moves one block and a list of blocks, however many there are (a
 * peer can make 16,384 holes, and choose where).
 *
 * <p>One interval is the present one: {@link #seek} chooses it, and what follows acts there. What lies next to each
 * other and fits into half a block is one block.
 */
final class Intervals {
    /** Most intervals of a block. */
    static final int BLOCK = 128;
    private static final int FIRST_CAPACITY = 4;
    private static final Block[] NONE = {};

    /** Some of the intervals, in order. */
    private static final class Block {
        long[] starts = new long[FIRST_CAPACITY];
        long[] ends = new long[FIRST_CAPACITY];
        int size;

        int firstEndingAtOrAfter(long position) {
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

        void insert(int at, long start, long end) {
            room(size + 1);
            System.arraycopy(starts, at, starts, at + 1, size - at);
            System.arraycopy(ends, at, ends, at + 1, size - at);
            starts[at] = start;
            ends[at] = end;
            size++;
        }

        void remove(int from, int to) {
            System.arraycopy(starts, to, starts, from, size - to);
            System.arraycopy(ends, to, ends, from, size - to);
            size -= to - from;
        }

        /** Takes over what {@code other} has from {@code from} on, behind its own. */
        void append(Block other, int from) {
            int more = other.size - from;
            room(size + more);
            System.arraycopy(other.starts, from, starts, size, more);
            System.arraycopy(other.ends, from, ends, size, more);
            size += more;
            other.size = from;
        }

        private void room(int wanted) {
            if (wanted > starts.length) {
                int larger = Math.max(wanted, Math.min(BLOCK, starts.length * 2));
                starts = Arrays.copyOf(starts, larger);
                ends = Arrays.copyOf(ends, larger);
            }
        }
    }

    private Block[] blocks = NONE;
    private int blockCount;
    /** An empty block for the next need: most connections that miss a byte do so again and again. */
    private @Nullable Block spare;
    private int size;
    /** The present interval: its block, and its place there. */
    private int block;
    private int index;

    /** How many intervals there are. */
    int size() {
        return size;
    }

    /** How many blocks they are in. */
    int blockCount() {
        return blockCount;
    }

    /** How many the fullest block has. */
    int largestBlock() {
        int most = 0;
        for (int b = 0; b < blockCount; b++) {
            most = Math.max(most, blocks[b].size);
        }
        return most;
    }

    /** End of the last one; there must be one. */
    long lastEnd() {
        Block last = blocks[blockCount - 1];
        return last.ends[last.size - 1];
    }

    /** Positions in all intervals. */
    long positions() {
        long n = 0;
        for (int b = 0; b < blockCount; b++) {
            for (int i = 0; i < blocks[b].size; i++) {
                n += blocks[b].ends[i] - blocks[b].starts[i];
            }
        }
        return n;
    }

    /** Makes the first interval that ends at or behind {@code position} the present one; false when there is none. */
    boolean seek(long position) {
        if (size == 0 || lastEnd() < position) {
            block = Math.max(0, blockCount - 1);
            index = size == 0 ? 0 : blocks[block].size;
            return false;
        }
        int low = 0;
        int high = blockCount - 1;
        while (low < high) {
            int mid = low + high >>> 1;
            if (blocks[mid].ends[blocks[mid].size - 1] < position) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        block = low;
        index = blocks[low].firstEndingAtOrAfter(position);
        return true;
    }

    /** Where the present interval begins. */
    long start() {
        return blocks[block].starts[index];
    }

    /** Where the present interval ends. */
    long end() {
        return blocks[block].ends[index];
    }

    /** Puts an interval in before the present one, or last when there is none; it touches no other. */
    void insert(long start, long end) {
        if (blockCount == 0) {
            insertBlock(0);
        } else if (blocks[block].size == BLOCK) {
            makeRoom();
        }
        blocks[block].insert(index, start, end);
        size++;
    }

    /** The block is full: half of it goes into a new one behind it, or nothing when the interval will be the last. */
    private void makeRoom() {
        boolean last = block == blockCount - 1 && index == BLOCK;
        int keep = last ? BLOCK : BLOCK / 2;
        insertBlock(block + 1);
        blocks[block + 1].append(blocks[block], keep);
        if (index > keep || last) {
            block++;
            index -= keep;
        }
    }

    /** Extends the present interval, which overlaps or touches this one, over it and all that it reaches then. */
    void join(long start, long end) {
        Block b = blocks[block];
        b.starts[index] = Math.min(b.starts[index], start);
        long to = take(block, index + 1, Math.max(b.ends[index], end));
        if (index == b.size - 1) {
            while (block + 1 < blockCount && blocks[block + 1].starts[0] <= to) {
                to = take(block + 1, 0, to);
                dropIfEmpty(block + 1);
            }
        }
        b.ends[index] = to;
        tidy();
    }

    /** Takes off all that begin at or before {@code position} or where one of them ends; returns where that ends. */
    long takeUpTo(long position) {
        long to = position;
        while (size > 0 && blocks[0].starts[0] <= to) {
            to = take(0, 0, to);
            dropIfEmpty(0);
        }
        block = 0;
        index = 0;
        tidy();
        return to;
    }

    /**
     * Removes those of one block, from {@code from} on, that {@code to} reaches; returns where the last of them ends.
     */
    private long take(int at, int from, long to) {
        Block b = blocks[at];
        long reached = to;
        int next = from;
        while (next < b.size && b.starts[next] <= reached) {
            reached = Math.max(reached, b.ends[next]);
            next++;
        }
        b.remove(from, next);
        size -= next - from;
        return reached;
    }

    private void insertBlock(int at) {
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, Math.max(1, blockCount * 2));
        }
        System.arraycopy(blocks, at, blocks, at + 1, blockCount - at);
        Block kept = spare;
        blocks[at] = kept != null ? kept : new Block();
        spare = null;
        blockCount++;
    }

    private void dropIfEmpty(int at) {
        if (blocks[at].size == 0) {
            spare = blocks[at];
            System.arraycopy(blocks, at + 1, blocks, at, blockCount - at - 1);
            blockCount--;
        }
    }

    /** Something was taken out of the present block and the next: makes small neighbours one. */
    private void tidy() {
        unite(block + 1);
        unite(block);
        unite(block - 1);
    }

    private void unite(int at) {
        if (at < 0 || at + 1 >= blockCount || blocks[at].size + blocks[at + 1].size > BLOCK / 2) {
            return;
        }
        if (block == at + 1) {
            block = at;
            index += blocks[at].size;
        }
        blocks[at].append(blocks[at + 1], 0);
        dropIfEmpty(at + 1);
    }

    /** Takes all out, and lets go of the memory. */
    void clear() {
        blocks = NONE;
        spare = null;
        blockCount = 0;
        size = 0;
    }
}

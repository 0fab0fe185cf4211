package sluice.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The host's memory for rings: native blocks of a power of two, from 4 KiB up, drawn within a limit and given back for
 * reuse.
 *
 * <p>Every byte in use is accounted, so "all memory returned" can be checked, and an attacker cannot make the stack
 * hold more than the limit.
 */
public final class BufferPool {
    /** Smallest block, bytes. */
    public static final int MIN_BLOCK = 4096;
    /** Largest block, bytes. */
    public static final int MAX_BLOCK = 1 << 30;
    private static final int CLASSES = 19;
    /** Idle blocks of one size kept for reuse, in bytes; more is left to the garbage collector. */
    private static final long MAX_IDLE_BYTES_PER_CLASS = 16 << 20;

    private final ArrayDeque<MemorySegment>[] idle;
    private final long limitBytes;
    private long inUseBytes;

    /** A pool that hands out at most {@code limitBytes} at a time. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public BufferPool(long limitBytes) {
        this.limitBytes = limitBytes;
        idle = new ArrayDeque[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            idle[i] = new ArrayDeque<>();
        }
    }

    /** The block size for {@code bytes}: the next power of two, at least {@link #MIN_BLOCK}. */
    public static int blockSize(long bytes) {
        if (bytes <= MIN_BLOCK) {
            return MIN_BLOCK;
        }
        return bytes >= MAX_BLOCK ? MAX_BLOCK : (int) (Long.highestOneBit(bytes - 1) << 1);
    }

    /** A block of {@link #blockSize}{@code (bytes)}; null when the limit is reached. Contents are undefined. */
    public @Nullable MemorySegment take(long bytes) {
        int size = blockSize(bytes);
        if (inUseBytes + size > limitBytes) {
            return null;
        }
        inUseBytes += size;
        MemorySegment block = idle[sizeClass(size)].pollLast();
        return block != null ? block : Arena.ofAuto().allocate(size, 64);
    }

    /** Gives back a block from {@link #take}. */
    public void give(MemorySegment block) {
        long size = block.byteSize();
        inUseBytes -= size;
        ArrayDeque<MemorySegment> list = idle[sizeClass((int) size)];
        if (list.isEmpty() || (list.size() + 1) * size <= MAX_IDLE_BYTES_PER_CLASS) {
            list.addLast(block);
        }
    }

    private static int sizeClass(int size) {
        return Integer.numberOfTrailingZeros(size) - 12;
    }

    /** Bytes handed out now. */
    public long inUseBytes() {
        return inUseBytes;
    }

    /** The limit. */
    public long limitBytes() {
        return limitBytes;
    }
}

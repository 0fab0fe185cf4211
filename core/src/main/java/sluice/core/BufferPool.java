package sluice.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The host's memory for rings and queues: native blocks of a power of two, from 4 KiB up, given back for reuse.
 *
 * <p>Who may have how much is said by {@link MemoryBudget}s above it; the pool answers null when the limit that it was
 * made with is reached or when the machine has no memory left, and never throws. Every byte in use is accounted, so
 * "all memory returned" can be checked.
 *
 * <p>Blocks belong to the garbage collector once the pool lets go of them: it returns their memory to the system.
 * {@link #trim} lets go of those that nobody has wanted for a while.
 */
public final class BufferPool implements BlockSource {
    /** Smallest block, bytes. */
    public static final int MIN_BLOCK = 4096;
    /** Largest block, bytes. */
    public static final int MAX_BLOCK = 1 << 30;
    private static final int CLASSES = 19;
    /** Idle blocks of one size kept for reuse, in bytes; more is left to the garbage collector. */
    private static final long MAX_IDLE_BYTES_PER_CLASS = 16 << 20;
    /**
     * After the machine had none: how many requests are refused before it is asked again, at first and at most. To ask
     * takes half a second when the JVM's limit of native memory is reached, in which it collects and waits.
     */
    private static final int FIRST_PAUSE = 256;
    private static final int LONGEST_PAUSE = 1 << 16;

    private final ArrayDeque<MemorySegment>[] idle;
    /** The fewest idle blocks of a size since the last {@link #trim}: so many nobody wanted. */
    private final int[] fewestIdle = new int[CLASSES];
    private final LongFunction<MemorySegment> machine;
    private final long limitBytes;
    private long inUseBytes;
    private long idleBytes;
    private long letGoBytes;
    private long failures;
    private int pause = FIRST_PAUSE;
    private int refuse;

    /** A pool that hands out at most {@code limitBytes} at a time. */
    public BufferPool(long limitBytes) {
        this(limitBytes, size -> Arena.ofAuto().allocate(size, 64));
    }

    /** For a test: {@code machine} gives blocks, or throws {@link OutOfMemoryError}. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    BufferPool(long limitBytes, LongFunction<MemorySegment> machine) {
        this.limitBytes = limitBytes;
        this.machine = machine;
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

    @Override
    public @Nullable MemorySegment take(long bytes) {
        int size = blockSize(bytes);
        if (inUseBytes + size > limitBytes) {
            return null;
        }
        int c = sizeClass(size);
        MemorySegment block = idle[c].pollLast();
        if (block == null) {
            block = allocate(size);
            if (block == null) {
                return null;
            }
        } else {
            idleBytes -= size;
            fewestIdle[c] = Math.min(fewestIdle[c], idle[c].size());
        }
        inUseBytes += size;
        return block;
    }

    private @Nullable MemorySegment allocate(int size) {
        if (refuse > 0) {
            refuse--;
            return null;
        }
        try {
            MemorySegment block = machine.apply(size);
            pause = FIRST_PAUSE;
            return block;
        } catch (OutOfMemoryError e) {
            failures++;
            letGoOfAll();
            refuse = pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE);
            return null;
        }
    }

    @Override
    public void give(MemorySegment block) {
        long size = block.byteSize();
        inUseBytes -= size;
        ArrayDeque<MemorySegment> list = idle[sizeClass((int) size)];
        if (list.isEmpty() || (list.size() + 1) * size <= MAX_IDLE_BYTES_PER_CLASS) {
            list.addLast(block);
            idleBytes += size;
        } else {
            letGoBytes += size;
        }
    }

    /**
     * Lets go of the idle blocks that were not wanted since the last call. For whoever knows the time: every few
     * seconds.
     *
     * @return bytes of blocks that the pool has let go of since it was made, here and elsewhere
     */
    public long trim() {
        for (int c = 0; c < CLASSES; c++) {
            for (int i = fewestIdle[c]; i > 0; i--) {
                MemorySegment block = idle[c].pollFirst();
                if (block != null) {
                    idleBytes -= block.byteSize();
                    letGoBytes += block.byteSize();
                }
            }
            fewestIdle[c] = idle[c].size();
        }
        return letGoBytes;
    }

    private void letGoOfAll() {
        for (ArrayDeque<MemorySegment> list : idle) {
            list.clear();
        }
        Arrays.fill(fewestIdle, 0);
        letGoBytes += idleBytes;
        idleBytes = 0;
    }

    @Override
    public boolean isPlenty() {
        return inUseBytes <= limitBytes / 2;
    }

    @Override
    public boolean takeHeap(long bytes) {
        return true;
    }

    @Override
    public void chargeHeap(long bytes) {
        // a pool alone counts its blocks only
    }

    @Override
    public void giveHeap(long bytes) {
        // as above
    }

    private static int sizeClass(int size) {
        return Integer.numberOfTrailingZeros(size) - 12;
    }

    /** Bytes handed out now. */
    public long inUseBytes() {
        return inUseBytes;
    }

    /** Bytes kept for reuse. */
    public long idleBytes() {
        return idleBytes;
    }

    /** How often the machine had no memory for a block. */
    public long failures() {
        return failures;
    }

    /** The limit; {@link Long#MAX_VALUE} for none. */
    public long limitBytes() {
        return limitBytes;
    }
}

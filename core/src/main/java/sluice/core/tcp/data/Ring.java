package sluice.core.tcp.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import sluice.base.BrokenInvariantException;
import sluice.core.BlockSource;

/**
 * Bytes of a stream by their 64-bit position, in a block of the pool that grows when needed and is given back when
 * nothing is kept.
 *
 * <p>Position p lies at p mod capacity. The owner says which positions are live.
 */
final class Ring {
    private final BlockSource pool;
    private @Nullable MemorySegment block;
    private long mask = -1;

    Ring(BlockSource pool) {
        this.pool = pool;
    }

    /** Bytes of memory held. */
    int capacity() {
        MemorySegment b = block;
        return b == null ? 0 : (int) b.byteSize();
    }

    /**
     * Makes room for positions {@code [from, to)}, of which {@code [from, liveTo)} hold bytes that must survive.
     *
     * @return false when there is no memory for it; nothing changed
     */
    boolean ensure(long from, long to, long liveTo) {
        MemorySegment old = block;
        if (old != null && to - from <= mask + 1) {
            return true;
        }
        MemorySegment bigger = pool.take(to - from);
        if (bigger == null || bigger.byteSize() < to - from) {
            if (bigger != null) {
                pool.give(bigger);
            }
            return false;
        }
        long newMask = bigger.byteSize() - 1;
        if (old != null) {
            for (long p = from; p < liveTo;) {
                long n = Math.min(liveTo - p, Math.min(mask + 1 - (p & mask), newMask + 1 - (p & newMask)));
                MemorySegment.copy(old, p & mask, bigger, p & newMask, n);
                p += n;
            }
            pool.give(old);
        }
        block = bigger;
        mask = newMask;
        return true;
    }

    /** Gives the memory back. */
    void release() {
        MemorySegment b = block;
        if (b != null) {
            pool.give(b);
            block = null;
            mask = -1;
        }
    }

    void write(long position, MemorySegment source, long offset, int length) {
        MemorySegment b = memory();
        long at = position & mask;
        long first = Math.min(length, mask + 1 - at);
        MemorySegment.copy(source, offset, b, at, first);
        if (first < length) {
            MemorySegment.copy(source, offset + first, b, 0, length - first);
        }
    }

    /** From an array: by a statement of its own, since one that meets both is three times slower. */
    void write(long position, byte[] source, int offset, int length) {
        MemorySegment b = memory();
        long at = position & mask;
        int first = (int) Math.min(length, mask + 1 - at);
        MemorySegment.copy(source, offset, b, ValueLayout.JAVA_BYTE, at, first);
        if (first < length) {
            MemorySegment.copy(source, offset + first, b, ValueLayout.JAVA_BYTE, 0, length - first);
        }
    }

    void read(long position, MemorySegment target, long offset, int length) {
        MemorySegment b = memory();
        long at = position & mask;
        long first = Math.min(length, mask + 1 - at);
        MemorySegment.copy(b, at, target, offset, first);
        if (first < length) {
            MemorySegment.copy(b, 0, target, offset + first, length - first);
        }
    }

    /** The block; offsets by {@link #offset}. */
    MemorySegment memory() {
        MemorySegment b = block;
        if (b == null) {
            throw new BrokenInvariantException("ring holds no memory");
        }
        return b;
    }

    /** Offset of a position in the block. */
    long offset(long position) {
        return position & mask;
    }

    /** Bytes from {@code position} to the end of the block. */
    int contiguous(long position) {
        return (int) (mask + 1 - (position & mask));
    }
}

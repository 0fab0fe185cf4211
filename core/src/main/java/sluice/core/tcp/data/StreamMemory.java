package sluice.core.tcp.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import sluice.core.BlockSource;

/**
 * Where the bytes of a stream lie, by their 64-bit position: in a ring of the pool, or in place in memory that is
 * referred to. The owner says which positions are live.
 */
final class StreamMemory {
    final Ring ring;
    private @Nullable References references;

    /** Nothing kept. */
    StreamMemory(BlockSource pool) {
        ring = new Ring(pool);
    }

    /** Positions {@code [start, end)}, behind all others, are the bytes of {@code memory} from {@code offset} on. */
    void refer(long start, long end, MemorySegment memory, long offset) {
        References r = references;
        if (r == null) {
            r = new References();
            references = r;
        }
        r.add(start, end, memory, offset);
    }

    /**
     * Copies bytes behind the last part that is referred to, into its memory, if it ends at {@code position} and has
     * room; false when not.
     */
    boolean append(long position, MemorySegment source, long offset, int length) {
        References r = references;
        return r != null && r.append(position, source, offset, length);
    }

    /** Takes off the first part that is referred to if it ends at or before {@code position}; its memory, or null. */
    @Nullable MemorySegment takeReferred(long position) {
        References r = references;
        return r == null ? null : r.take(position);
    }

    /** Copies {@code [position, position + length)} to {@code target}. */
    void read(long position, MemorySegment target, long offset, int length) {
        if (references == null) {
            ring.read(position, target, offset, length);
            return;
        }
        for (int done = 0; done < length;) {
            long at = position + done;
            int n = (int) Math.min(length - done, contiguous(at));
            MemorySegment.copy(memory(at), offset(at), target, offset + done, n);
            done += n;
        }
    }

    /** The same to an array. */
    void read(long position, byte[] target, int offset, int length) {
        for (int done = 0; done < length;) {
            long at = position + done;
            int n = (int) Math.min(length - done, contiguous(at));
            MemorySegment.copy(memory(at), ValueLayout.JAVA_BYTE, offset(at), target, offset + done, n);
            done += n;
        }
    }

    /** Bytes from {@code position} on that lie in one piece, live or not. */
    long contiguous(long position) {
        References r = references;
        if (r == null) {
            return ring.contiguous(position);
        }
        int i = r.find(position);
        return i >= 0 ? r.end(i) - position : Math.min(ring.contiguous(position), r.startAfter(position) - position);
    }

    /** The memory that holds a position. */
    MemorySegment memory(long position) {
        References r = references;
        int i = r == null ? -1 : r.find(position);
        return r == null || i < 0 ? ring.memory() : r.memory(i);
    }

    /** Offset of a position in {@link #memory}. */
    long offset(long position) {
        References r = references;
        int i = r == null ? -1 : r.find(position);
        return r == null || i < 0 ? ring.offset(position) : r.offset(i, position);
    }
}

package sluice.core.tcp.data;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.core.BlockSource;
import sluice.core.BufferPool;

/**
 * The bytes an application has sent and the peer has not acknowledged, by 64-bit stream position (0 is the first byte
 * after the SYN).
 *
 * <p>Holds {@code [start, end)}; memory grows with use, and an empty buffer holds none. Bytes may also stay in the
 * application's memory, which it must not change until they are acknowledged.
 */
public final class SendBuffer {
    private final StreamMemory bytes;
    private long start;
    private long end;
    private int limitBytes;

    /** An empty buffer for at most {@code limitBytes}. */
    public SendBuffer(BlockSource pool, int limitBytes) {
        bytes = new StreamMemory(pool);
        this.limitBytes = limitBytes;
    }

    /** First position kept: everything before is acknowledged. */
    public long start() {
        return start;
    }

    /** Position after the last byte. */
    public long end() {
        return end;
    }

    /** Bytes kept. */
    public int size() {
        return (int) (end - start);
    }

    /** Largest number of bytes kept. */
    public int limitBytes() {
        return limitBytes;
    }

    /** Changes the limit; never drops bytes. */
    public void limitBytes(int limit) {
        limitBytes = limit;
    }

    /** Bytes that could be written now. */
    public int room() {
        return Math.max(0, limitBytes - size());
    }

    /** Memory held, bytes. */
    public int memoryBytes() {
        return bytes.ring.capacity();
    }

    /**
     * Makes sure that there is memory for {@code wanted} more bytes, beyond the limit too; how many there really is
     * memory for: fewer when the host is short of it, 0 when it has none left.
     */
    public int memoryFor(int wanted) {
        if (bytes.ring.ensure(start, end + wanted, end)) {
            return wanted;
        }
        int capacity = bytes.ring.capacity();
        if (capacity > 0) {
            return Math.max(0, Math.min(wanted, capacity - size()));
        }
        int least = BufferPool.MIN_BLOCK - size();
        return least > 0 && bytes.ring.ensure(start, end + least, end) ? least : 0;
    }

    /** Appends all of {@code length} bytes, beyond the limit too; returns false when the host has no memory left. */
    public boolean append(MemorySegment source, long offset, int length) {
        if (!bytes.ring.ensure(start, end + length, end)) {
            return false;
        }
        bytes.ring.write(end, source, offset, length);
        end += length;
        return true;
    }

    /** The same from an array. */
    public boolean append(byte[] source, int offset, int length) {
        if (!bytes.ring.ensure(start, end + length, end)) {
            return false;
        }
        bytes.ring.write(end, source, offset, length);
        end += length;
        return true;
    }

    /** Appends bytes that stay where they are, in native memory, until they are acknowledged; beyond the limit too. */
    public void refer(MemorySegment source, long offset, int length) {
        bytes.refer(end, end + length, source, offset);
        end += length;
    }

    /**
     * A contiguous piece to be filled in place and then {@link #commit}ted, of 1…{@code wanted} bytes; null when full,
     * or when the host has no memory left.
     */
    public @Nullable MemorySegment writable(int wanted) {
        int most = Math.min(wanted, room());
        int n = most <= 0 ? 0 : memoryFor(most);
        if (n <= 0) {
            return null;
        }
        return bytes.ring.memory().asSlice(bytes.ring.offset(end), Math.min(n, bytes.ring.contiguous(end)));
    }

    /** Appends the first {@code count} bytes of what {@link #writable} gave. */
    public void commit(int count) {
        end += count;
    }

    /** Copies {@code [position, position + length)}, which must be kept, to {@code target}. */
    public void read(long position, MemorySegment target, long offset, int length) {
        bytes.read(position, target, offset, length);
    }

    /** Whether the range lies in one piece of memory. */
    public boolean isContiguous(long position, int length) {
        return length <= bytes.contiguous(position);
    }

    /** The memory that holds a position, for senders that gather. */
    public MemorySegment memory(long position) {
        return bytes.memory(position);
    }

    /** Offset of a position in {@link #memory}. */
    public long offset(long position) {
        return bytes.offset(position);
    }

    /** Forgets everything before {@code position}. */
    public void acknowledged(long position) {
        start = position;
        letGo();
    }

    private void letGo() {
        while (bytes.takeReferred(start) != null) {
            // the application's memory: nobody gives it back
        }
        if (start == end) {
            bytes.ring.release();
        }
    }

    /** Drops everything and gives the memory back. */
    public void clear() {
        start = end;
        letGo();
    }
}

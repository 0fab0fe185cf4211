package sluice.core.tcp.data;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.core.BufferPool;

/**
 * The bytes an application has sent and the peer has not acknowledged, by 64-bit stream position (0 is the first byte after the SYN).
 *
 * <p>Holds {@code [start, end)}; memory grows with use, and an empty buffer holds none. Bytes may also stay in the application's memory, which it must not change until they
 * are acknowledged.
 */
public final class SendBuffer {
    private final Ring ring;
    private @Nullable References references;
    private long start;
    private long end;
    private int limitBytes;

    /** An empty buffer for at most {@code limitBytes}. */
    public SendBuffer(BufferPool pool, int limitBytes) {
        ring = new Ring(pool);
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
    public void limitBytes(int bytes) {
        limitBytes = bytes;
    }

    /** Bytes that could be written now. */
    public int room() {
        return Math.max(0, limitBytes - size());
    }

    /** Memory held, bytes. */
    public int memoryBytes() {
        return ring.capacity();
    }

    /** Appends up to {@code length} bytes; returns how many fit; 0 when full, or -1 when the host has no memory left. */
    public int write(MemorySegment source, long offset, int length) {
        int n = Math.min(length, room());
        if (n == 0) {
            return 0;
        }
        if (!ring.ensure(start, end + n, end)) {
            return -1;
        }
        ring.write(end, source, offset, n);
        end += n;
        return n;
    }

    /** Appends all of {@code length} bytes, beyond the limit too; returns false when the host has no memory left. */
    public boolean append(MemorySegment source, long offset, int length) {
        if (!ring.ensure(start, end + length, end)) {
            return false;
        }
        ring.write(end, source, offset, length);
        end += length;
        return true;
    }

    /** Appends bytes that stay where they are, in native memory, until they are acknowledged; beyond the limit too. */
    public void refer(MemorySegment source, long offset, int length) {
        References r = references;
        if (r == null) {
            r = new References();
            references = r;
        }
        r.add(end, end + length, source, offset);
        end += length;
    }

    /** A contiguous piece to be filled in place and then {@link #commit}ted, of 1…{@code wanted} bytes; null when full. */
    public @Nullable MemorySegment writable(int wanted) {
        int n = Math.min(wanted, room());
        if (n <= 0 || !ring.ensure(start, end + n, end)) {
            return null;
        }
        return ring.memory().asSlice(ring.offset(end), Math.min(n, ring.contiguous(end)));
    }

    /** Appends the first {@code bytes} of what {@link #writable} gave. */
    public void commit(int bytes) {
        end += bytes;
    }

    /** Copies {@code [position, position + length)}, which must be kept, to {@code target}. */
    public void read(long position, MemorySegment target, long offset, int length) {
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

    /** Whether the range lies in one piece of memory. */
    public boolean isContiguous(long position, int length) {
        return length <= contiguous(position);
    }

    private long contiguous(long position) {
        References r = references;
        if (r == null) {
            return ring.contiguous(position);
        }
        int i = r.find(position);
        return i >= 0 ? r.end(i) - position : Math.min(ring.contiguous(position), r.startAfter(position) - position);
    }

    /** The memory that holds a position, for senders that gather. */
    public MemorySegment memory(long position) {
        References r = references;
        int i = r == null ? -1 : r.find(position);
        return r == null || i < 0 ? ring.memory() : r.memory(i);
    }

    /** Offset of a position in {@link #memory}. */
    public long offset(long position) {
        References r = references;
        int i = r == null ? -1 : r.find(position);
        return r == null || i < 0 ? ring.offset(position) : r.offset(i, position);
    }

    /** Forgets everything before {@code position}. */
    public void acknowledged(long position) {
        start = position;
        if (references != null) {
            references.forget(position);
        }
        if (start == end) {
            ring.release();
        }
    }

    /** Drops everything and gives the memory back. */
    public void clear() {
        start = end;
        references = null;
        ring.release();
    }
}

package sluice.core.tcp.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import sluice.core.BlockSource;
import sluice.wire.Packet;

/**
 * The bytes that have arrived and were not read, by 64-bit stream position: in order up to {@link #nextPosition}, and
 * pieces beyond it that lie at their final place.
 *
 * <p>Large payload stays in the packet's memory, in which what follows finds room; everything else is copied into a
 * ring. Memory grows with what has really arrived, not with the window; an empty buffer holds none.
 */
public final class ReceiveBuffer {
    /** Payload from which on the packet's memory is kept: less would hold more than four times its size. */
    private static final int KEPT_BYTES = Packet.BLOCK / 4;

    private final BlockSource pool;
    private final StreamMemory bytes;
    private long readPosition;
    private long nextPosition;
    /** Live positions of the ring: those from {@code max(ringStart, readPosition)} to {@code ringEnd}. */
    private long ringStart;
    private long ringEnd;
    private int keptMemory;

    /** An empty buffer. */
    public ReceiveBuffer(BlockSource pool) {
        this.pool = pool;
        bytes = new StreamMemory(pool);
    }

    /** First byte the application has not read. */
    public long readPosition() {
        return readPosition;
    }

    /** First byte that has not arrived: RCV.NXT as a position. */
    public long nextPosition() {
        return nextPosition;
    }

    /** Bytes that can be read. */
    public int available() {
        return (int) (nextPosition - readPosition);
    }

    /** Memory held, bytes. */
    public int memoryBytes() {
        return bytes.ring.capacity() + keptMemory;
    }

    /**
     * Takes bytes of a packet that belong at {@code position}, in order or not; false when the host has no memory left.
     */
    public boolean store(long position, Packet packet, int offset, int length) {
        return keep(position, packet, offset, length) || copy(position, packet.memory, offset, length);
    }

    /**
     * Keeps the memory of a packet with the next bytes, which goes on with another block of the pool: nothing is
     * copied.
     *
     * @return false, and nothing happened, when that is not worth it or not possible
     */
    boolean keep(long position, Packet packet, int offset, int length) {
        if (length < KEPT_BYTES || position != nextPosition || ringEnd > position
                || packet.memory.byteSize() != Packet.BLOCK
                || !pool.isPlenty()) {
            return false;
        }
        MemorySegment other = pool.take(Packet.BLOCK);
        if (other == null) {
            return false;
        }
        bytes.refer(position, position + length, packet.exchange(other), offset);
        keptMemory += Packet.BLOCK;
        return true;
    }

    /** Copies bytes to their place: behind a kept packet, or in the ring. */
    boolean copy(long position, MemorySegment source, long offset, int length) {
        if (position == nextPosition && ringEnd <= position && bytes.append(position, source, offset, length)) {
            return true;
        }
        if (ringIsEmpty()) {
            ringStart = nextPosition;
            ringEnd = nextPosition;
        }
        long to = Math.max(ringEnd, position + length);
        if (!bytes.ring.ensure(Math.max(readPosition, ringStart), to, ringEnd)) {
            return false;
        }
        bytes.ring.write(position, source, offset, length);
        ringEnd = to;
        return true;
    }

    private boolean ringIsEmpty() {
        return ringEnd <= Math.max(readPosition, ringStart);
    }

    /** Everything before {@code position} has arrived. */
    public void advance(long position) {
        nextPosition = position;
    }

    /** Copies up to {@code length} readable bytes without taking them. */
    public int peek(MemorySegment target, long offset, int length) {
        int n = Math.min(length, available());
        if (n > 0) {
            bytes.read(readPosition, target, offset, n);
        }
        return n;
    }

    /** The same into an array. */
    public int peek(byte[] target, int offset, int length) {
        int n = Math.min(length, available());
        if (n > 0) {
            bytes.read(readPosition, target, offset, n);
        }
        return n;
    }

    /** One readable byte, 0…255. */
    public int byteAt(long position) {
        return bytes.memory(position).get(ValueLayout.JAVA_BYTE, bytes.offset(position)) & 0xff;
    }

    /** The readable bytes that lie in one piece; null when there are none. */
    public @Nullable MemorySegment readable() {
        int n = readableInPlace(readPosition);
        return n == 0 ? null : memory(readPosition).asSlice(offset(readPosition), n);
    }

    /** How many bytes from a readable position on lie in one piece, at {@link #offset} of {@link #memory}. */
    public int readableInPlace(long position) {
        long n = nextPosition - position;
        return n == 0 ? 0 : (int) Math.min(n, bytes.contiguous(position));
    }

    /** The memory that holds a readable position. */
    public MemorySegment memory(long position) {
        return bytes.memory(position);
    }

    /** Offset of a readable position in its {@link #memory}. */
    public long offset(long position) {
        return bytes.offset(position);
    }

    /** Takes {@code count} readable bytes away. */
    public void consume(int count) {
        readPosition += count;
        release();
    }

    /** Drops the pieces beyond {@link #nextPosition} (the peer keeps them: SACK promises nothing). */
    public void dropOutOfOrder() {
        ringEnd = Math.min(ringEnd, nextPosition);
        release();
    }

    /** Drops everything and gives the memory back. */
    public void clear() {
        readPosition = nextPosition;
        dropOutOfOrder();
    }

    private void release() {
        for (MemorySegment m = bytes.takeReferred(readPosition); m != null; m = bytes.takeReferred(readPosition)) {
            keptMemory -= Packet.BLOCK;
            pool.give(m);
        }
        if (ringIsEmpty()) {
            bytes.ring.release();
        }
    }
}

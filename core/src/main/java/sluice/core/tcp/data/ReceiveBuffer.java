package sluice.core.tcp.data;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.core.BufferPool;

/**
 * The bytes that have arrived and were not read, by 64-bit stream position: in order up to {@link #nextPosition}, and pieces beyond it that lie at their final place.
 *
 * <p>Memory grows with what has really arrived, not with the window; an empty buffer holds none.
 */
public final class ReceiveBuffer {
    private final Ring ring;
    private long readPosition;
    private long nextPosition;
    private long highest;

    /** An empty buffer. */
    public ReceiveBuffer(BufferPool pool) {
        ring = new Ring(pool);
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
        return ring.capacity();
    }

    /** Stores bytes at their place, in order or not; false when the host has no memory left. */
    public boolean store(long position, MemorySegment source, long offset, int length) {
        long to = Math.max(highest, position + length);
        if (!ring.ensure(readPosition, to, Math.max(highest, readPosition))) {
            return false;
        }
        ring.write(position, source, offset, length);
        highest = to;
        return true;
    }

    /** Everything before {@code position} has arrived. */
    public void advance(long position) {
        nextPosition = position;
        highest = Math.max(highest, position);
    }

    /** Copies up to {@code length} readable bytes without taking them. */
    public int peek(MemorySegment target, long offset, int length) {
        int n = Math.min(length, available());
        if (n > 0) {
            ring.read(readPosition, target, offset, n);
        }
        return n;
    }

    /** One readable byte, 0…255. */
    public int byteAt(long position) {
        return ring.memory().get(java.lang.foreign.ValueLayout.JAVA_BYTE, ring.offset(position)) & 0xff;
    }

    /** The readable bytes that lie in one piece; null when there are none. */
    public @Nullable MemorySegment readable() {
        int n = readableInPlace();
        return n == 0 ? null : ring.memory().asSlice(ring.offset(readPosition), n);
    }

    /** How many readable bytes lie in one piece, at {@link #readOffset} of {@link #memory}. */
    public int readableInPlace() {
        int n = available();
        return n == 0 ? 0 : Math.min(n, ring.contiguous(readPosition));
    }

    /** Where the memory is that {@link #readableInPlace} bytes can be read from. */
    public MemorySegment memory() {
        return ring.memory();
    }

    /** Offset of the first readable byte in {@link #memory}. */
    public long readOffset() {
        return ring.offset(readPosition);
    }

    /** Takes {@code bytes} readable bytes away. */
    public void consume(int bytes) {
        readPosition += bytes;
        if (readPosition == highest) {
            ring.release();
        }
    }

    /** Drops the pieces beyond {@link #nextPosition} (the peer keeps them: SACK promises nothing). */
    public void dropOutOfOrder() {
        highest = nextPosition;
        if (readPosition == highest) {
            ring.release();
        }
    }

    /** Drops everything and gives the memory back. */
    public void clear() {
        readPosition = nextPosition;
        highest = nextPosition;
        ring.release();
    }
}

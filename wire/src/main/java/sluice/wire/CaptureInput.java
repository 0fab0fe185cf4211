package sluice.wire;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/**
 * One record at a time from a channel, for the readers of captures, into a native buffer that grows within {@link
 * #MAX_RECORD}.
 */
final class CaptureInput {
    /** Bytes of one record at most; more is taken for damage. */
    static final int MAX_RECORD = 1 << 24;
    private static final int STEP = 65_536;

    private final ReadableByteChannel channel;
    private MemorySegment memory = Arena.ofAuto().allocate(65_536 + 512, 8);
    private ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    private ByteOrder order = ByteOrder.nativeOrder();

    CaptureInput(ReadableByteChannel channel) {
        this.channel = channel;
    }

    void order(ByteOrder byteOrder) {
        order = byteOrder;
        buffer.order(byteOrder);
    }

    ByteOrder order() {
        return order;
    }

    MemorySegment memory() {
        return memory;
    }

    /**
     * Reads {@code length} bytes to {@code at} in the buffer.
     *
     * @return false when the file ends before the first of them
     * @throws EOFException when it ends among them
     */
    boolean read(int at, int length, String what) throws IOException {
        if (length < 0 || length > MAX_RECORD) {
            throw new IOException(what + " of " + Integer.toUnsignedLong(length) + " bytes: damaged file");
        }
        int end = at + length;
        int done = at;
        while (done < end) {
            // Grow with what is really there, not with what a damaged length promises.
            reserve(Math.min(end, done + STEP));
            buffer.limit((int) Math.min(end, memory.byteSize())).position(done);
            if (channel.read(buffer) < 0) {
                if (done == at) {
                    return false;
                }
                throw new EOFException("the file ends in the middle of a " + what);
            }
            done = buffer.position();
        }
        return true;
    }

    private void reserve(int bytes) {
        if (bytes > memory.byteSize()) {
            MemorySegment larger = Arena.ofAuto().allocate(Integer.highestOneBit(bytes) * 2L, 8);
            MemorySegment.copy(memory, 0, larger, 0, memory.byteSize());
            memory = larger;
            buffer = larger.asByteBuffer().order(order);
        }
    }

    /** As {@link #read}, but the file must not end before. */
    void readFully(int at, int length, String what) throws IOException {
        if (length > 0 && !read(at, length, what)) {
            throw new EOFException("the file ends before its " + what);
        }
    }

    int i32(int at) {
        return buffer.getInt(at);
    }

    int u16(int at) {
        return buffer.getShort(at) & 0xffff;
    }

    int u8(int at) {
        return buffer.get(at) & 0xff;
    }

    long i64(int at) {
        return buffer.getLong(at);
    }

    byte[] bytes(int at, int length) {
        byte[] copy = new byte[length];
        buffer.get(at, copy);
        return copy;
    }

    void close() throws IOException {
        channel.close();
    }
}

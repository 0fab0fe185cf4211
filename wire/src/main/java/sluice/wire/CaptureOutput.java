package sluice.wire;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * A native buffer before a channel, for the writers of captures; numbers in the machine's byte order. Everything
 * written reaches the channel.
 */
final class CaptureOutput {
    /** Bytes of one packet in a capture at most: the limit of tcpdump and Wireshark. */
    static final int MAX_PACKET = 262_144;
    private static final int CAPACITY = MAX_PACKET + 65_536;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.nativeOrder());
    private final MemorySegment memory = MemorySegment.ofBuffer(buffer);

    CaptureOutput(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Makes sure that {@code bytes} fit into the buffer. */
    void reserve(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            drain();
        }
        if (buffer.remaining() < bytes) {
            throw new IllegalArgumentException(
                    "a record of " + bytes + " bytes is larger than a capture can hold, " + CAPACITY);
        }
    }

    int position() {
        return buffer.position();
    }

    void u8(int value) {
        buffer.put((byte) value);
    }

    void u16(int value) {
        buffer.putShort((short) value);
    }

    void u32(long value) {
        buffer.putInt((int) value);
    }

    void u32At(int position, long value) {
        buffer.putInt(position, (int) value);
    }

    void i64(long value) {
        buffer.putLong(value);
    }

    void padTo4() {
        while ((buffer.position() & 3) != 0) {
            buffer.put((byte) 0);
        }
    }

    /** An option of a pcapng block. */
    void option(int code, byte[] value) {
        u16(code);
        u16(value.length);
        buffer.put(value);
        padTo4();
    }

    /** Text of a pcapng option, cut to {@code max} bytes at a character's border. */
    static byte[] utf8(String text, int max) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= max) {
            return bytes;
        }
        int end = max;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        byte[] cut = new byte[end];
        System.arraycopy(bytes, 0, cut, 0, end);
        return cut;
    }

    /** Bytes from memory; {@link #reserve} must have been called. */
    void bytes(MemorySegment m, long offset, int length) {
        MemorySegment.copy(m, offset, memory, buffer.position(), length);
        buffer.position(buffer.position() + length);
    }

    /**
     * The first {@code length} bytes of a packet with its tail; completes a partial checksum in the copy when all of
     * the packet is taken.
     */
    void packet(Packet packet, int length) {
        int at = buffer.position();
        int head = Math.min(length, packet.end - packet.start);
        bytes(packet.memory, packet.start, head);
        MemorySegment tail = packet.tail;
        if (tail != null && length > head) {
            bytes(tail, packet.tailOffset, length - head);
        }
        if (packet.checksumPartial && length == packet.length()) {
            int start = at + packet.checksumStart - packet.start;
            int field = start + packet.checksumField;
            int bytes = at + length - start;
            if (start >= at && bytes > 0 && field + 2 <= at + length) {
                int sum = Checksum.finish(Checksum.sum(memory, start, bytes));
                memory.set(ValueLayout.JAVA_BYTE, field, (byte) (sum >>> 8));
                memory.set(ValueLayout.JAVA_BYTE, field + 1L, (byte) sum);
            }
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            buffer.compact();
        }
    }

    void flush() throws IOException {
        drain();
    }

    void close() throws IOException {
        try (WritableByteChannel closing = channel) {
            if (closing.isOpen()) {
                drain();
            }
        }
    }

    static int checkSnapLength(int snapLength) {
        if (snapLength < 1 || snapLength > MAX_PACKET) {
            throw new IllegalArgumentException("snapLength " + snapLength + " is outside 1…" + MAX_PACKET);
        }
        return snapLength;
    }
}

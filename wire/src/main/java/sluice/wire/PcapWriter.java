package sluice.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/**
 * Writes packets as a pcap file with nanosecond timestamps (magic a1b23c4d), in the machine's byte order.
 *
 * <p>Buffered: call {@link #flush} when somebody reads along. Super-segments are written as they are. Partial checksums
 * are completed in the copy. Not thread-safe.
 */
public final class PcapWriter implements Closeable {
    /** Bytes of a packet kept at most. */
    public static final int MAX_SNAP_LENGTH = CaptureOutput.MAX_PACKET;

    private static final long NS_PER_S = 1_000_000_000L;
    private static final int RECORD_HEADER = 16;

    private final CaptureOutput out;
    private final int snapLength;

    /**
     * Begins a file.
     *
     * @param channel blocking; closed with this writer
     * @param linkType one of {@link LinkType}
     * @param snapLength bytes of each packet to keep, 1 … {@link #MAX_SNAP_LENGTH}
     */
    public PcapWriter(WritableByteChannel channel, int linkType, int snapLength) throws IOException {
        this.snapLength = CaptureOutput.checkSnapLength(snapLength);
        out = new CaptureOutput(channel);
        out.reserve(24);
        out.u32(Pcap.MAGIC_NS);
        out.u16(2);
        out.u16(4);
        out.u32(0);
        out.u32(0);
        out.u32(snapLength);
        out.u32(linkType);
    }

    /** Begins a file on a stream, keeping whole packets. */
    public PcapWriter(OutputStream stream, int linkType) throws IOException {
        this(Channels.newChannel(stream), linkType, MAX_SNAP_LENGTH);
    }

    /**
     * Writes a packet, with its tail. {@code timestampNs} counts from 1970 (or from the start of a simulation) and is
     * not negative.
     */
    public void write(long timestampNs, Packet packet) throws IOException {
        int length = packet.length();
        int kept = Math.min(length, snapLength);
        header(timestampNs, kept, length);
        out.packet(packet, kept);
    }

    /** Writes {@code length} bytes at {@code offset} as a packet. */
    public void write(long timestampNs, MemorySegment m, long offset, int length) throws IOException {
        int kept = Math.min(length, snapLength);
        header(timestampNs, kept, length);
        out.bytes(m, offset, kept);
    }

    private void header(long timestampNs, int kept, int length) throws IOException {
        out.reserve(RECORD_HEADER + kept);
        out.u32(timestampNs / NS_PER_S);
        out.u32(timestampNs % NS_PER_S);
        out.u32(kept);
        out.u32(length);
    }

    /** Hands everything to the channel. */
    public void flush() throws IOException {
        out.flush();
    }

    /** Flushes and closes the channel. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}

package sluice.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets as a pcapng file: several interfaces with names, nanosecond timestamps, directions and a comment for
 * each packet that has one.
 *
 * <p>Buffered: call {@link #flush} when somebody reads along. Super-segments are written as they are. Partial checksums
 * are completed in the copy. Not thread-safe.
 */
public final class PcapngWriter implements Closeable {
    /** Bytes of a packet kept at most. */
    public static final int MAX_SNAP_LENGTH = CaptureOutput.MAX_PACKET;
    /** Bytes of a comment or name kept at most. */
    public static final int MAX_TEXT = 16_384;

    private static final int FIXED = 64;

    private final CaptureOutput out;
    private final List<Integer> snapLengths = new ArrayList<>();

    /**
     * Begins a file.
     *
     * @param channel blocking; closed with this writer
     * @param application name of the program, shown by Wireshark
     */
    public PcapngWriter(WritableByteChannel channel, String application) throws IOException {
        out = new CaptureOutput(channel);
        out.reserve(FIXED + MAX_TEXT);
        int start = begin(Pcap.SECTION_HEADER);
        out.u32(Pcap.BYTE_ORDER_MAGIC);
        out.u16(1);
        out.u16(0);
        out.i64(-1);
        out.option(Pcap.OPTION_USER_APPLICATION, CaptureOutput.utf8(application, MAX_TEXT));
        out.option(Pcap.OPTION_END, new byte[0]);
        end(start);
    }

    /** Begins a file on a stream, by the program "sluice". */
    public PcapngWriter(OutputStream stream) throws IOException {
        this(Channels.newChannel(stream), "sluice");
    }

    /**
     * Adds an interface; returns its index, counted from 0.
     *
     * @param name as shown: "tun0"
     * @param linkType one of {@link LinkType}
     * @param snapLength bytes of each packet to keep, 1 … {@link #MAX_SNAP_LENGTH}
     */
    public int addInterface(String name, int linkType, int snapLength) throws IOException {
        CaptureOutput.checkSnapLength(snapLength);
        out.reserve(FIXED + MAX_TEXT);
        int start = begin(Pcap.INTERFACE_DESCRIPTION);
        out.u16(linkType);
        out.u16(0);
        out.u32(snapLength);
        out.option(Pcap.OPTION_IF_NAME, CaptureOutput.utf8(name, MAX_TEXT));
        out.option(Pcap.OPTION_IF_TSRESOL, new byte[]{9});
        out.option(Pcap.OPTION_END, new byte[0]);
        end(start);
        snapLengths.add(snapLength);
        return snapLengths.size() - 1;
    }

    /** Adds an interface that keeps whole packets. */
    public int addInterface(String name, int linkType) throws IOException {
        return addInterface(name, linkType, MAX_SNAP_LENGTH);
    }

    /**
     * Writes a packet, with its tail.
     *
     * @param interfaceIndex from {@link #addInterface}
     * @param timestampNs since 1970 (or since the start of a simulation), not negative
     * @param comment what Wireshark shows with the packet, or null
     */
    public void write(int interfaceIndex, long timestampNs, PacketDirection direction, Packet packet,
            @Nullable String comment) throws IOException {
        int length = packet.length();
        int kept = Math.min(length, snapLengths.get(interfaceIndex));
        int start = beginPacket(interfaceIndex, timestampNs, kept, length);
        out.packet(packet, kept);
        endPacket(start, direction, comment);
    }

    /** Writes {@code length} bytes at {@code offset} as a packet; the rest as above. */
    public void write(int interfaceIndex, long timestampNs, PacketDirection direction, MemorySegment m, long offset,
            int length, @Nullable String comment)
            throws IOException {
        int kept = Math.min(length, snapLengths.get(interfaceIndex));
        int start = beginPacket(interfaceIndex, timestampNs, kept, length);
        out.bytes(m, offset, kept);
        endPacket(start, direction, comment);
    }

    private int beginPacket(int interfaceIndex, long timestampNs, int kept, int length) throws IOException {
        out.reserve(FIXED + kept + MAX_TEXT);
        int start = begin(Pcap.ENHANCED_PACKET);
        out.u32(interfaceIndex);
        out.u32(timestampNs >>> 32);
        out.u32(timestampNs);
        out.u32(kept);
        out.u32(length);
        return start;
    }

    private void endPacket(int start, PacketDirection direction, @Nullable String comment) {
        out.padTo4();
        boolean commented = comment != null && !comment.isEmpty();
        if (direction != PacketDirection.UNKNOWN) {
            out.u16(Pcap.OPTION_EPB_FLAGS);
            out.u16(4);
            out.u32(direction.ordinal());
        }
        if (comment != null && commented) {
            out.option(Pcap.OPTION_COMMENT, CaptureOutput.utf8(comment, MAX_TEXT));
        }
        if (commented || direction != PacketDirection.UNKNOWN) {
            out.option(Pcap.OPTION_END, new byte[0]);
        }
        end(start);
    }

    private int begin(int type) {
        int start = out.position();
        out.u32(type);
        out.u32(0);
        return start;
    }

    private void end(int start) {
        int total = out.position() + 4 - start;
        out.u32(total);
        out.u32At(start + 4, total);
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

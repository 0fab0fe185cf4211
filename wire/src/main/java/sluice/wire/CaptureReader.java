package sluice.wire;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Packets from a capture file, one after the other. After {@link #next} returned true the other methods tell about that
 * packet; its bytes stay until the next call.
 *
 * <p>Damaged files end in an {@link IOException} that says what is wrong, never in anything else. Not thread-safe.
 */
public sealed interface CaptureReader extends Closeable permits PcapReader, PcapngReader {
    /**
     * Opens a pcap or pcapng file, whichever it is, either byte order, also one that gzip has packed.
     *
     * @throws IOException when it is neither
     */
    static CaptureReader open(InputStream stream) throws IOException {
        CaptureInput input = new CaptureInput(Channels.newChannel(unpacked(new BufferedInputStream(stream, 1 << 16))));
        input.readFully(0, 4, "file header");
        return input.i32(0) == Pcap.SECTION_HEADER ? new PcapngReader(input) : new PcapReader(input);
    }

    private static InputStream unpacked(BufferedInputStream stream) throws IOException {
        stream.mark(2);
        boolean packed = stream.read() == 0x1f && stream.read() == 0x8b;
        stream.reset();
        return packed ? new BufferedInputStream(new GZIPInputStream(stream, 1 << 16), 1 << 16) : stream;
    }

    /**
     * Moves to the next packet.
     *
     * @return false at the end of the file
     * @throws IOException when it cannot be read or is damaged
     */
    boolean next() throws IOException;

    /** Memory that holds the packet, from offset {@link #offset} on. */
    MemorySegment memory();

    /** Offset of the packet's first byte. */
    long offset();

    /** Bytes captured. */
    int length();

    /** Bytes the packet had. */
    int wireLength();

    /** Nanoseconds since 1970 (or since the start of a simulation). */
    long timestampNs();

    /** What the packet begins with; see {@link LinkType}. */
    int linkType();

    /** Index of the interface in the file, counted from 0. */
    int interfaceIndex();

    /** Name of that interface; null when the file does not say. */
    @Nullable String interfaceName();

    /** Which way it went. */
    PacketDirection direction();

    /** Its comment; null when it has none. */
    @Nullable String comment();
}

package sluice.link;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sluice.wire.LinkType;
import sluice.wire.PacketDirection;
import sluice.wire.PcapngWriter;

/**
 * Writes captured packets to a pcapng file, one interface per sink. A disk that fails ends the capture, not the
 * traffic: the first error is kept and the rest of the packets pass unrecorded. Used by the thread that uses the link.
 */
public final class PcapngSink implements CaptureSink {
    private final PcapngWriter writer;
    private final int interfaceIndex;
    private final long epochShiftNs;
    private @Nullable IOException failure;

    /**
     * A sink into a writer that may serve other interfaces too; closed with the sink.
     *
     * @param name of the interface, as Wireshark shows it
     * @param ethernet whether packets begin with an Ethernet header
     * @param epochShiftNs what to add to the host's clock to get nanoseconds since 1970 (0 in simulation)
     */
    public PcapngSink(PcapngWriter writer, String name, boolean ethernet, long epochShiftNs) throws IOException {
        this.writer = writer;
        this.epochShiftNs = epochShiftNs;
        interfaceIndex = writer.addInterface(name, ethernet ? LinkType.ETHERNET : LinkType.RAW);
    }

    /** A sink into a new file, with times of {@link System#nanoTime} turned into the date. */
    public static PcapngSink toFile(Path file, String name, boolean ethernet) throws IOException {
        PcapngWriter writer = new PcapngWriter(new BufferedOutputStream(Files.newOutputStream(file)));
        return new PcapngSink(writer, name, ethernet, wallClockShiftNs());
    }

    /** What to add to {@link System#nanoTime} to get nanoseconds since 1970, now. */
    public static long wallClockShiftNs() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    }

    @Override
    public void packet(long timeNs, boolean outbound, MemorySegment memory, long offset, int length) {
        if (failure != null) {
            return;
        }
        try {
            writer.write(interfaceIndex, timeNs + epochShiftNs,
                    outbound ? PacketDirection.OUTBOUND : PacketDirection.INBOUND, memory, offset, length, null);
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Why the capture ended early; null when all is well. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** Writes out what is buffered, for somebody who reads along. */
    public void flush() throws IOException {
        writer.flush();
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package sluice.link;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.wire.LinkType;
import sluice.wire.PacketDirection;
import sluice.wire.PcapngWriter;

/**
 * Writes captured packets to a pcapng file, one interface per sink. A disk that fails ends the capture, not the
 * traffic: the first error is kept and told ({@link #onFailure}), and the rest of the packets pass unrecorded. What is
 * buffered is written out within a second of traffic, for somebody who reads along and so that an error shows. Used by
 * the thread that uses the link.
 */
public final class PcapngSink implements CaptureSink {
    private static final long FLUSH_EVERY_NS = 1_000_000_000;

    private final PcapngWriter writer;
    private final int interfaceIndex;
    private final long epochShiftNs;
    private volatile @Nullable IOException failure;
    private @Nullable Consumer<IOException> listener;
    private long flushedNs = Long.MIN_VALUE;

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
        PcapngWriter writer = new PcapngWriter(Files.newOutputStream(file));
        PcapngSink sink = new PcapngSink(writer, name, ethernet, wallClockShiftNs());
        try {
            sink.flush();
        } catch (IOException e) {
            sink.failed(e); // opened, so the traffic goes on as if the disk had been full later
        }
        return sink;
    }

    /** Has {@code told} know why the capture ends early, at once when it has; on the thread that uses the link. */
    public void onFailure(Consumer<IOException> told) {
        listener = told;
        IOException already = failure;
        if (already != null) {
            told.accept(already);
        }
    }

    private void failed(IOException e) {
        if (failure == null) {
            failure = e;
            if (listener != null) {
                listener.accept(e);
            }
        }
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
            if (flushedNs == Long.MIN_VALUE) {
                flushedNs = timeNs;
            } else if (timeNs - flushedNs >= FLUSH_EVERY_NS) {
                flushedNs = timeNs;
                writer.flush();
            }
        } catch (IOException e) {
            failed(e);
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

    /** Writes out what is buffered and closes the file; an error is told as any other, not thrown. */
    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            failed(e);
        }
    }
}

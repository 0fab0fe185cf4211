package sluice.cli.demo;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.core.trace.TraceEvent;
import sluice.core.trace.TraceSink;
import sluice.link.CaptureSink;
import sluice.link.PcapngSink;
import sluice.observe.record.SequenceDiagram;
import sluice.wire.LinkType;
import sluice.wire.Packet;
import sluice.wire.PacketDirection;
import sluice.wire.PcapngWriter;

/**
 * Takes the headers of all packets into a pcapng file and, while one is set, packets and decisions into a sequence
 * diagram. Inside the shard.
 */
public final class DemoCapture implements CaptureSink, TraceSink {
    /** Enough for every header, and for requests and answers of a few lines. */
    private static final int SNAP_BYTES = 256;

    private final PcapngWriter writer;
    private final long toWallClockNs = PcapngSink.wallClockShiftNs();
    private final Packet packet = Packet.ofMaxSize();
    private @Nullable SequenceDiagram diagram;
    private final Consumer<IOException> onFailure;
    private boolean failed;

    /**
     * Begins the file.
     *
     * @param onFailure takes the first error of writing, once; the demo goes on
     */
    public DemoCapture(Path file, String interfaceName, Consumer<IOException> onFailure) throws IOException {
        this.onFailure = onFailure;
        writer = new PcapngWriter(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING),
                "sluice demo");
        writer.addInterface(interfaceName, LinkType.RAW, SNAP_BYTES);
    }

    /** Sets the diagram to draw, or none. Inside the shard. */
    public void draw(@Nullable SequenceDiagram next) {
        diagram = next;
    }

    @Override
    public void packet(long timeNs, boolean outbound, MemorySegment memory, long offset, int length) {
        SequenceDiagram d = diagram;
        if (d != null && length <= packet.room()) {
            packet.clear();
            MemorySegment.copy(memory, offset, packet.memory, packet.start, length);
            packet.end = packet.start + length;
            d.packet(packet, timeNs);
        }
        if (failed) {
            return;
        }
        try {
            writer.write(0, timeNs + toWallClockNs, outbound ? PacketDirection.OUTBOUND : PacketDirection.INBOUND,
                    memory, offset, length, null);
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException e) {
        if (!failed) {
            failed = true;
            onFailure.accept(e);
        }
    }

    @Override
    public void on(TraceEvent event) {
        SequenceDiagram d = diagram;
        if (d != null) {
            d.event(event);
        }
    }

    @Override
    public boolean enabled() {
        return diagram != null;
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            fail(e);
        }
    }
}

package sluice.drill;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import sluice.wire.LinkType;
import sluice.wire.Packet;
import sluice.wire.PacketDirection;
import sluice.wire.PcapngWriter;

/** A pcapng file with the packets of all scripts, an interface for each. May be used by several threads. */
public final class DrillCapture implements Closeable {
    private final FileChannel channel;
    private final PcapngWriter writer;

    /** Makes the file, or empties it. */
    public DrillCapture(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        writer = new PcapngWriter(channel, "sluice drill");
    }

    static Machine.Watcher watcher(@Nullable DrillCapture capture, String script) {
        if (capture == null) {
            return (direction, packet, ns) -> {
                // nobody looks
            };
        }
        int index = capture.add(script);
        return (direction, packet, ns) -> capture.write(index, direction, packet, ns);
    }

    private synchronized int add(String script) {
        try {
            return writer.addInterface(script, LinkType.RAW, PcapngWriter.MAX_SNAP_LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void write(int index, PacketDirection direction, Packet packet, long ns) {
        try {
            writer.write(index, ns, direction, packet, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try (channel) {
            writer.close();
        }
    }
}

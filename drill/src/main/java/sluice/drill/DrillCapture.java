package sluice.drill;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.wire.LinkType;
import sluice.wire.Packet;
import sluice.wire.PacketDirection;
import sluice.wire.PcapngWriter;

/**
 * A pcapng file with the packets of all scripts, an interface for each. A disk that fails ends the capture, not the
 * scripts: the first error is told. May be used by several threads.
 */
public final class DrillCapture implements Closeable {
    private final FileChannel channel;
    private final PcapngWriter writer;
    private final Consumer<IOException> onFailure;
    private boolean failed;

    /**
     * Makes the file, or empties it.
     *
     * @param onFailure takes the first error of writing, once
     */
    public DrillCapture(Path file, Consumer<IOException> onFailure) throws IOException {
        this.onFailure = onFailure;
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
            return failed ? 0 : writer.addInterface(script, LinkType.RAW, PcapngWriter.MAX_SNAP_LENGTH);
        } catch (IOException e) {
            fail(e);
            return 0;
        }
    }

    private synchronized void write(int index, PacketDirection direction, Packet packet, long ns) {
        if (failed) {
            return;
        }
        try {
            writer.write(index, ns, direction, packet, null);
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
    public synchronized void close() {
        try (channel) {
            writer.close();
        } catch (IOException e) {
            fail(e);
        }
    }
}

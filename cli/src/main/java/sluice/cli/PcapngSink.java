package sluice.cli;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import sluice.link.CaptureSink;
import sluice.wire.LinkType;
import sluice.wire.PacketDirection;
import sluice.wire.PcapngWriter;

/** Writes what a capture link sees to a pcapng file. A disk that fails ends the capture, not the traffic. Used by one thread. */
final class PcapngSink implements CaptureSink {
    private static final System.Logger LOG = System.getLogger(PcapngSink.class.getName());
    private static final long FLUSH_NS = 500_000_000;

    private final Path file;
    private final PcapngWriter writer;
    private final long toWallClockNs = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
    private long lastFlushNs = System.nanoTime();
    private boolean failed;

    PcapngSink(Path file, String interfaceName, boolean ethernet) {
        this.file = file;
        try {
            writer = new PcapngWriter(
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING), "sluice");
            writer.addInterface(interfaceName, ethernet ? LinkType.ETHERNET : LinkType.RAW);
            writer.flush();
        } catch (IOException e) {
            throw new Failure("cannot write the capture " + file + ": " + e);
        }
    }

    @Override
    public void packet(long timeNs, boolean outbound, MemorySegment memory, long offset, int length) {
        if (failed) {
            return;
        }
        try {
            writer.write(0, timeNs + toWallClockNs, outbound ? PacketDirection.OUTBOUND : PacketDirection.INBOUND, memory, offset, length, null);
            if (timeNs - lastFlushNs > FLUSH_NS) {
                lastFlushNs = timeNs;
                writer.flush();
            }
        } catch (IOException e) {
            failed = true;
            LOG.log(Level.WARNING, "the capture " + file + " ends here", e);
        }
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the end of the capture " + file + " is lost", e);
        }
    }
}

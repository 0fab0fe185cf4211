package sluice.sim;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import sluice.observe.explain.CaptureAnalysis;
import sluice.wire.CaptureReader;
import sluice.wire.LinkType;
import sluice.wire.PacketDirection;
import sluice.wire.PcapWriter;
import sluice.wire.PcapngWriter;

/** What a capture at one of a world's hosts would have in it. */
final class Captures {
    private Captures() {}

    /** As pcap, without directions. */
    static byte[] pcap(World w, SimHost at) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PcapWriter writer = new PcapWriter(bytes, LinkType.RAW)) {
            each(w, at, r -> writer.write(r.timestampNs(), r.memory(), r.offset(), r.length()));
        }
        return bytes.toByteArray();
    }

    /** As pcapng, with directions. */
    static byte[] pcapng(World w, SimHost at) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(Channels.newChannel(bytes), "sluice sim")) {
            writer.addInterface(at.name(), LinkType.RAW);
            each(w, at, r -> writer.write(0, r.timestampNs(), r.direction(), r.memory(), r.offset(),
                    r.length(), null));
        }
        return bytes.toByteArray();
    }

    /** Explained. */
    static CaptureAnalysis explain(byte[] capture) throws IOException {
        try (CaptureReader r = CaptureReader.open(new ByteArrayInputStream(capture))) {
            return CaptureAnalysis.read(r);
        }
    }

    /** A packet of a capture. */
    interface Each {
        void packet(CaptureReader r) throws IOException;
    }

    private static void each(World w, SimHost at, Each each) throws IOException {
        Path all = Files.createTempFile("sluice-sim", ".pcapng");
        try {
            w.log().pcapng(all);
            try (CaptureReader r = CaptureReader.open(Files.newInputStream(all))) {
                while (r.next()) {
                    // a router has each packet once as it comes, and once as it goes
                    if (r.interfaceIndex() == at.index() - 1
                            && !(at.isRouter() && r.direction() == PacketDirection.OUTBOUND)) {
                        each.packet(r);
                    }
                }
            }
        } finally {
            Files.delete(all);
        }
    }
}

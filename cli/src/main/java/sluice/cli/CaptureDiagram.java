package sluice.cli;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import sluice.observe.capture.CapturedSegment;
import sluice.observe.capture.ConnectionNumbers;
import sluice.observe.explain.ConnectionAnalysis;
import sluice.observe.print.SequenceDiagramPrinter;
import sluice.observe.record.SequenceDiagram;
import sluice.wire.CaptureReader;
import sluice.wire.Packet;

/** A connection of a capture as a ladder. */
final class CaptureDiagram {
    /** Segments shown at most. */
    static final int MOST = 2000;

    private CaptureDiagram() {}

    /** Reads the file once more and draws the segments of one connection; of a long one the beginning. */
    static String of(CaptureReader reader, ConnectionAnalysis c) throws IOException {
        SequenceDiagram d = new SequenceDiagram(c.clientName(), c.client(), c.serverName())
                .connection(c.clientPort(), c.serverPort());
        CapturedSegment s = new CapturedSegment();
        ConnectionNumbers numbers = new ConnectionNumbers();
        Packet p = Packet.ofMaxSize();
        int shown = 0;
        long packets = 0;
        while (packets < c.lastPacket() && shown < MOST && reader.next()) {
            packets++;
            if (s.read(reader) == CapturedSegment.Kind.TCP && numbers.of(s) == c.number() && s.transportOffset > 0) {
                d.packet(copied(reader, s, p), reader.timestampNs());
                shown++;
            }
        }
        String more = shown == MOST ? "… the first " + MOST + " segments of " + c.packets()
                + System.lineSeparator() : "";
        return SequenceDiagramPrinter.print(d) + more;
    }

    /** The IP packet; as long as on the wire also when its data was not kept. */
    private static Packet copied(CaptureReader r, CapturedSegment s, Packet into) {
        into.clear();
        int there = Math.min(r.length() - s.linkBytes, into.room());
        MemorySegment.copy(r.memory(), r.offset() + s.linkBytes, into.memory, into.start, there);
        into.end = into.start + Math.min(Math.max(there, r.wireLength() - s.linkBytes), into.room());
        return into;
    }
}

package sluice.cli;

import java.io.IOException;
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
                s.copyIpPacket(reader, p);
                d.packet(p, reader.timestampNs());
                shown++;
            }
        }
        String more = shown == MOST ? "… the first " + MOST + " segments of " + c.packets()
                + System.lineSeparator() : "";
        return SequenceDiagramPrinter.print(d) + more;
    }
}

package sluice.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sluice.observe.capture.CapturedSegment;
import sluice.observe.explain.CaptureAnalysis;
import sluice.observe.explain.Mark;
import sluice.observe.explain.PacketFields;
import sluice.wire.CaptureReader;
import sluice.wire.PacketPrinter;

/** One packet of a capture: the line of tcpdump's manner, what was found out about it, its fields. */
final class PacketStory {
    private PacketStory() {}

    /** Packet {@code n}, counted from 1; empty when the file has fewer. */
    static List<String> of(CaptureReader reader, long n) throws IOException {
        List<String> lines = new ArrayList<>();
        String[] marks = {""};
        CaptureAnalysis.upTo(reader, n, (packet, connection, set) -> {
            if (packet == n) {
                marks[0] = "connection #" + connection + marks(set);
            }
        }, r -> {
            CapturedSegment s = new CapturedSegment();
            CapturedSegment.Kind kind = s.read(r);
            lines.add("packet " + n + ": " + (s.linkBytes < 0 ? "link type " + r.linkType()
                    : new PacketPrinter().print(sluice.wire.LinkType.RAW, r.memory(), r.offset() + s.linkBytes,
                            r.length() - s.linkBytes, r.wireLength() - s.linkBytes)));
            lines.addAll(PacketFields.of(r, s, kind));
        });
        if (!lines.isEmpty() && !marks[0].isEmpty()) {
            lines.add(1, marks[0]);
        }
        return lines;
    }

    private static String marks(int set) {
        List<String> words = new ArrayList<>();
        for (Mark m : Mark.values()) {
            if (m.in(set)) {
                words.add(m.words());
            }
        }
        return words.isEmpty() ? "" : ": " + String.join("; ", words);
    }
}

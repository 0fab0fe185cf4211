package sluice.lab.page;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sluice.observe.capture.CapturedSegment;
import sluice.observe.capture.ConnectionNumbers;
import sluice.observe.explain.ConnectionAnalysis;
import sluice.observe.explain.Finding;
import sluice.observe.explain.Mark;
import sluice.observe.json.JsonWriter;
import sluice.observe.record.SequenceDiagram;
import sluice.wire.CaptureReader;
import sluice.wire.Packet;

/**
 * The ladder of a captured connection, with what was found out about each segment. Of a long connection it has the
 * beginning, the end, what findings name, and the first segments with each mark, all with their neighbours; and says
 * how many it passes over.
 */
final class CapturedLadder {
    private static final int BEGINNING = 40;
    private static final int END = 16;
    private static final int OF_EACH_MARK = 8;
    private static final int NEIGHBOURS = 2;
    private static final int MOST_MARKED = 20_000;

    private record Row(long packet, long timeNs) {}

    private final ConnectionAnalysis connection;
    private final SequenceDiagram diagram;
    private final Set<Long> named = new HashSet<>();
    private final Map<Mark, Integer> ofMark = new EnumMap<>(Mark.class);
    private final TreeSet<Long> wanted = new TreeSet<>();
    private final Map<Long, Integer> marked = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private long passed;
    private long drawn;
    private long leftOut;

    CapturedLadder(ConnectionAnalysis c, List<Finding> findings) {
        connection = c;
        diagram = new SequenceDiagram(c.clientName(), c.client(), c.serverName())
                .connection(c.clientPort(), c.serverPort());
        findings.forEach(f -> named.addAll(f.packets()));
    }

    // --- which segments ---

    /** The next packet of the connection, and what was found out about it. */
    void mark(long packet, int marks) {
        long place = passed++;
        boolean first = named.contains(packet);
        for (Mark m : Mark.values()) {
            if (m.in(marks) && m != Mark.WINDOW_UPDATE) {
                first |= ofMark.merge(m, 1, Integer::sum) <= OF_EACH_MARK;
            }
        }
        if (marks != 0 && marked.size() < MOST_MARKED) {
            marked.put(place, marks);
        }
        for (long near = place - NEIGHBOURS; first && near <= place + NEIGHBOURS; near++) {
            wanted.add(near);
        }
    }

    private boolean isWanted(long place) {
        return place < BEGINNING || place >= passed - END || wanted.contains(place);
    }

    // --- drawing ---

    /** Reads the capture once more, for all ladders at once. */
    static void draw(CaptureReader reader, Map<Integer, CapturedLadder> ladders, long packets) throws IOException {
        CapturedSegment s = new CapturedSegment();
        ConnectionNumbers numbers = new ConnectionNumbers();
        Packet p = Packet.ofMaxSize();
        for (long n = 1; n <= packets && reader.next(); n++) {
            CapturedLadder l = s.read(reader) == CapturedSegment.Kind.TCP ? ladders.get(numbers.of(s)) : null;
            if (l != null) {
                l.segment(reader, s, p, n);
            }
        }
        ladders.values().forEach(l -> l.gap(reader.timestampNs()));
    }

    private void segment(CaptureReader reader, CapturedSegment s, Packet p, long number) {
        long place = drawn++;
        if (!isWanted(place) || s.transportOffset == 0) {
            leftOut++;
            return;
        }
        gap(reader.timestampNs());
        s.copyIpPacket(reader, p);
        if (diagram.packet(p, reader.timestampNs(), "#" + number + words(marked.getOrDefault(place, 0)))) {
            rows.add(new Row(number, reader.timestampNs()));
        }
    }

    private void gap(long nowNs) {
        if (leftOut > 0) {
            diagram.remark(leftOut + (leftOut == 1 ? " segment is left out" : " segments are left out"), nowNs);
            rows.add(new Row(0, nowNs));
            leftOut = 0;
        }
    }

    private static String words(int marks) {
        StringBuilder b = new StringBuilder();
        for (Mark m : Mark.values()) {
            if (m.in(marks)) {
                b.append(b.isEmpty() ? " · " : ", ").append(m.words());
            }
        }
        return b.toString();
    }

    // --- writing ---

    /** Members "ladder" and "moments", as of an experiment: a capture knows no moments. */
    void write(JsonWriter w, long firstNs) {
        rows.sort(Comparator.comparingLong(Row::timeNs)); // stable, as the diagram's lines
        List<SequenceDiagram.Line> lines = diagram.lines();
        w.key("ladder").beginObject().field("left", diagram.leftName()).field("right", diagram.rightName())
                .field("leftPort", diagram.leftPort()).field("rightPort", diagram.rightPort())
                .field("leftIsn", diagram.initialSequence(true)).field("rightIsn", diagram.initialSequence(false))
                .field("originNs", lines.isEmpty() ? 0 : diagram.originNs() - firstNs)
                .field("total", connection.packets());
        w.key("rows").beginArray();
        for (int i = 0; i < lines.size(); i++) {
            row(w, lines.get(i), rows.get(i).packet());
        }
        w.endArray().endObject().key("moments").beginObject().field("columns", List.of()).key("rows").beginArray()
                .endArray().endObject();
    }

    private void row(JsonWriter w, SequenceDiagram.Line line, long packet) {
        w.beginObject().field("sentNs", line.sentNs()).field("fromLeft", line.fromLeft());
        present(w, "segment", line.segment());
        present(w, "note", line.note());
        if (line.segment() != null) {
            // Where it was seen is the only place there is.
            w.field("packet", packet).field("arrivedNs", line.sentNs()).field("fate", "seen");
            present(w, "headers", line.headers());
            if (line.leftIsn() != diagram.initialSequence(true) || line.rightIsn() != diagram.initialSequence(false)) {
                w.field("leftIsn", line.leftIsn()).field("rightIsn", line.rightIsn());
            }
        }
        w.endObject();
    }

    private static void present(JsonWriter w, String name, @Nullable String value) {
        if (value != null) {
            w.field(name, value);
        }
    }
}

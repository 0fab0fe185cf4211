package sluice.lab.page;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.observe.capture.CapturedConnection;
import sluice.observe.capture.CapturedConnections;
import sluice.observe.explain.CaptureAnalysis;
import sluice.observe.explain.ConnectionAnalysis;
import sluice.observe.explain.ExplainText;
import sluice.observe.explain.Finding;
import sluice.observe.json.JsonWriter;
import sluice.observe.plot.CapturePlot;
import sluice.observe.plot.Chart;
import sluice.observe.plot.ChartJson;
import sluice.wire.CaptureReader;

/**
 * A capture explained as one HTML file that needs no other and no network: an index of its connections with each one's
 * verdict, and for the worst of them the story, what was found out with links to the packets, the ladder, and the
 * pictures. Bounded whatever the file's size; the page says what it leaves out.
 */
public final class CapturePage {
    /** Connections with a ladder and pictures, at most: those with the worst findings. */
    public static final int MOST_SHOWN = 24;
    /** Connections in the index, at most. */
    public static final int MOST_LISTED = 1000;
    private static final int MOST_POINTS = 400;

    /** Opens the capture once more, at its beginning. */
    @FunctionalInterface
    public interface Source {
        /** A reader, which is closed by whoever asked. */
        CaptureReader open() throws IOException;
    }

    private final JsonWriter w = new JsonWriter();
    private final CaptureAnalysis analysis;
    private final List<ConnectionAnalysis> shown;
    private final Map<Integer, CapturedLadder> ladders = new TreeMap<>();
    private final Map<Integer, CapturedConnection> pictures = new TreeMap<>();

    private CapturePage(CaptureAnalysis analysis, List<ConnectionAnalysis> shown) {
        this.analysis = analysis;
        this.shown = shown;
    }

    /**
     * The page. The file is read three times more.
     *
     * @param fileName its heading
     * @param one the only connection to be shown; null for all
     * @throws IOException when the capture cannot be read once more
     */
    public static String html(CaptureAnalysis a, String fileName, @Nullable ConnectionAnalysis one, Source source)
            throws IOException {
        List<ConnectionAnalysis> order = one == null ? ExplainText.worstFirst(a) : List.of(one);
        CapturePage page = new CapturePage(a, order.subList(0, Math.min(MOST_SHOWN, order.size())));
        page.read(source);
        page.write(fileName, order);
        // A "<" in a name or a note must not end the script.
        return PageParts.capture(fileName, page.w.toString().replace("<", "\\u003c"));
    }

    // --- reading ---

    private void read(Source source) throws IOException {
        for (ConnectionAnalysis c : shown) {
            ladders.put(c.number(), new CapturedLadder(c, analysis.findings(c.number())));
        }
        try (CaptureReader reader = source.open()) {
            CaptureAnalysis.read(reader, (packet, connection, marks) -> {
                CapturedLadder l = ladders.get(connection);
                if (l != null) {
                    l.mark(packet, marks);
                }
            });
        }
        try (CaptureReader reader = source.open()) {
            CapturedLadder.draw(reader, ladders, analysis.packets());
        }
        try (CaptureReader reader = source.open()) {
            CapturedConnections.read(reader, analysis.packets(), ladders::containsKey).all()
                    .forEach(c -> pictures.put(c.number(), c));
        }
    }

    // --- writing ---

    private void write(String fileName, List<ConnectionAnalysis> order) {
        w.beginObject().field("schema", "sluice.explain.page/1").field("file", fileName)
                .field("health", ExplainText.health(analysis, fileName))
                .field("connectionsInAll", analysis.connections().size());
        w.key("listed").beginArray();
        order.stream().limit(MOST_LISTED).forEach(this::listed);
        w.endArray().key("shown").beginArray();
        shown.forEach(this::connection);
        w.endArray().key("ofFile").beginArray();
        analysis.findings().stream().filter(f -> f instanceof Finding.OfCapture).forEach(this::finding);
        w.endArray().endObject();
    }

    /** A line of the index. */
    private void listed(ConnectionAnalysis c) {
        List<Finding> findings = analysis.findings(c.number());
        Finding worst = findings.isEmpty() ? null : findings.getFirst();
        w.beginObject().field("number", c.number()).field("client", c.clientName()).field("server", c.serverName())
                .field("packets", c.packets()).field("bytes", c.bytes()).field("ns", c.durationNs())
                .field("how", lower(c.how()));
        if (worst != null) {
            w.field("severity", lower(worst.severity())).field("kind", worst.kind().id())
                    .field("title", worst.kind().title()).field("findings", findings.size());
        }
        w.endObject();
    }

    private void connection(ConnectionAnalysis c) {
        w.beginObject().field("number", c.number()).field("heading", ExplainText.heading(c));
        w.key("facts").beginArray();
        for (ExplainText.Fact f : ExplainText.facts(c)) {
            w.beginObject().field("name", f.name()).field("words", f.words()).endObject();
        }
        w.endArray().key("findings").beginArray();
        analysis.findings(c.number()).forEach(this::finding);
        w.endArray().key("plots").beginArray();
        CapturedConnection picture = pictures.get(c.number());
        if (picture != null) {
            Chart chart = CapturePlot.of("", picture.main());
            w.beginObject().field("name", "capture").key("title").beginObject().field("en", picture.main().name())
                    .field("zh", picture.main().name()).endObject().key("chart");
            ChartJson.write(w, chart, analysis.firstNs(), MOST_POINTS);
            w.endObject();
        }
        w.endArray();
        CapturedLadder ladder = ladders.get(c.number());
        if (ladder != null) {
            ladder.write(w, analysis.firstNs());
        }
        w.endObject();
    }

    private void finding(Finding f) {
        w.beginObject().field("severity", lower(f.severity())).field("kind", f.kind().id())
                .field("title", f.kind().title()).field("words", f.words()).field("advice", f.kind().advice())
                .field("packets", f.packets()).field("costNs", f.costNs()).endObject();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package sluice.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import sluice.base.Time;
import sluice.observe.json.JsonWriter;
import sluice.observe.record.SequenceDiagram;
import sluice.sim.SimHost;

/** A {@link Result} for programs. The schema's name changes when a member changes its meaning or goes. */
public final class JsonReport {
    /** What is written, and its version. */
    public static final String SCHEMA = "sluice.lab/1";

    private static final int MOST_ROWS = 2000;

    private JsonReport() {}

    /** Several results as one object; {@code files} has what was written of each. */
    public static String of(List<Result> results, List<List<Path>> files) {
        JsonWriter w = new JsonWriter().beginObject().field("schema", SCHEMA).key("experiments").beginArray();
        for (int i = 0; i < results.size(); i++) {
            result(w, results.get(i), files.get(i));
        }
        return w.endArray().endObject().toString();
    }

    /** What there is. */
    public static String list(List<Experiment> experiments) {
        JsonWriter w = new JsonWriter().beginObject().field("schema", SCHEMA).key("experiments").beginArray();
        for (Experiment e : experiments) {
            w.beginObject().field("id", e.about().id()).field("chapter", e.about().chapter().letter());
            text(w, "title", e.about().title());
            text(w, "says", e.about().says());
            w.endObject();
        }
        return w.endArray().endObject().toString();
    }

    private static void text(JsonWriter w, String name, Text t) {
        w.key(name).beginObject().field("en", t.en()).field("zh", t.zh()).endObject();
    }

    private static void result(JsonWriter w, Result r, List<Path> files) {
        w.beginObject().field("id", r.about().id()).field("chapter", r.about().chapter().letter());
        text(w, "title", r.about().title());
        text(w, "says", r.about().says());
        text(w, "gap", r.gap());
        w.field("seed", r.variation().seed()).field("settings", r.variation().settings())
                .field("netem", r.variation().netem()).field("passed", r.passed()).field("ended", r.ended());
        w.key("checks").beginArray();
        for (Check c : r.checks()) {
            w.beginObject();
            text(w, "what", c.what());
            w.field("document", c.document()).field("standard", c.standard()).field("measured", c.measured())
                    .field("verdict", c.verdict().name().toLowerCase(Locale.ROOT));
            if (!c.why().isEmpty()) {
                text(w, "why", c.why());
            }
            w.endObject();
        }
        w.endArray().key("notes").beginArray();
        for (Text note : r.notes()) {
            w.beginObject().field("en", note.en()).field("zh", note.zh()).endObject();
        }
        w.endArray().key("stages").beginArray();
        r.stages().forEach(s -> stage(w, s));
        w.endArray().field("files", files).endObject();
    }

    private static void stage(JsonWriter w, Stage s) {
        w.beginObject();
        text(w, "title", s.title());
        w.field("network", s.network()).field("settings", s.settings()).field("virtualMs", s.world().nowMs());
        SequenceDiagram d = s.diagram();
        if (d != null) {
            ladder(w, s, d);
        }
        w.key("windows").beginArray();
        for (WindowPicture p : s.windows()) {
            w.beginObject();
            text(w, "title", p.title());
            w.field("ms", p.ms()).field("sndUna", p.sndUna()).field("sndNxt", p.sndNxt())
                    .field("sndWnd", p.sndWnd()).field("usable", p.usable()).field("unsent", p.unsent())
                    .field("lastByteRead", p.lastByteRead()).field("nextByteExpected", p.nextByteExpected())
                    .field("rcvWnd", p.rcvWnd()).field("maxRcvBuffer", p.maxRcvBuffer()).endObject();
        }
        w.endArray().key("counters").beginObject();
        for (SimHost h : s.world().hosts()) {
            w.field(h.name(), s.counters(h));
        }
        w.endObject().key("plots").beginArray();
        for (Plot p : s.plots()) {
            w.beginObject().field("name", p.name());
            text(w, "title", p.title());
            w.endObject();
        }
        w.endArray().endObject();
    }

    private static void ladder(JsonWriter w, Stage s, SequenceDiagram d) {
        w.key("ladder").beginObject().field("left", d.leftName()).field("right", d.rightName())
                .field("leftIsn", d.initialSequence(true)).field("rightIsn", d.initialSequence(false))
                .field("beginNs", d.originNs() == Time.NEVER ? 0 : Math.max(0, s.beginNs() - d.originNs()))
                .key("rows").beginArray();
        for (SequenceDiagram.Line line : d.lines().stream().limit(MOST_ROWS).toList()) {
            w.beginObject().field("sentNs", line.sentNs())
                    .field("arrivedNs", line.arrivedNs() == Time.NEVER ? null : line.arrivedNs())
                    .field("fromLeft", line.fromLeft())
                    .field("fate", line.fate().name().toLowerCase(Locale.ROOT)).field("segment", line.segment())
                    .field("note", line.note()).field("leftState", line.leftState())
                    .field("rightState", line.rightState()).endObject();
        }
        w.endArray().endObject();
    }
}

package sluice.lab;

import java.util.List;
import java.util.Locale;
import sluice.observe.json.JsonWriter;

/**
 * A {@link Result} for programs and for the page: docs/lab-json.md says what is written. The schema's name changes when
 * a member changes its meaning or goes.
 */
public final class JsonReport {
    /** What is written, and its version. */
    public static final String SCHEMA = "sluice.lab/2";

    private JsonReport() {}

    /** Several results as one object; {@code files} has what was written of each, or where it is to be had. */
    public static String of(List<Result> results, List<? extends List<?>> files) {
        JsonWriter w = new JsonWriter().beginObject().field("schema", SCHEMA).key("experiments").beginArray();
        for (int i = 0; i < results.size(); i++) {
            result(w, results.get(i), files.get(i));
        }
        return w.endArray().endObject().toString();
    }

    /** What there is. */
    public static String list(List<Experiment> experiments) {
        JsonWriter w = new JsonWriter().beginObject().field("schema", SCHEMA).key("chapters").beginArray();
        for (Chapter c : Chapter.values()) {
            w.beginObject().field("letter", c.letter());
            text(w, "title", c.title());
            w.endObject();
        }
        w.endArray().key("experiments").beginArray();
        for (Experiment e : experiments) {
            w.beginObject().field("id", e.about().id()).field("chapter", e.about().chapter().letter());
            text(w, "title", e.about().title());
            text(w, "says", e.about().says());
            w.endObject();
        }
        return w.endArray().endObject().toString();
    }

    static void text(JsonWriter w, String name, Text t) {
        w.key(name).beginObject().field("en", t.en()).field("zh", t.zh()).endObject();
    }

    private static void result(JsonWriter w, Result r, List<?> files) {
        w.beginObject().field("id", r.about().id()).field("chapter", r.about().chapter().letter());
        text(w, "title", r.about().title());
        text(w, "says", r.about().says());
        text(w, "gap", r.gap());
        w.field("seed", r.variation().seed()).field("settings", r.variation().settings())
                .field("netem", r.variation().netem()).field("asWritten", r.variation().asWritten())
                .field("passed", r.passed()).field("ended", r.ended());
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
        r.stages().forEach(s -> StageJson.write(w, s));
        w.endArray().field("files", files).endObject();
    }
}

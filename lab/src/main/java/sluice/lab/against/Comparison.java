package sluice.lab.against;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import sluice.lab.About;
import sluice.observe.json.JsonWriter;

/**
 * A play with our stack as the client and Linux as the server, and the other way round.
 *
 * @param about the experiment
 * @param ours our stack connects
 * @param theirs Linux does
 */
public record Comparison(About about, Part ours, Part theirs) {
    /** What JSON is written, and its version. */
    public static final String SCHEMA = "sluice.lab.against/1";

    private static final String NOTHING = "–";

    /** How an outcome compares. */
    public enum Verdict {
        /** The same. */
        ALIKE("✓"),
        /** Not the same, and the play says why. */
        EXPLAINED("≈"),
        /** Not the same. */
        DIFFERENT("✗");

        private final String mark;

        Verdict(String mark) {
            this.mark = mark;
        }
    }

    /**
     * An outcome of both.
     *
     * @param what in words
     * @param ours with our stack as the client
     * @param theirs with Linux as the client
     * @param verdict how they compare
     * @param why why they may differ
     */
    public record Row(String what, String ours, String theirs, Verdict verdict, String why) {}

    /**
     * A counter.
     *
     * @param role whose: "client", "server"
     * @param name by nstat
     * @param sluice how far it moved where our stack had that role
     * @param linux where Linux had it
     */
    public record Count(String role, String name, long sluice, long linux) {}

    /** The outcomes side by side. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < Math.max(ours.outcomes().size(), theirs.outcomes().size()); i++) {
            Outcome a = i < ours.outcomes().size() ? ours.outcomes().get(i) : null;
            Outcome b = i < theirs.outcomes().size() ? theirs.outcomes().get(i) : null;
            String what = a != null ? a.what() : b != null ? b.what() : "";
            String left = a == null ? NOTHING : a.value();
            String right = b == null ? NOTHING : b.value();
            String why = a == null || b == null ? "" : a.why();
            rows.add(new Row(what, left, right, left.equals(right) ? Verdict.ALIKE
                    : why.isEmpty() ? Verdict.DIFFERENT : Verdict.EXPLAINED, why));
        }
        return rows;
    }

    /** Whether both came to their end and no difference is left unexplained. */
    public boolean agrees() {
        return ours.failure() == null && theirs.failure() == null && !rows().isEmpty()
                && rows().stream().noneMatch(r -> r.verdict() == Verdict.DIFFERENT);
    }

    /** The counters that moved in either, role by role. */
    public List<Count> counts() {
        List<Count> all = new ArrayList<>();
        counts(all, "client", ours.ofClient(), theirs.ofClient());
        counts(all, "server", theirs.ofServer(), ours.ofServer());
        return all;
    }

    private static void counts(List<Count> all, String role, Map<String, Long> sluice, Map<String, Long> linux) {
        Set<String> names = new TreeSet<>(sluice.keySet());
        names.addAll(linux.keySet());
        for (String name : names) {
            all.add(new Count(role, name, sluice.getOrDefault(name, 0L), linux.getOrDefault(name, 0L)));
        }
    }

    /** For a terminal. */
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(about.id()).append(" · ").append(about.title().en()).append('\n');
        table(out, rows().stream().map(r -> new String[]{r.verdict().mark, r.what(), r.ours(), r.theirs()}).toList(),
                new String[]{"", "outcome", "sluice connects to Linux", "Linux connects to sluice"});
        rows().stream().filter(r -> r.verdict() == Verdict.EXPLAINED)
                .forEach(r -> out.append("  ≈ ").append(r.what()).append(": ").append(r.why()).append('\n'));
        failed(out, ours);
        failed(out, theirs);
        table(out, counts().stream().map(c -> new String[]{c.role(), c.name(), Long.toString(c.sluice()),
            Long.toString(c.linux())}).toList(), new String[]{"", "counter", "sluice", "Linux"});
        return out.append(about.id()).append(": ").append(agrees() ? "agrees" : "DIFFERS").append('\n').toString();
    }

    private static void failed(StringBuilder out, Part part) {
        if (part.failure() != null) {
            out.append("  ✗ ").append(part.client()).append(" connects to ").append(part.server()).append(": ")
                    .append(part.failure()).append('\n');
        }
    }

    private static void table(StringBuilder out, List<String[]> rows, String[] head) {
        int[] widths = new int[head.length];
        List<String[]> all = new ArrayList<>(rows);
        all.addFirst(head);
        for (String[] row : all) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : all) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < row.length; i++) {
                line.append(' ').append(row[i]).append(" ".repeat(widths[i] - row[i].length())).append(' ');
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    /** Several as one JSON object. */
    public static String json(List<Comparison> all) {
        JsonWriter w = new JsonWriter().beginObject().field("schema", SCHEMA).key("experiments").beginArray();
        all.forEach(c -> c.json(w));
        return w.endArray().endObject().toString();
    }

    private void json(JsonWriter w) {
        w.beginObject().field("id", about.id()).field("agrees", agrees()).key("parts").beginArray();
        for (Part p : List.of(ours, theirs)) {
            w.beginObject().field("client", p.client()).field("server", p.server()).field("seconds", p.seconds())
                    .field("failure", p.failure()).endObject();
        }
        w.endArray().key("outcomes").beginArray();
        for (Row r : rows()) {
            w.beginObject().field("what", r.what()).field("sluiceConnects", r.ours()).field("linuxConnects", r.theirs())
                    .field("verdict", r.verdict().name().toLowerCase(Locale.ROOT)).field("why", r.why())
                    .endObject();
        }
        w.endArray().key("counters").beginArray();
        for (Count c : counts()) {
            w.beginObject().field("role", c.role()).field("name", c.name()).field("sluice", c.sluice())
                    .field("linux", c.linux()).endObject();
        }
        w.endArray().endObject();
    }
}

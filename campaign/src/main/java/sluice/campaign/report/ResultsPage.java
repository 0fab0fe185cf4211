package sluice.campaign.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import sluice.campaign.Axis;
import sluice.campaign.Campaign;
import sluice.campaign.Measure;
import sluice.observe.json.JsonWriter;

/** The page of a campaign, one file that needs no server: heat maps and curves over any two of its axes. */
public final class ResultsPage {
    private static final int MOST_CELLS = 20_000;

    private final Campaign campaign;
    /** The page's data, written as cells come: no cell's numbers are kept. */
    private final JsonWriter data = new JsonWriter();
    private int cells;

    /** An empty one. */
    public ResultsPage(Campaign campaign) {
        this.campaign = campaign;
        begin();
    }

    /** The next cell; a page has the first 20,000. */
    public void add(CellResult cell) {
        if (cells++ < MOST_CELLS) {
            cell(data, cell);
        }
    }

    /**
     * The whole page; asked for once, after the last cell.
     *
     * @param plotScript the library that draws curves (uPlot)
     * @param style of that library, and colours
     */
    public String html(String plotScript, String style) {
        return resource("results.html").replace("{{title}}", escaped(campaign.name())).replace("{{style}}", style)
                .replace("{{plot}}", plotScript).replace("{{script}}", resource("results.js"))
                .replace("{{data}}", data.endArray().endObject().toString().replace("</", "<\\/"));
    }

    private void begin() {
        JsonWriter w = data.beginObject().field("name", campaign.name()).field("runs", campaign.runs());
        w.key("axes").beginArray();
        for (Axis a : campaign.swept()) {
            w.beginObject().field("name", a.name()).key("labels").beginArray();
            a.choices().forEach(c -> w.value(c.label()));
            w.endArray().endObject();
        }
        w.endArray().key("measures").beginArray();
        for (Measure m : campaign.asked().measures()) {
            w.beginObject().field("name", m.word()).field("unit", m.unit()).field("up", m.higherIsBetter()).endObject();
        }
        w.endArray().key("cells").beginArray();
    }

    private void cell(JsonWriter w, CellResult c) {
        w.beginObject().key("at").beginArray();
        for (int place : campaign.places(c.cell())) {
            w.value((long) place);
        }
        w.endArray().field("failed", c.failed()).key("of").beginArray();
        for (int i = 0; i < c.spreads().size(); i++) {
            Spread s = c.spreads().get(i);
            double[] interval = s.interval(Table.seed(c, campaign.asked().measures().get(i)));
            CellResult.Example e = c.examples().get(i);
            w.beginObject().field("n", s.size()).field("median", s.median()).field("low", interval[0])
                    .field("high", interval[1]).field("p10", s.quantile(0.1)).field("p90", s.quantile(0.9))
                    .field("p99", s.quantile(0.99));
            w.field("again", plotted(e.median())).field("worst", plotted(e.worst())).endObject();
        }
        w.endArray().endObject();
    }

    private String plotted(long run) {
        return campaign.command(run) + (campaign.isSwarm() ? "" : " --plot run-" + run + ".svg");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = ResultsPage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package sluice.campaign.report;

import java.util.List;
import sluice.campaign.Axis;
import sluice.campaign.Campaign;
import sluice.campaign.Measure;
import sluice.observe.json.JsonWriter;

/** The table of a campaign for programs: an object with a member for each cell, in order. */
public final class JsonTable {
    private final Campaign campaign;
    private final JsonWriter w = new JsonWriter();

    /** An empty one. */
    public JsonTable(Campaign campaign) {
        this.campaign = campaign;
        w.beginObject().field("name", campaign.name()).field("runs", campaign.runs()).key("cells").beginArray();
    }

    /** The next cell. */
    public void add(CellResult cell) {
        w.beginObject().key("at").beginObject();
        List<Axis> swept = campaign.swept();
        for (int i = 0; i < swept.size(); i++) {
            w.field(swept.get(i).name(), cell.labels().get(i));
        }
        w.endObject().field("failed", cell.failed()).key("measures").beginObject();
        List<Measure> measures = campaign.asked().measures();
        for (int i = 0; i < measures.size(); i++) {
            measure(measures.get(i), cell, i);
        }
        w.endObject().endObject();
    }

    private void measure(Measure m, CellResult cell, int i) {
        Spread s = cell.spreads().get(i);
        double[] interval = s.interval(Table.seed(cell, m));
        // what is no number becomes null
        w.key(m.word()).beginObject().field("unit", m.unit()).field("runs", s.size()).field("without", s.missing())
                .field("median", s.median()).field("low", interval[0]).field("high", interval[1])
                .field("p10", s.quantile(0.1)).field("p90", s.quantile(0.9)).field("p99", s.quantile(0.99))
                .field("median_again", campaign.command(cell.examples().get(i).median()))
                .field("worst_again", campaign.command(cell.examples().get(i).worst())).endObject();
    }

    /** Ends the cells; the object is still open for more. */
    public JsonWriter end() {
        return w.endArray();
    }
}

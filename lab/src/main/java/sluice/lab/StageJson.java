package sluice.lab;

import sluice.base.Time;
import sluice.observe.json.JsonWriter;
import sluice.observe.plot.ChartJson;
import sluice.observe.record.SequenceDiagram;
import sluice.sim.SimHost;
import sluice.sim.World;

/** One world of a {@link Result} as JSON: its network, ladder, moments, windows, counters and plots. */
final class StageJson {
    private static final int MOST_POINTS = 800;

    private StageJson() {}

    static void write(JsonWriter w, Stage s) {
        w.beginObject();
        JsonReport.text(w, "title", s.title());
        w.field("network", s.network()).field("settings", s.settings()).field("virtualMs", s.world().nowMs());
        SequenceDiagram d = s.diagram();
        if (d != null && d.originNs() != Time.NEVER && d.leftPort() > 0) {
            LadderJson.write(w, s, d);
        }
        windows(w, s);
        w.key("counters").beginObject();
        for (SimHost h : s.world().hosts()) {
            w.field(h.name(), s.counters(h));
        }
        w.endObject().key("plots").beginArray();
        for (Plot p : s.plots()) {
            w.beginObject().field("name", p.name());
            JsonReport.text(w, "title", p.title());
            w.key("chart");
            ChartJson.write(w, p.chart(), World.START_NS, MOST_POINTS);
            w.endObject();
        }
        w.endArray().endObject();
    }

    private static void windows(JsonWriter w, Stage s) {
        w.key("windows").beginArray();
        for (WindowPicture p : s.windows()) {
            w.beginObject();
            JsonReport.text(w, "title", p.title());
            w.field("ms", p.ms()).field("sndUna", p.sndUna()).field("sndNxt", p.sndNxt())
                    .field("sndWnd", p.sndWnd()).field("usable", p.usable()).field("unsent", p.unsent())
                    .field("lastByteRead", p.lastByteRead()).field("nextByteExpected", p.nextByteExpected())
                    .field("rcvWnd", p.rcvWnd()).field("maxRcvBuffer", p.maxRcvBuffer()).endObject();
        }
        w.endArray();
    }
}

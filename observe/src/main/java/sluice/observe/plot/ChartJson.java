package sluice.observe.plot;

import java.util.Arrays;
import java.util.Locale;
import sluice.observe.json.JsonWriter;
import sluice.observe.record.TimeSeries;

/**
 * A {@link Chart} as data, for whoever draws it elsewhere. Times are microseconds from a moment the caller names; a
 * line of more points than wanted keeps, of each equal part of its points, the least and the largest. Bars become dots
 * at their upper ends.
 */
public final class ChartJson {
    private static final long US = 1000;

    private final JsonWriter w;
    private final long fromNs;
    private final int mostPoints;

    private ChartJson(JsonWriter w, long fromNs, int mostPoints) {
        this.w = w;
        this.fromNs = fromNs;
        this.mostPoints = mostPoints;
    }

    /**
     * Writes an object.
     *
     * @param fromNs what times count from
     * @param mostPoints of a line, two and more
     */
    public static void write(JsonWriter w, Chart chart, long fromNs, int mostPoints) {
        new ChartJson(w, fromNs, mostPoints).chart(chart);
    }

    private void chart(Chart chart) {
        w.beginObject().field("title", chart.title()).field("subtitle", chart.subtitle());
        w.key("panels").beginArray();
        for (Panel p : chart.panels()) {
            w.beginObject().field("title", p.label()).field("unit", name(p.quantity())).key("lines").beginArray();
            p.drawn().forEach(this::line);
            p.bars().forEach(b -> line(new Panel.Drawn(b.name(), b.highs(), b.ink(), Panel.Style.DOTS, true)));
            w.endArray().endObject();
        }
        w.endArray().key("lanes").beginArray();
        for (Chart.Lane lane : chart.lanes()) {
            w.beginObject().field("name", lane.name()).key("events").beginArray();
            lane.marks().stream().limit(mostPoints)
                    .forEach(m -> w.beginArray().value(us(m.timeNs())).value(m.text()).endArray());
            w.endArray().endObject();
        }
        w.endArray().key("spans").beginArray();
        chart.spans().stream().limit(mostPoints).forEach(
                s -> w.beginArray().value(s.name()).value(us(s.fromNs())).value(us(s.toNs())).endArray());
        w.endArray().endObject();
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private long us(long ns) {
        return Math.floorDiv(ns - fromNs, US);
    }

    private void line(Panel.Drawn d) {
        int[] points = chosen(d.series());
        w.beginObject().field("name", d.name()).field("style", name(d.style()));
        w.key("us").beginArray();
        for (int i : points) {
            w.value(us(d.series().timeNs(i)));
        }
        w.value(us(d.series().endNs())).endArray().key("values").beginArray();
        for (int i : points) {
            w.value(shortened(d.series().value(i)));
        }
        w.value(d.style() == Panel.Style.DOTS ? null : shortened(d.series().lastValue())).endArray().endObject();
    }

    /** Four digits that say something; a whole number as such. */
    private static Number shortened(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return (long) value;
        }
        return Double.isNaN(value) || Double.isInfinite(value) ? Double.NaN
                : Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }

    private int[] chosen(TimeSeries s) {
        int n = s.size();
        int[] all = new int[Math.min(n, mostPoints)];
        if (n <= mostPoints) {
            for (int i = 0; i < n; i++) {
                all[i] = i;
            }
            return all;
        }
        int parts = mostPoints / 2;
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) n * part / parts);
            int to = (int) ((long) n * (part + 1) / parts);
            int least = from;
            int most = from;
            for (int i = from; i < to; i++) {
                least = s.value(i) < s.value(least) ? i : least;
                most = s.value(i) > s.value(most) ? i : most;
            }
            all[2 * part] = Math.min(least, most);
            all[2 * part + 1] = Math.max(least, most);
        }
        return Arrays.copyOf(all, 2 * parts);
    }
}

package sluice.observe.plot;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;

/**
 * Panels one below the other over the same time, with events in lanes above them, spans shaded behind them, and a
 * legend: an SVG picture that stands alone and fits light and dark ground.
 *
 * <p>Use: add panels, lanes and spans in any order, then {@link #svg}. Times are nanoseconds; the axis begins at the
 * earliest unless {@link #from} says otherwise.
 */
public final class Chart {
    /** Events of one kind. */
    record Lane(String name, Ink ink, boolean throughAll, List<Mark> marks) {}

    record Mark(long timeNs, String text) {}

    /** A stretch of time in one condition. */
    record Span(String name, Ink ink, double opacity, long fromNs, long toNs) {}

    private record Caption(long timeNs, String text) {}

    private final String title;
    private String subtitle = "";
    private final List<Panel> panels = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private final List<Caption> captions = new ArrayList<>();
    private long fromNs = Long.MAX_VALUE;
    private long toNs = Long.MIN_VALUE;
    private long @Nullable [] window;

    /** An empty chart. */
    public Chart(String title) {
        this.title = title;
    }

    /** A line of smaller text below the title. */
    public Chart subtitle(String text) {
        subtitle = text;
        return this;
    }

    /** Adds a panel below the others; one without anything drawn is left out. */
    public Chart panel(Panel panel) {
        if (!panel.isEmpty()) {
            panels.add(panel);
        }
        return this;
    }

    /** The axis begins here (at the latest: where the data begins). */
    public Chart from(long timeNs) {
        fromNs = Math.min(fromNs, timeNs);
        return this;
    }

    /** The axis goes at least to here. */
    public Chart to(long timeNs) {
        toNs = Math.max(toNs, timeNs);
        return this;
    }

    /** Shows only this stretch of time. */
    public Chart window(long windowFromNs, long windowToNs) {
        window = new long[]{windowFromNs, windowToNs};
        return this;
    }

    /**
     * An event. Events with the same name share a lane.
     *
     * @param throughAll whether a thin line through all panels shows the moment
     */
    public Chart event(String lane, Ink ink, boolean throughAll, long timeNs, String text) {
        Lane found = null;
        for (Lane l : lanes) {
            if (l.name.equals(lane)) {
                found = l;
            }
        }
        if (found == null) {
            found = new Lane(lane, ink, throughAll, new ArrayList<>());
            lanes.add(found);
        }
        found.marks.add(new Mark(timeNs, text));
        return this;
    }

    /** Shades a stretch of time in all panels; spans with the same name share a colour and a place in the legend. */
    public Chart span(String name, Ink ink, double opacity, long spanFromNs, long spanToNs) {
        spans.add(new Span(name, ink, opacity, spanFromNs, spanToNs));
        return this;
    }

    /** A line below the picture that explains something in it. */
    public Chart caption(String text) {
        captions.add(new Caption(Time.NEVER, text));
        return this;
    }

    /** The same for what happened at a time. */
    public Chart caption(String what, long timeNs, String text) {
        captions.add(new Caption(timeNs, what + ": " + text));
        return this;
    }

    /** The captions, with their times counted as the axis counts. */
    List<String> captions() {
        return captions.stream().map(c -> c.timeNs == Time.NEVER ? c.text
                : Quantity.SECONDS.text((c.timeNs - dataStartNs()) / 1e9) + " " + c.text).toList();
    }

    String title() {
        return title;
    }

    String subtitle() {
        return subtitle;
    }

    List<Panel> panels() {
        return panels;
    }

    List<Lane> lanes() {
        return lanes;
    }

    List<Span> spans() {
        return spans;
    }

    long startNs() {
        long[] w = window;
        return w == null ? dataStartNs() : w[0];
    }

    /** The earliest time that anything has. */
    public long dataStartNs() {
        long start = fromNs;
        for (Panel p : panels) {
            for (Panel.Drawn d : p.drawn()) {
                start = Math.min(start, d.series().timeNs(0));
            }
            for (Panel.Bars b : p.bars()) {
                start = Math.min(start, b.lows().timeNs(0));
            }
        }
        return start == Long.MAX_VALUE ? 0 : start;
    }

    long endNs() {
        long[] w = window;
        if (w != null) {
            return Math.max(w[1], w[0] + 1);
        }
        long end = toNs;
        for (Panel p : panels) {
            for (Panel.Drawn d : p.drawn()) {
                end = Math.max(end, d.series().endNs());
            }
            for (Panel.Bars b : p.bars()) {
                end = Math.max(end, b.lows().endNs());
            }
        }
        return Math.max(end, dataStartNs() + 1);
    }

    /** The picture. */
    public String svg() {
        return new SvgDrawing(this).draw();
    }
}

package sluice.observe.plot;

import java.util.ArrayList;
import java.util.List;
import sluice.observe.record.TimeSeries;

/** One coordinate system of a {@link Chart}: lines, areas, dots and bars over the chart's time. */
public final class Panel {
    /** How a series is drawn. */
    enum Style {
        STEPS, DASHES, LINE, AREA, DOTS
    }

    record Drawn(String name, TimeSeries series, Ink ink, Style style, boolean inScale) {}

    /**
     * Vertical strokes from one value to another.
     *
     * @param lows series of lower ends
     * @param highs series of upper ends, point by point as {@code lows}
     */
    record Bars(String name, TimeSeries lows, TimeSeries highs, Ink ink) {}

    /** How far above all others a dashed line is followed. */
    private static final int MOST_ABOVE = 2;

    private final String label;
    private final Quantity quantity;
    private final List<Drawn> drawn = new ArrayList<>();
    private final List<Bars> bars = new ArrayList<>();
    private int height = 170;
    private boolean floating;

    /**
     * An empty panel whose axis counts {@code quantity}; {@code label} says of what: "window, segments of 1448 bytes".
     */
    public Panel(String label, Quantity quantity) {
        this.label = label;
        this.quantity = quantity;
    }

    /** Height of the coordinate system, 40…1000 pixels; 170 unless told otherwise. */
    public Panel height(int pixels) {
        height = Math.clamp(pixels, 40, 1000);
        return this;
    }

    /** A value that holds until the next point. */
    public Panel steps(String name, TimeSeries series, Ink ink) {
        return add(name, series, ink, Style.STEPS, true);
    }

    /**
     * The same, dashed: limits and thresholds. One that is far above all others runs along the frame's upper edge
     * there, with a mark.
     */
    public Panel dashes(String name, TimeSeries series, Ink ink) {
        return add(name, series, ink, Style.DASHES, false);
    }

    /** Points joined by straight lines. */
    public Panel line(String name, TimeSeries series, Ink ink) {
        return add(name, series, ink, Style.LINE, true);
    }

    /** A value that holds until the next point, filled down to zero. */
    public Panel area(String name, TimeSeries series, Ink ink) {
        return add(name, series, ink, Style.AREA, true);
    }

    /** Single samples. */
    public Panel dots(String name, TimeSeries series, Ink ink) {
        return add(name, series, ink, Style.DOTS, true);
    }

    /** Vertical strokes between two series of as many points: sequence numbers of segments. */
    public Panel bars(String name, TimeSeries lows, TimeSeries highs, Ink ink) {
        if (!lows.isEmpty()) {
            bars.add(new Bars(name, lows, highs, ink));
        }
        return this;
    }

    private Panel add(String name, TimeSeries series, Ink ink, Style style, boolean inScale) {
        if (!series.isEmpty()) {
            drawn.add(new Drawn(name, series, ink, style, inScale));
        }
        return this;
    }

    boolean isEmpty() {
        return drawn.isEmpty() && bars.isEmpty();
    }

    String label() {
        return label;
    }

    Quantity quantity() {
        return quantity;
    }

    List<Drawn> drawn() {
        return drawn;
    }

    List<Bars> bars() {
        return bars;
    }

    int height() {
        return height;
    }

    /** The axis need not begin at zero: sequence numbers. */
    public Panel floating() {
        floating = true;
        return this;
    }

    /** The largest value that has to fit between two times. */
    double most(long fromNs, long toNs) {
        double most = 0;
        double cut = 0;
        for (Drawn d : drawn) {
            if (d.inScale) {
                most = Math.max(most, d.series.max(fromNs, toNs));
            } else {
                cut = Math.max(cut, d.series.max(fromNs, toNs));
            }
        }
        for (Bars b : bars) {
            most = Math.max(most, b.highs.max(fromNs, toNs));
        }
        double least = least(fromNs, toNs);
        return most == 0 ? cut : Math.max(most, Math.min(cut, least + (most - least) * MOST_ABOVE));
    }

    /** Where the axis begins. */
    double least(long fromNs, long toNs) {
        if (!floating) {
            return 0;
        }
        double least = Double.MAX_VALUE;
        for (Drawn d : drawn) {
            least = d.inScale ? Math.min(least, d.series.min(fromNs, toNs)) : least;
        }
        for (Bars b : bars) {
            least = Math.min(least, b.lows.min(fromNs, toNs));
        }
        return least == Double.MAX_VALUE ? 0 : least;
    }
}

package sluice.observe.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.observe.record.TimeSeries;

/**
 * Draws a {@link Chart}. A series is reduced to what a column of pixels can show: its first, least, greatest and last
 * value there.
 */
final class SvgDrawing {
    private static final int WIDTH = 960;
    private static final int LEFT = 92;
    private static final int RIGHT = 18;
    private static final int PLOT = WIDTH - LEFT - RIGHT;
    private static final int LANE = 14;
    private static final int HEADER = 24;
    private static final int TEXT_LINE = 16;
    private static final int TITLE_LETTERS = 90;
    private static final int TEXT_LETTERS = 120;
    private static final double MARK_GAP = 8;
    private static final int FOOT = 44;
    private static final int MOST_TITLES = 400;

    private final Chart chart;
    private final StringBuilder out = new StringBuilder(1 << 16);
    private final long startNs;
    private final double spanNs;
    private int titles;

    SvgDrawing(Chart chart) {
        this.chart = chart;
        startNs = chart.startNs();
        spanNs = chart.endNs() - (double) startNs;
    }

    String draw() {
        List<String> title = Letters.lines(chart.title(), TITLE_LETTERS);
        List<String> subtitle = Letters.lines(chart.subtitle(), TEXT_LETTERS);
        List<String> captions = chart.captions().stream().flatMap(c -> Letters.lines(c, TEXT_LETTERS).stream())
                .toList();
        int lanesTop = 22 + title.size() * 18 + subtitle.size() * 18;
        int y = lanesTop + chart.lanes().size() * LANE + (chart.lanes().isEmpty() ? 0 : 6);
        List<Integer> tops = new ArrayList<>();
        List<Legend> legends = Legend.of(chart.panels(), PLOT);
        for (int i = 0; i < legends.size(); i++) {
            y += HEADER + legends.get(i).extraRows() * TEXT_LINE;
            tops.add(y);
            y += chart.panels().get(i).height() + 8;
        }
        int bottom = y - 8;
        int foot = bottom + FOOT + (chart.spans().isEmpty() ? 0 : 26);
        int height = foot + captions.size() * TEXT_LINE;
        out.append(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n", WIDTH,
                height,
                WIDTH,
                height));
        out.append("<style>").append(Ink.css()).append("</style>\n");
        out.append(String.format(Locale.ROOT, "<rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n", WIDTH, height));
        lines(title, 24, 18, "t");
        lines(subtitle, 25 + title.size() * 18, 18, "d");
        for (int i = 0; i < tops.size(); i++) {
            spans(tops.get(i), chart.panels().get(i).height());
        }
        timeGrid(tops, bottom);
        lanes(lanesTop, bottom);
        for (int i = 0; i < tops.size(); i++) {
            panel(chart.panels().get(i), legends.get(i), tops.get(i), i);
        }
        if (!chart.spans().isEmpty()) {
            spanLegend(bottom + FOOT + 8);
        }
        lines(captions, foot + 4, TEXT_LINE, "d");
        return out.append("</svg>\n").toString();
    }

    // --- coordinates ---

    private double x(long timeNs) {
        return LEFT + (timeNs - startNs) / spanNs * PLOT;
    }

    private static double step(double most, int wanted) {
        double raw = most / wanted;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double digit = raw / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static String number(double v, double step) {
        int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + digits + "f", v);
    }

    /** A coordinate with as many digits as it needs. */
    static String c(double v) {
        long tenths = Math.round(v * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }

    // --- parts ---

    private void text(double x, double y, String anchor, String style, String text) {
        out.append("<text x=\"").append(c(x)).append("\" y=\"").append(c(y)).append("\" text-anchor=\"").append(anchor)
                .append("\" class=\"").append(style)
                .append("\">").append(escape(text)).append("</text>\n");
    }

    private void lines(List<String> lines, int first, int apart, String style) {
        for (int i = 0; i < lines.size(); i++) {
            text(LEFT, first + i * apart, "start", style, lines.get(i));
        }
    }

    static String escape(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private void spans(int top, int height) {
        for (Chart.Span s : joined()) {
            double from = Math.max(LEFT, x(s.fromNs()));
            double to = Math.min(LEFT + PLOT, x(s.toNs()));
            if (to < LEFT || from > LEFT + PLOT) {
                continue;
            }
            out.append("<rect class=\"").append(s.ink().fill()).append("\" opacity=\"").append(s.opacity())
                    .append("\" x=\"").append(c(from)).append("\" y=\"")
                    .append(top).append("\" width=\"").append(c(Math.max(0.6, to - from))).append("\" height=\"")
                    .append(height).append("\"/>\n");
        }
    }

    /** The spans, those of the same name joined that would touch in the picture. */
    private List<Chart.Span> joined() {
        List<Chart.Span> all = new ArrayList<>();
        double half = spanNs / PLOT / 2;
        for (Chart.Span s : chart.spans()) {
            Chart.Span before = all.isEmpty() ? null : all.getLast();
            if (before != null && before.name().equals(s.name()) && s.fromNs() - before.toNs() < half) {
                all.set(all.size() - 1, new Chart.Span(s.name(), s.ink(), s.opacity(), before.fromNs(), s.toNs()));
            } else {
                all.add(s);
            }
        }
        return all;
    }

    private void spanLegend(int y) {
        double at = LEFT;
        List<String> seen = new ArrayList<>();
        for (Chart.Span s : chart.spans()) {
            if (!seen.contains(s.name())) {
                seen.add(s.name());
                out.append("<rect class=\"").append(s.ink().fill()).append("\" opacity=\"")
                        .append(Math.min(1, s.opacity() * 1.6)).append("\" x=\"")
                        .append(c(at))
                        .append("\" y=\"").append(y - 9).append("\" width=\"14\" height=\"10\"/>\n");
                text(at + 19, y, "start", "d", s.name());
                at += 36 + Letters.width(s.name());
            }
        }
    }

    private void timeGrid(List<Integer> tops, int bottom) {
        double seconds = spanNs / 1e9;
        double scale = Quantity.SECONDS.scale(seconds);
        double most = seconds / scale;
        double step = step(most, 9);
        double first = (startNs - chart.dataStartNs()) / 1e9 / scale;
        for (long k = (long) Math.ceil(first / step - 1e-6); k * step <= (first + most) * 1.0001; k++) {
            double x = LEFT + (k * step - first) / most * PLOT;
            for (int i = 0; i < tops.size(); i++) {
                out.append("<path class=\"g\" d=\"M").append(c(x)).append(' ').append(tops.get(i)).append('v')
                        .append(chart.panels().get(i).height())
                        .append("\"/>\n");
            }
            text(x, bottom + 17, "middle", "d", number(k * step, step));
        }
        text(LEFT + PLOT / 2.0, bottom + 35, "middle", "d", "time, " + Quantity.SECONDS.unit(seconds));
    }

    private void lanes(int top, int bottom) {
        int y = top;
        for (Chart.Lane lane : chart.lanes()) {
            text(LEFT - 8, y + 10, "end", lane.ink().fill(), lane.name());
            StringBuilder ticks = new StringBuilder();
            long lastColumn = Long.MIN_VALUE;
            for (Chart.Mark m : lane.marks()) {
                double x = x(m.timeNs());
                if (x < LEFT || x > LEFT + PLOT) {
                    continue;
                }
                long column = Math.round(x * 2);
                if (column != lastColumn) {
                    lastColumn = column;
                    ticks.append('M').append(c(x)).append(' ').append(y + 1).append("v10");
                }
            }
            out.append("<path class=\"l thin ").append(lane.ink().stroke()).append("\" d=\"").append(ticks)
                    .append("\"/>\n");
            if (lane.throughAll()) {
                through(lane, y, bottom);
            }
            y += LANE;
        }
    }

    private void through(Chart.Lane lane, int y, int bottom) {
        for (Chart.Mark m : lane.marks()) {
            if (++titles > MOST_TITLES) {
                return;
            }
            if (m.timeNs() < startNs || m.timeNs() > startNs + spanNs) {
                continue;
            }
            out.append("<path class=\"l thin ").append(lane.ink().stroke())
                    .append("\" opacity=\".55\" stroke-dasharray=\"2 3\" d=\"M").append(c(x(m.timeNs())))
                    .append(' ').append(y + 11).append('V').append(bottom).append("\"><title>")
                    .append(escape(Quantity.SECONDS.text((m.timeNs() - startNs) / 1e9) + ": " + m.text()))
                    .append("</title></path>\n");
        }
    }

    /** How values become heights. */
    private record Scale(double least, int top, int bottom, double perUnit) {
        /** Never outside of the frame. */
        double y(double v) {
            return Math.clamp(bottom - (v - least) * perUnit, top, bottom);
        }

        boolean isAbove(double v) {
            return bottom - (v - least) * perUnit < top;
        }
    }

    private void panel(Panel p, Legend legend, int top, int index) {
        long endNs = startNs + (long) spanNs;
        double most = p.most(startNs, endNs);
        double least = p.least(startNs, endNs);
        double full = most <= least ? 1 : (most - least) * 1.06;
        double unitSize = p.quantity().scale(most);
        double step = step(full / unitSize, Math.max(3, p.height() / 26));
        if (p.quantity() == Quantity.COUNT && unitSize == 1) {
            step = Math.max(1, step);
        }
        int bottom = top + p.height();
        Scale scale = new Scale(least, top, bottom, p.height() / full);
        for (long k = (long) Math.ceil(least / unitSize / step - 1e-9); k * step * unitSize <= least + full; k++) {
            double y = scale.y(k * step * unitSize);
            out.append("<path class=\"").append(k == 0 ? "ax" : "g").append("\" d=\"M").append(LEFT).append(' ')
                    .append(c(y)).append('h').append(PLOT)
                    .append("\"/>\n");
            text(LEFT - 8, y + 4, "end", "d", number(k * step, step));
        }
        String unit = p.quantity().unit(most);
        text(LEFT, top - 8 - legend.extraRows() * TEXT_LINE, "start", "",
                p.label() + (unit.isEmpty() ? "" : (p.label().isEmpty() ? "" : ", ") + unit));
        legend(legend, top - 8);
        out.append("<clipPath id=\"c").append(index).append("\"><rect x=\"").append(LEFT).append("\" y=\"")
                .append(top - 2).append("\" width=\"")
                .append(PLOT).append("\" height=\"").append(p.height() + 2)
                .append("\"/></clipPath>\n<g clip-path=\"url(#c").append(index).append(")\">\n");
        for (Panel.Bars b : p.bars()) {
            bars(b, scale);
        }
        for (Panel.Drawn d : p.drawn()) {
            if (d.style() == Panel.Style.DOTS) {
                dots(d, scale);
            } else {
                line(d, scale);
            }
        }
        out.append("</g>\n");
    }

    private void legend(Legend legend, int lowest) {
        for (int row = 0; row < legend.rows().size(); row++) {
            double at = LEFT + PLOT;
            for (Legend.Entry e : legend.rows().get(row).reversed()) {
                at = entry(e.name(), e.ink(), e.style(), at, lowest - (legend.extraRows() - row) * TEXT_LINE);
            }
        }
    }

    /** A name with a sample of its line; null for bars. */
    private double entry(String name, Ink ink, Panel.@Nullable Style style, double right, int y) {
        text(right, y, "end", "", name);
        double x = right - Letters.width(name) - 26;
        switch (style) {
            case null -> out.append("<path class=\"l ").append(ink.stroke()).append("\" d=\"M").append(c(x + 7))
                    .append(' ').append(y - 9)
                    .append("v10m5 -8v10\"/>\n");
            case AREA -> out.append("<rect class=\"").append(ink.fill()).append("\" opacity=\".3\" x=\"").append(c(x))
                    .append("\" y=\"").append(y - 9)
                    .append("\" width=\"18\" height=\"9\"/>\n");
            case DOTS -> out.append("<path class=\"p ").append(ink.stroke()).append("\" d=\"M").append(c(x + 9))
                    .append(' ').append(y - 4).append("h.1\"/>\n");
            default -> out.append("<path class=\"l ").append(ink.stroke()).append("\" d=\"M").append(c(x)).append(' ')
                    .append(y - 4).append("h18\"")
                    .append(style == Panel.Style.DASHES ? " stroke-dasharray=\"5 3\"" : "").append("/>\n");
        }
        return x - 14;
    }

    private void dots(Panel.Drawn d, Scale scale) {
        StringBuilder path = new StringBuilder();
        java.util.HashSet<Long> taken = new java.util.HashSet<>();
        for (int i = d.series().from(startNs); i < d.series().size() && d.series().timeNs(i) <= startNs + spanNs; i++) {
            double v = d.series().value(i);
            double x = x(d.series().timeNs(i));
            double y = scale.y(v);
            if (!Double.isNaN(v) && taken.add(Math.round(x / 1.8) << 32 | Math.round(y / 1.8))) {
                path.append('M').append(c(x)).append(' ').append(c(y)).append("h.1");
            }
        }
        out.append("<path class=\"p ").append(d.ink().stroke()).append("\" opacity=\".5\" d=\"").append(path)
                .append("\"/>\n");
    }

    /** Strokes, of which those in the same half pixel are joined. */
    private void bars(Panel.Bars b, Scale scale) {
        StringBuilder path = new StringBuilder();
        for (int i = b.lows().from(startNs); i < b.lows().size() && b.lows().timeNs(i) <= startNs + spanNs;) {
            long column = Math.round(x(b.lows().timeNs(i)) * 2);
            double low = b.lows().value(i);
            double high = b.highs().value(i);
            int j = i + 1;
            for (; j < b.lows().size() && Math.round(x(b.lows().timeNs(j)) * 2) == column && b.lows().value(j) <= high
                    && b.highs().value(j) >= low; j++) {
                low = Math.min(low, b.lows().value(j));
                high = Math.max(high, b.highs().value(j));
            }
            path.append('M').append(c(column / 2.0)).append(' ').append(c(scale.y(low))).append('v')
                    .append(c(-Math.max(2.2, (high - low) * scale.perUnit)));
            i = j;
        }
        out.append("<path class=\"l ").append(b.ink().stroke()).append("\" d=\"").append(path).append("\"><title>")
                .append(escape(b.name()))
                .append("</title></path>\n");
    }

    private void line(Panel.Drawn d, Scale scale) {
        boolean steps = d.style() != Panel.Style.LINE;
        boolean area = d.style() == Panel.Style.AREA;
        SvgPath path = new SvgPath(steps);
        StringBuilder above = new StringBuilder();
        double lastMark = Double.NEGATIVE_INFINITY;
        boolean isAbove = false;
        TimeSeries s = d.series();
        for (int i = Math.max(0, s.from(startNs) - 1); i < s.size() && s.timeNs(i) <= startNs + spanNs; i++) {
            double v = s.value(i);
            double x = Math.max(LEFT, x(s.timeNs(i)));
            path.add(x, Double.isNaN(v) ? Double.NaN : scale.y(v));
            boolean wasAbove = isAbove;
            isAbove = scale.isAbove(v);
            if (isAbove && !wasAbove && x - lastMark >= MARK_GAP) {
                lastMark = x;
                above.append('M').append(c(x - 3.5)).append(' ').append(scale.top + 7).append("h7l-3.5 -6z");
            }
        }
        if (steps) {
            path.extendTo(Math.min(LEFT + PLOT, x(Math.max(s.endNs(), s.timeNs(s.size() - 1)))));
        }
        if (area) {
            out.append("<path class=\"").append(d.ink().fill()).append("\" opacity=\".22\" d=\"")
                    .append(path.closedAt(scale.bottom)).append("\"/>\n");
        } else {
            out.append("<path class=\"l ").append(d.ink().stroke()).append('"')
                    .append(d.style() == Panel.Style.DASHES ? " stroke-dasharray=\"5 3\"" : "")
                    .append(" d=\"").append(path.open()).append("\"/>\n");
        }
        if (!above.isEmpty()) {
            out.append("<path class=\"").append(d.ink().fill()).append("\" d=\"").append(above).append("\"><title>")
                    .append(escape(d.name() + " is above the frame here")).append("</title></path>\n");
        }
    }
}

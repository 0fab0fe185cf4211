package sluice.observe.plot;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of a panel's lines, in rows that fit beside and below its label. A panel with the names of the one above it
 * has none.
 *
 * @param rows from the upper to the lower one
 */
record Legend(List<List<Entry>> rows) {
    private static final int MOST_ROWS = 6;
    private static final double SAMPLE = 40;
    private static final double LABEL_GAP = 110; // the unit is part of the label

    /** A line's name with its looks; style null for bars. */
    record Entry(String name, Ink ink, Panel.@Nullable Style style) {
        double width() {
            return Letters.width(name) + SAMPLE;
        }
    }

    /** Rows below the first one. */
    int extraRows() {
        return Math.max(0, rows.size() - 1);
    }

    /** The legends of all panels of a chart, each {@code width} pixels wide. */
    static List<Legend> of(List<Panel> panels, int width) {
        List<Legend> all = new ArrayList<>();
        List<Entry> before = List.of();
        for (Panel p : panels) {
            List<Entry> entries = entries(p);
            all.add(entries.equals(before) ? new Legend(List.of())
                    : new Legend(rows(entries, width - Letters.width(p.label()) - LABEL_GAP, width)));
            before = entries;
        }
        return all;
    }

    private static List<Entry> entries(Panel p) {
        List<Entry> entries = new ArrayList<>();
        for (Panel.Bars b : p.bars()) {
            if (entries.stream().noneMatch(e -> e.name.equals(b.name()))) {
                entries.add(new Entry(b.name(), b.ink(), null));
            }
        }
        p.drawn().forEach(d -> entries.add(new Entry(d.name(), d.ink(), d.style())));
        return entries;
    }

    private static List<List<Entry>> rows(List<Entry> entries, double first, double others) {
        List<List<Entry>> rows = new ArrayList<>();
        rows.add(new ArrayList<>());
        double left = first;
        for (int i = 0; i < entries.size(); i++) {
            Entry e = entries.get(i);
            if (e.width() > left && (!rows.getLast().isEmpty() || rows.size() == 1)) {
                if (rows.size() == MOST_ROWS) {
                    rows.getLast().removeLast();
                    rows.getLast().add(new Entry("… " + (entries.size() - i + 1) + " more", Ink.GRAY, null));
                    break;
                }
                rows.add(new ArrayList<>());
                left = others;
            }
            rows.getLast().add(e);
            left -= e.width();
        }
        return rows;
    }
}

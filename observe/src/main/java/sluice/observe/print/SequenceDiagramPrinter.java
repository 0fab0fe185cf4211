package sluice.observe.print;

import java.util.Locale;
import sluice.base.Time;
import sluice.observe.record.SequenceDiagram;
import sluice.observe.record.SequenceDiagram.Fate;

/** A {@link SequenceDiagram} as text: arrows between two lines, times at the left, states at both margins. */
public final class SequenceDiagramPrinter {
    private static final int DEFAULT_WIDTH = 74;
    private static final int STATE_WIDTH = 12;

    private SequenceDiagramPrinter() {}

    /** The ladder, at most 24 + 2 × 12 + {@code width} columns. */
    public static String print(SequenceDiagram diagram, int width) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%11s  %-" + STATE_WIDTH + "s%s%" + (STATE_WIDTH + 1) + "s\n", "time",
                shortened(diagram.leftName(), STATE_WIDTH),
                " ".repeat(width),
                shortened(diagram.rightName(), STATE_WIDTH)));
        for (SequenceDiagram.Line line : diagram.lines()) {
            String left = line.leftState() == null ? "" : line.leftState();
            String right = line.rightState() == null ? "" : line.rightState();
            String segment = line.segment();
            String middle = segment == null ? middle(line, width) : arrow(line, segment, width);
            String row = String.format(Locale.ROOT, "%11s  %-" + STATE_WIDTH + "s%s  %s", time(line.sentNs()), left,
                    middle, right);
            out.append(row.stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /** The ladder of an ordinary width. */
    public static String print(SequenceDiagram diagram) {
        return print(diagram, DEFAULT_WIDTH);
    }

    private static String middle(SequenceDiagram.Line line, int width) {
        String note = line.note();
        if (note == null) {
            return "│" + " ".repeat(width - 2) + "│";
        }
        String text = shortened(note, width - 4);
        return line.fromLeft() ? "│ " + text + " ".repeat(width - 3 - text.length()) + "│"
                : "│" + " ".repeat(width - 3 - text.length()) + text + " │";
    }

    private static String arrow(SequenceDiagram.Line line, String segment, int width) {
        String label = "";
        if (line.arrivedNs() != Time.NEVER && line.arrivedNs() != line.sentNs()) {
            label += " +" + time(line.arrivedNs() - line.sentNs());
        }
        if (line.fate() == Fate.IN_FLIGHT) {
            label += " (in flight)";
        }
        if (line.note() != null) {
            label += " " + line.note();
        }
        label = shortened(segment, width - 8 - Math.min(label.length(), width / 2)) + shortened(label, width / 2);
        String dashes = "─".repeat(width - 6 - label.length());
        if (line.fromLeft()) {
            return "│─ " + label + " " + dashes + (end(line, '▶') + "│");
        }
        return "│" + end(line, '◀') + dashes + " " + label + " ─│";
    }

    /** A segment in flight comes to no end. */
    private static char end(SequenceDiagram.Line line, char arrow) {
        return switch (line.fate()) {
            case SEEN -> arrow;
            case LOST -> '✗';
            case IN_FLIGHT -> '…';
        };
    }

    private static String shortened(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }

    /** Nanoseconds as milliseconds with microseconds. */
    private static String time(long ns) {
        return String.format(Locale.ROOT, "%.3f ms", ns / 1e6);
    }
}

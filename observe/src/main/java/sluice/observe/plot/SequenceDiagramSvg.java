package sluice.observe.plot;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.observe.record.SequenceDiagram;
import sluice.observe.record.SequenceDiagram.Fate;
import sluice.observe.record.SequenceDiagram.Line;

/**
 * Draws the rows of a {@link SequenceDiagram} as SVG: one row under the other, times at the left; the slope only shows
 * the direction.
 */
public final class SequenceDiagramSvg {
    private static final int LEFT = 220;
    private static final int RIGHT = 860;
    private static final int WIDTH = 1000;
    private static final int TOP = 50;
    private static final int ROW = 26;
    private static final int SLOPE = 10;

    private SequenceDiagramSvg() {}

    /** The picture. */
    public static String draw(SequenceDiagram diagram) {
        List<Line> lines = diagram.lines();
        int height = TOP + ROW * (lines.size() + 1);
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
                        + "font-size=\"12\">\n",
                WIDTH, height));
        out.append(
                "<defs><marker id=\"a\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8\" refY=\"4\" orient=\"auto\">"
                        + "<path d=\"M0,0 L9,4 L0,8 z\"/></marker></defs>\n");
        out.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        out.append(String.format(Locale.ROOT,
                "<text x=\"%d\" y=\"24\" text-anchor=\"middle\" font-weight=\"bold\">%s</text>\n", LEFT,
                escape(diagram.leftName())));
        out.append(String.format(Locale.ROOT,
                "<text x=\"%d\" y=\"24\" text-anchor=\"middle\" font-weight=\"bold\">%s</text>\n", RIGHT,
                escape(diagram.rightName())));
        out.append(String.format(Locale.ROOT, "<path d=\"M%d,34 V%d M%d,34 V%d\" stroke=\"gray\"/>\n", LEFT, height - 8,
                RIGHT, height - 8));
        int y = TOP;
        for (Line line : lines) {
            row(out, line, y);
            y += ROW;
        }
        return out.append("</svg>\n").toString();
    }

    private static void row(StringBuilder out, Line line, int y) {
        out.append(String.format(Locale.ROOT, "<text x=\"8\" y=\"%d\" fill=\"gray\">%.3f ms</text>\n", y + 4,
                line.sentNs() / 1e6));
        state(out, line.leftState(), LEFT - 8, "end", y);
        state(out, line.rightState(), RIGHT + 8, "start", y);
        String segment = line.segment();
        String note = line.note();
        if (segment != null) {
            arrow(out, line, y);
            String text = line.fate() == Fate.IN_FLIGHT ? segment + " (in flight)" : segment;
            out.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                    (LEFT + RIGHT) / 2, y, escape(note == null ? text : text + " " + note)));
        } else if (note != null) {
            out.append(String.format(Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"steelblue\" font-style=\"italic\">%s</text>\n",
                    line.fromLeft() ? LEFT + 8 : RIGHT - 8, y + 4,
                    line.fromLeft() ? "start" : "end", escape(note)));
        }
    }

    /** To the other end; of a lost segment to a cross before it, of one in flight to the middle. */
    private static void arrow(StringBuilder out, Line line, int y) {
        int from = line.fromLeft() ? LEFT : RIGHT;
        int way = line.fromLeft() ? RIGHT - LEFT : LEFT - RIGHT;
        double part = switch (line.fate()) {
            case SEEN -> 1;
            case LOST -> 0.75;
            case IN_FLIGHT -> 0.5;
        };
        int end = from + (int) (way * part);
        int fall = (int) (SLOPE * part);
        out.append(String.format(Locale.ROOT, "<path d=\"M%d,%d L%d,%d\" stroke=\"%s\" fill=\"none\"%s/>\n", from, y,
                end, y + fall, line.fate() == Fate.LOST ? "firebrick" : "black", switch (line.fate()) {
                    case SEEN -> " marker-end=\"url(#a)\"";
                    case LOST -> "";
                    case IN_FLIGHT -> " stroke-dasharray=\"4 4\"";
                }));
        if (line.fate() == Fate.LOST) {
            out.append(String.format(Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" fill=\"firebrick\" text-anchor=\"middle\">✗</text>\n", end,
                    y + fall + 4));
        }
    }

    private static void state(StringBuilder out, @Nullable String state, int x, String anchor, int y) {
        if (state != null) {
            out.append(
                    String.format(Locale.ROOT,
                            "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-weight=\"bold\">%s</text>\n", x, y + 4,
                            anchor, escape(state)));
        }
    }

    private static String escape(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}

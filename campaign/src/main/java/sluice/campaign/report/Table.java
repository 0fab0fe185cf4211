package sluice.campaign.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.campaign.Axis;
import sluice.campaign.Campaign;
import sluice.campaign.Measure;

/** The table of a campaign: a part for each measure, a line for each cell. */
public final class Table {
    private static final List<String> NUMBERS = List.of("runs", "failed", "median", "95 % interval", "p10", "p90",
            "p99");

    private final Campaign campaign;
    /** For each measure, the words of each line: no cell's numbers are kept. */
    private final List<List<List<String>>> parts = new ArrayList<>();

    /** An empty one. */
    public Table(Campaign campaign) {
        this.campaign = campaign;
        List<String> head = new ArrayList<>(campaign.swept().stream().map(Axis::name).toList());
        head.addAll(NUMBERS);
        campaign.asked().measures().forEach(_ -> parts.add(new ArrayList<>(List.of(head))));
    }

    /** The next cell. */
    public void add(CellResult cell) {
        for (int i = 0; i < parts.size(); i++) {
            List<String> line = new ArrayList<>(cell.labels());
            Spread s = cell.spreads().get(i);
            double[] interval = s.interval(seed(cell, campaign.asked().measures().get(i)));
            line.addAll(List.of(Integer.toString(s.size()), Integer.toString(cell.failed()), number(s.median()),
                    number(interval[0]) + "–" + number(interval[1]), number(s.quantile(0.1)), number(s.quantile(0.9)),
                    number(s.quantile(0.99))));
            parts.get(i).add(line);
        }
    }

    /** The seed of a cell's interval: the same wherever it is drawn. */
    static long seed(CellResult cell, Measure measure) {
        return cell.cell() * 31L + measure.ordinal();
    }

    /** As text. */
    public String text() {
        StringBuilder out = new StringBuilder();
        List<Measure> measures = campaign.asked().measures();
        for (int i = 0; i < measures.size(); i++) {
            Measure m = measures.get(i);
            out.append(m.word()).append(", ").append(m.unit()).append('\n');
            aligned(out, parts.get(i));
            out.append('\n');
        }
        return out.toString();
    }

    private static void aligned(StringBuilder out, List<List<String>> lines) {
        int[] widths = new int[lines.getFirst().size()];
        lines.forEach(l -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], l.get(i).length());
            }
        });
        lines.forEach(l -> {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                boolean left = i < widths.length - NUMBERS.size();
                line.append(i == 0 ? "  " : "   ").append(left ? l.get(i) : "");
                line.append(" ".repeat(widths[i] - l.get(i).length())).append(left ? "" : l.get(i));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        });
    }

    /** Four digits or so. */
    public static String number(double value) {
        double size = Math.abs(value);
        return Double.isNaN(value) ? "–" : value == 0 ? "0"
                : String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f",
                        value);
    }
}

package sluice.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import sluice.observe.record.TimeSeries;
import sluice.sim.Decimals;

/** Series over time in letters: good enough to see a sawtooth in a terminal. */
final class TextPlot {
    private static final int WIDTH = 72;
    private static final int HEIGHT = 14;
    private static final String MARKS = "●·○+×*";

    private TextPlot() {}

    static String of(Map<String, TimeSeries> lines, long fromNs) {
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        double most = 0;
        for (TimeSeries s : lines.values()) {
            for (int i = 0; i < s.size(); i++) {
                most = Double.isNaN(s.value(i)) ? most : Math.max(most, s.value(i));
            }
            if (!s.isEmpty()) {
                start = Math.min(start, s.timeNs(0));
                end = Math.max(end, s.endNs());
            }
        }
        if (start >= end || most == 0) {
            return "";
        }
        char[][] grid = new char[HEIGHT][WIDTH];
        Arrays.stream(grid).forEach(row -> Arrays.fill(row, ' '));
        int n = lines.size();
        for (TimeSeries s : lines.values().stream().toList().reversed()) {
            draw(grid, s, MARKS.charAt(--n % MARKS.length()), start, end, most);
        }
        return framed(grid, lines, start - fromNs, end - fromNs, most);
    }

    private static void draw(char[][] grid, TimeSeries s, char mark, long start, long end, double most) {
        int before = -1;
        for (int x = 0; x < WIDTH && !s.isEmpty(); x++) {
            long at = start + (end - start) / WIDTH * x;
            double value = at < s.timeNs(0) ? Double.NaN : s.valueAt(at);
            if (Double.isNaN(value)) {
                before = -1;
                continue;
            }
            int y = (int) Math.round(value / most * (HEIGHT - 1));
            int from = before < 0 ? y : Math.min(before, y);
            for (int i = from; i <= (before < 0 ? y : Math.max(before, y)); i++) {
                if (i == y || grid[HEIGHT - 1 - i][x] == ' ') {
                    grid[HEIGHT - 1 - i][x] = i == y ? mark : '│';
                }
            }
            before = y;
        }
    }

    private static String framed(char[][] grid, Map<String, TimeSeries> lines, long start, long end, double most) {
        StringBuilder out = new StringBuilder();
        for (int y = 0; y < HEIGHT; y++) {
            String label = y == 0 ? Decimals.plain(Math.rint(most * 10) / 10) : y == HEIGHT - 1 ? "0" : "";
            out.append(String.format(Locale.ROOT, "%9s ┤%s", label, new String(grid[y])).stripTrailing())
                    .append('\n');
        }
        out.append(String.format(Locale.ROOT, "%9s └%s%n", "", "─".repeat(WIDTH)));
        String last = String.format(Locale.ROOT, "%.3f s", end / 1e9);
        out.append(String.format(Locale.ROOT, "%11s%-" + (WIDTH - last.length()) + "s%s%n", "",
                String.format(Locale.ROOT, "%.3f s", start / 1e9), last));
        out.append(" ".repeat(11));
        int n = 0;
        for (String name : lines.keySet()) {
            out.append(MARKS.charAt(n++ % MARKS.length())).append(' ').append(name).append("   ");
        }
        return out.toString().stripTrailing() + "\n";
    }
}

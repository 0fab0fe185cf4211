package sluice.observe.plot;

import java.util.ArrayList;
import java.util.List;

/** A line of many points, reduced to columns of about a pixel. */
final class SvgPath {
    private static final double COLUMN = 0.8;

    private final boolean steps;
    /** Runs without a gap. */
    private final List<StringBuilder> runs = new ArrayList<>();
    private final List<double[]> ends = new ArrayList<>();
    private boolean open;
    private long column;
    private double first;
    private double least;
    private double most;
    private double last;

    SvgPath(boolean steps) {
        this.steps = steps;
    }

    /** The next point, in order of x; NaN ends the line. */
    void add(double x, double y) {
        if (Double.isNaN(y)) {
            if (open) {
                flush();
                horizontal(Math.round(x / COLUMN));
                open = false;
            }
            return;
        }
        long at = Math.round(x / COLUMN);
        if (!open) {
            open = true;
            runs.add(new StringBuilder("M" + c(at * COLUMN) + " " + c(y)));
            ends.add(new double[]{at * COLUMN, at * COLUMN});
            start(at, y);
        } else if (at == column) {
            least = Math.min(least, y);
            most = Math.max(most, y);
            last = y;
        } else {
            flush();
            if (steps) {
                horizontal(at);
                run().append('V').append(c(y));
            } else {
                run().append('L').append(c(at * COLUMN)).append(' ').append(c(y));
            }
            start(at, y);
        }
    }

    private void start(long at, double y) {
        column = at;
        first = y;
        least = y;
        most = y;
        last = y;
    }

    private StringBuilder run() {
        return runs.getLast();
    }

    /** What else happened in the column. */
    private void flush() {
        if (least != first || most != first) {
            run().append('V').append(c(most)).append('V').append(c(least));
            if (last != least) {
                run().append('V').append(c(last));
            }
        }
        ends.getLast()[1] = column * COLUMN;
    }

    private void horizontal(long to) {
        if (steps) {
            run().append('H').append(c(to * COLUMN));
            ends.getLast()[1] = to * COLUMN;
        }
    }

    /** The last value holds until there. */
    void extendTo(double x) {
        if (open) {
            flush();
            horizontal(Math.round(x / COLUMN));
            open = false;
        }
    }

    String open() {
        if (open) {
            flush();
            open = false;
        }
        return String.join("", runs);
    }

    String closedAt(double bottom) {
        open();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < runs.size(); i++) {
            all.append(runs.get(i)).append('V').append(c(bottom)).append('H').append(c(ends.get(i)[0])).append('Z');
        }
        return all.toString();
    }

    private static String c(double v) {
        return SvgDrawing.c(v);
    }
}

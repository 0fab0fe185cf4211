package sluice.campaign.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import sluice.campaign.Campaign;
import sluice.campaign.Measure;
import sluice.campaign.ResultsFile;

/** Reads results cell by cell; one cell's numbers are in memory at a time. */
public final class Results {
    private static final int FIRST = 16;

    /**
     * A run that failed.
     *
     * @param run its number
     * @param status how
     * @param why one line
     */
    public record Failed(long run, String status, String why) {}

    private final Campaign campaign;
    private final int firstMeasure;
    private final int statusColumn;
    private final Consumer<CellResult> cells;
    private final Consumer<Failed> failures;
    private int cell = -1;
    private int failed;
    private long last = -1;
    private int size;
    private double[][] numbers;
    private long[] runs = new long[FIRST];

    private Results(Campaign campaign, Consumer<CellResult> cells, Consumer<Failed> failures) {
        this.campaign = campaign;
        this.cells = cells;
        this.failures = failures;
        statusColumn = campaign.columns().indexOf("status");
        firstMeasure = statusColumn + 4;
        numbers = new double[campaign.asked().measures().size()][FIRST];
    }

    /** Gives each cell that has results, in order, and each run that failed. */
    public static void read(Path directory, Campaign campaign, Consumer<CellResult> cells, Consumer<Failed> failures)
            throws IOException {
        Results r = new Results(campaign, cells, failures);
        try {
            ResultsFile.read(directory, row -> r.row(row.fields()));
            r.endCell();
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IOException(ResultsFile.csv(directory) + ": the line after run " + r.last
                    + " is not one of this campaign", e);
        }
    }

    private void row(List<String> fields) {
        int of = Integer.parseInt(fields.get(1));
        if (of != cell) {
            endCell();
            cell = of;
        }
        long run = Long.parseLong(fields.get(0));
        if (!fields.get(statusColumn).equals("ok")) {
            failed++;
            failures.accept(new Failed(run, fields.get(statusColumn), fields.getLast()));
        }
        if (numbers.length == 0) {
            last = run;
            return; // nothing is measured: nothing grows with the runs
        }
        if (size == runs.length) {
            runs = Arrays.copyOf(runs, 2 * size);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Arrays.copyOf(numbers[i], 2 * size);
            }
        }
        runs[size] = run;
        for (int i = 0; i < numbers.length; i++) {
            String text = fields.get(firstMeasure + i);
            numbers[i][size] = text.isEmpty() ? Double.NaN : Double.parseDouble(text);
        }
        size++;
        last = run;
    }

    private void endCell() {
        if (cell >= 0) {
            List<Spread> spreads = new ArrayList<>();
            List<CellResult.Example> examples = new ArrayList<>();
            for (int i = 0; i < numbers.length; i++) {
                Spread s = new Spread(Arrays.copyOf(numbers[i], size));
                spreads.add(s);
                examples.add(example(numbers[i], s.median(), campaign.asked().measures().get(i)));
            }
            cells.accept(new CellResult(cell, campaign.labels(cell), failed, spreads, examples));
        }
        failed = 0;
        size = 0;
    }

    /** What did not end is the worst. */
    private CellResult.Example example(double[] of, double median, Measure measure) {
        int middle = 0;
        int worst = 0;
        for (int i = 1; i < size; i++) {
            double badness = measure.higherIsBetter() ? -of[i] : of[i];
            double before = measure.higherIsBetter() ? -of[worst] : of[worst];
            worst = Double.compare(badness, before) > 0 || Double.isNaN(of[i]) && !Double.isNaN(of[worst]) ? i : worst;
            middle = Math.abs(of[i] - median) < Math.abs(of[middle] - median) || Double.isNaN(of[middle]) ? i : middle;
        }
        return new CellResult.Example(runs[middle], runs[worst]);
    }
}

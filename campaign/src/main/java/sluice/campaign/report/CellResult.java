package sluice.campaign.report;

import java.util.List;

/**
 * What the runs of a cell came to.
 *
 * @param cell its number
 * @param labels its place on each swept axis
 * @param failed runs that failed
 * @param spreads one for each measure
 * @param examples for each measure the runs to look at
 */
public record CellResult(int cell, List<String> labels, int failed, List<Spread> spreads, List<Example> examples) {
    /**
     * Runs of a cell that are worth seeing.
     *
     * @param median whose number is the nearest to the middle
     * @param worst whose number is the worst
     */
    public record Example(long median, long worst) {}

    /** A text for all labels. */
    public String name() {
        return labels.isEmpty() ? "all" : String.join(", ", labels);
    }
}

package sluice.campaign.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.campaign.Measure;

/**
 * Which cells moved beyond chance between two campaigns. Each measure of each cell is put to a rank test, and Holm's
 * procedure holds the chance that a comparison of two runs of the same code names anything at all to 1 %, however many
 * cells there are.
 */
public final class Comparison {
    /** The chance of naming anything when nothing changed. */
    public static final double FALSE_ALARMS = 0.01;

    /**
     * A cell that moved.
     *
     * @param cell its labels
     * @param measure of which
     * @param before the median
     * @param after the median
     * @param isWorse whether it is worse now; runs that came to no number are the worst of all
     * @param chance of such ranks if nothing changed, before correction
     */
    public record Moved(String cell, Measure measure, double before, double after, boolean isWorse, double chance) {}

    private final List<Measure> measures;
    private final Map<String, CellResult> before = new LinkedHashMap<>();
    private final List<Moved> all = new ArrayList<>();
    private int compared;
    private double leastPossible = 1;

    /** Compares these measures; the order of both lists of spreads. */
    public Comparison(List<Measure> measures) {
        this.measures = measures;
    }

    /** A cell of the old campaign. */
    public void old(CellResult cell) {
        before.put(cell.name(), cell);
    }

    /** A cell of the new one; one that the old has not is left out. */
    public void now(CellResult cell) {
        @Nullable CellResult old = before.get(cell.name());
        if (old == null) {
            return;
        }
        compared++;
        for (int i = 0; i < measures.size(); i++) {
            Measure m = measures.get(i);
            Spread a = old.spreads().get(i).ranked(m.higherIsBetter());
            Spread b = cell.spreads().get(i).ranked(m.higherIsBetter());
            leastPossible = Math.min(leastPossible, leastPossible(a.size(), b.size()));
            all.add(new Moved(cell.name(), m, old.spreads().get(i).median(), cell.spreads().get(i).median(),
                    m.higherIsBetter() == Rank.above(a, b) < 0.5, Rank.chance(a, b)));
        }
    }

    /** The least chance that so many numbers can show: 2 / (n + m over n). */
    private static double leastPossible(int n, int m) {
        double ways = 1;
        for (int i = 1; i <= n && ways < 1e300; i++) {
            ways *= (m + i) / (double) i;
        }
        return Math.min(1, 2 / ways);
    }

    /** How many cells both have. */
    public int compared() {
        return compared;
    }

    /** Whether there are too few seeds for anything to be named. */
    public boolean isBlind() {
        return leastPossible > FALSE_ALARMS / Math.max(1, all.size());
    }

    /** Those that moved, the surest first. */
    public List<Moved> moved() {
        List<Moved> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingDouble(Moved::chance));
        int named = 0;
        while (named < sorted.size() && sorted.get(named).chance() <= FALSE_ALARMS / (sorted.size() - named)) {
            named++;
        }
        return List.copyOf(sorted.subList(0, named));
    }
}

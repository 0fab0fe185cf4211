package sluice.campaign.report;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The numbers of one measure in one cell, as they lie. */
public final class Spread {
    private static final int RESAMPLES = 1000;
    private static final int MOST_RESAMPLED = 2000;
    private static final double Z = 1.959964;

    private final double[] sorted;
    private final int missing;

    /** Takes numbers in any order; NaN, of runs that came to none, are only counted. */
    public Spread(double[] numbers) {
        sorted = Arrays.stream(numbers).filter(x -> !Double.isNaN(x)).sorted().toArray();
        missing = numbers.length - sorted.length;
    }

    /** How many. */
    public int size() {
        return sorted.length;
    }

    /** Runs without a number. */
    public int missing() {
        return missing;
    }

    /** In order. */
    double[] sorted() {
        return sorted;
    }

    /** The same where runs without a number have the worst of all: a change that lets runs fail makes a cell worse. */
    Spread ranked(boolean higherIsBetter) {
        double[] all = Arrays.copyOf(sorted, sorted.length + missing);
        Arrays.fill(all, sorted.length, all.length, higherIsBetter ? -Double.MAX_VALUE : Double.MAX_VALUE);
        return new Spread(all);
    }

    /** The number at a rank, 0…1, between neighbours; NaN when there is none. */
    public double quantile(double rank) {
        return quantile(sorted, rank);
    }

    private static double quantile(double[] sorted, double rank) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = rank * (sorted.length - 1);
        int below = (int) at;
        return below + 1 >= sorted.length ? sorted[sorted.length - 1]
                : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }

    /** The number in the middle. */
    public double median() {
        return quantile(0.5);
    }

    /**
     * The middle's 95 % interval by the percentile bootstrap. Of many numbers its limit is taken: the ranks between
     * which the middle of a resample lies (binomial, by its normal form).
     *
     * @param seed the same, the same interval
     */
    public double[] interval(long seed) {
        if (sorted.length > MOST_RESAMPLED) {
            double half = Z / 2 / Math.sqrt(sorted.length);
            return new double[]{quantile(0.5 - half), quantile(0.5 + half)};
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] medians = new double[RESAMPLES];
        int[] counts = new int[sorted.length];
        for (int i = 0; i < RESAMPLES && sorted.length > 0; i++) {
            Arrays.fill(counts, 0);
            for (int k = 0; k < sorted.length; k++) {
                counts[random.nextInt(sorted.length)]++;
            }
            medians[i] = (at(counts, (sorted.length - 1) / 2) + at(counts, sorted.length / 2)) / 2;
        }
        Arrays.sort(medians);
        return sorted.length == 0 ? new double[]{Double.NaN, Double.NaN}
                : new double[]{quantile(medians, 0.025), quantile(medians, 0.975)};
    }

    private double at(int[] counts, int rank) {
        int seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen > rank) {
                return sorted[i];
            }
        }
        return sorted[sorted.length - 1];
    }
}

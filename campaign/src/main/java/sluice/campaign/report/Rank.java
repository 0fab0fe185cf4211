package sluice.campaign.report;

import java.util.Arrays;

/** Whether two sets of numbers come from the same source, by their ranks (Mann and Whitney 1947). */
final class Rank {
    private static final int EXACT_SIZE = 40;
    private static final double NEAR = 2.3;

    private Rank() {}

    /**
     * The chance of ranks at least as far apart as these if the source is the same: two-sided, 1 when either is empty.
     */
    static double chance(Spread a, Spread b) {
        double[] x = a.sorted();
        double[] y = b.sorted();
        int n = x.length;
        int m = y.length;
        if (n == 0 || m == 0) {
            return 1;
        }
        double[] all = new double[n + m];
        System.arraycopy(x, 0, all, 0, n);
        System.arraycopy(y, 0, all, n, m);
        Arrays.sort(all);
        double u = 0;
        for (double v : x) {
            int below = lowerBound(y, v);
            u += below + (upperBound(y, v) - below) / 2.0;
        }
        double ties = 0;
        boolean tied = false;
        for (int i = 0; i < all.length;) {
            int j = upperBound(all, all[i]);
            double t = j - i;
            tied |= t > 1;
            ties += t * t * t - t;
            i = j;
        }
        double least = Math.min(u, (double) n * m - u);
        double total = n + m;
        double variance = n * (double) m / 12 * (total + 1 - ties / (total * (total - 1)));
        if (variance <= 0) {
            return 1; // all are alike
        }
        double z = Math.max(0, n * (double) m / 2 - least - 0.5) / Math.sqrt(variance);
        boolean few = n <= EXACT_SIZE && m <= EXACT_SIZE;
        // the normal form is too cautious of few numbers where it matters
        return !tied && few && z > NEAR ? Math.min(1, 2 * exact(n, m, (int) Math.round(least)))
                : Math.min(1, 2 * tail(z));
    }

    /** How often a number of {@code b} is above one of {@code a}, 0…1; ties count half. */
    static double above(Spread a, Spread b) {
        double pairs = 0;
        for (double v : b.sorted()) {
            int below = lowerBound(a.sorted(), v);
            pairs += below + (upperBound(a.sorted(), v) - below) / 2.0;
        }
        return pairs / Math.max(1.0, (double) a.size() * b.size());
    }

    private static int lowerBound(double[] sorted, double v) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < v) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int upperBound(double[] sorted, double v) {
        return lowerBound(sorted, Math.nextUp(v));
    }

    /** The share of the orders of n and m numbers whose U is at most {@code u}. */
    private static double exact(int n, int m, int u) {
        double[][] shares = new double[m + 1][u + 1]; // of i and j numbers, by U; i grows in place
        for (int j = 0; j <= m; j++) {
            shares[j][0] = 1;
        }
        for (int i = 1; i <= n; i++) {
            double[][] next = new double[m + 1][u + 1];
            next[0][0] = 1;
            for (int j = 1; j <= m; j++) {
                for (int k = 0; k <= u; k++) {
                    // the largest is one of the first (j others are below it) or of the second
                    next[j][k] = (k >= j ? shares[j][k - j] * i / (i + j) : 0) + next[j - 1][k] * j / (i + j);
                }
            }
            shares = next;
        }
        return Arrays.stream(shares[m]).sum();
    }

    /** The upper tail of the normal distribution (Abramowitz and Stegun 26.2.17's form by continued fraction). */
    static double tail(double z) {
        if (z < 2) {
            double sum = z;
            double term = z;
            for (int k = 1; k < 60; k++) {
                term *= -z * z / (2 * k);
                sum += term / (2 * k + 1);
            }
            return 0.5 - sum / Math.sqrt(2 * Math.PI);
        }
        double fraction = z;
        for (int k = 60; k >= 1; k--) {
            fraction = z + k / fraction;
        }
        return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / fraction;
    }
}

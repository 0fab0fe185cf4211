package sluice.link;

import java.util.Locale;

/**
 * Shapes of jitter, by tc's names: a table of the inverse distribution function in units of the jitter. The mean is 0,
 * but for what the cut of Pareto's tail takes from it (0.033), as in tc's tables.
 */
public enum NetemDistribution {
    /** All values from -1 to 1 alike. */
    UNIFORM,
    /** The normal distribution, cut at 4 standard deviations. */
    NORMAL,
    /** Pareto with exponent 3: few late packets, some very late; cut at 4. */
    PARETO,
    /** Three quarters Pareto and one quarter normal, as real networks look. */
    PARETONORMAL;

    private static final int SIZE = 4096;
    private static final double CUT = 4;
    private final double[] table = new double[SIZE];

    NetemDistribution() {
        for (int i = 0; i < SIZE; i++) {
            double u = (i + 0.5) / SIZE;
            table[i] = switch (ordinal()) {
                case 0 -> 2 * u - 1;
                case 1 -> normal(u);
                case 2 -> pareto(u);
                // The two must not rise together: one of them runs through the table in another order.
                default -> 0.75 * pareto(u) + 0.25 * normal(((i * 1597 & SIZE - 1) + 0.5) / SIZE);
            };
        }
    }

    /**
     * The value for 32 random bits, in units of the jitter. The upper bits choose: a correlation lives in those (the
     * kernel takes the lower ones and loses it).
     */
    double value(long random32) {
        return this == UNIFORM ? random32 * 0x1p-31 - 1 : table[(int) (random32 >>> 20)];
    }

    /** tc's word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static double pareto(double u) {
        // Mean 3/2, standard deviation √3/2 of the exponent 3; scaled by 4/3 as tc's table is.
        return Math.min(CUT, (StrictMath.pow(u, -1.0 / 3) - 1.5) * 4 / 3);
    }

    /**
     * Inverse of the normal distribution function by bisection of a series: exact enough, and the same on every
     * machine.
     */
    private static double normal(double u) {
        double low = -CUT;
        double high = CUT;
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            if (distribution(middle) < u) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private static double distribution(double x) {
        // Φ(x) = 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + …)
        double term = x;
        double sum = x;
        for (int i = 3; i < 120; i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * StrictMath.exp(-x * x / 2) / StrictMath.sqrt(2 * Math.PI);
    }
}

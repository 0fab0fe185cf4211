package sluice.sim;

import java.util.Locale;

/** Numbers for readers. */
public final class Decimals {
    private Decimals() {}

    /** At most three digits behind the point, and none that say nothing: 10, 0.5, 333.333. */
    public static String plain(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
    }
}

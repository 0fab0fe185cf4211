package sluice.observe.plot;

import java.util.Locale;

/** What an axis counts, and how its numbers are written: a scale is chosen so that the numbers stay short. */
public enum Quantity {
    /** A bare number: segments, packets. */
    COUNT("", 1, "", "thousand", "million"),
    /** Bytes. */
    BYTES("B", 1, "bytes", "KB", "MB", "GB"),
    /** Bits per second. */
    BITS_PER_SECOND("bit/s", 1, "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"),
    /** Seconds. */
    SECONDS("s", 1e-9, "ns", "µs", "ms", "s");

    private static final double KILO = 1000;
    private final String base;
    private final double first;
    private final String[] units;

    Quantity(String base, double first, String... units) {
        this.base = base;
        this.first = first;
        this.units = units;
    }

    /** How many of the base unit one unit of the scale for values up to {@code most} is. */
    double scale(double most) {
        double scale = first;
        for (int i = 1; i < units.length && most >= scale * KILO * (this == COUNT ? 10 : 1); i++) {
            scale *= KILO;
        }
        return scale;
    }

    /** The name of that unit. */
    String unit(double most) {
        double scale = first;
        int i = 0;
        for (double s = scale(most); s > scale * 1.5; scale *= KILO) {
            i++;
        }
        return units[i];
    }

    /** A value with its unit: "12.3 Mbit/s". */
    public String text(double value) {
        double v = value / scale(Math.abs(value));
        String number = Math.abs(v) >= 100 || v == Math.rint(v) ? String.format(Locale.ROOT, "%.0f", v)
                : String.format(Locale.ROOT, Math.abs(v) >= 10 ? "%.1f" : "%.2f", v);
        String unit = unit(Math.abs(value));
        return unit.isEmpty() ? number : number + " " + (value == 0 && !base.isEmpty() ? base : unit);
    }
}

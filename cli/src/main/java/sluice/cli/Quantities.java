package sluice.cli;

import java.util.Locale;

/** Amounts and speeds for readers. */
public final class Quantities {
    private Quantities() {}

    /** Bytes in powers of 1024: "256.0 MiB". */
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGTP".charAt(unit));
    }

    /** Bits a second: "9.41 Gbit/s". */
    public static String rate(long bytes, long nanos) {
        return bits(nanos <= 0 ? 0 : bytes * 8e9 / nanos);
    }

    /** Bits a second. */
    public static String bits(double bits) {
        return bits >= 1e9 ? String.format(Locale.ROOT, "%.2f Gbit/s", bits / 1e9)
                : bits >= 1e6 ? String.format(Locale.ROOT, "%.1f Mbit/s", bits / 1e6)
                        : String.format(Locale.ROOT, "%.0f kbit/s", bits / 1e3);
    }
}

package sluice.cli;

import java.util.Locale;

/**
 * A rate with iperf3's suffixes: "10M", "1.5G" (powers of 1000), or none.
 *
 * @param bitsPerSecond 0 for no limit
 */
record Rate(long bitsPerSecond) {
    /** Reads one; an {@link IllegalArgumentException} says what is wrong. */
    static Rate parse(String text) {
        String number = text.strip().toUpperCase(Locale.ROOT);
        double unit = number.isEmpty() ? 1 : switch (number.charAt(number.length() - 1)) {
            case 'K' -> 1e3;
            case 'M' -> 1e6;
            case 'G' -> 1e9;
            case 'T' -> 1e12;
            default -> 1;
        };
        try {
            double bits = Double.parseDouble(unit > 1 ? number.substring(0, number.length() - 1) : number) * unit;
            if (bits >= 0 && bits < 9e18) {
                return new Rate((long) bits);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" is not a rate: write bits per second like 500K, 10M or 1G");
    }
}

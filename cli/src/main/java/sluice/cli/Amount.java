package sluice.cli;

import java.util.Locale;

/**
 * A number of bytes with iperf3's suffixes: "64K", "10M", "1G" (powers of 1024), or none.
 *
 * @param value bytes
 */
public record Amount(long value) {
    /** Reads one; an {@link IllegalArgumentException} says what is wrong. */
    public static Amount parse(String text) {
        String t = text.strip().toUpperCase(Locale.ROOT);
        int shift = t.isEmpty() ? -1 : switch (t.charAt(t.length() - 1)) {
            case 'K' -> 10;
            case 'M' -> 20;
            case 'G' -> 30;
            case 'T' -> 40;
            default -> 0;
        };
        try {
            double number = Double.parseDouble(shift > 0 ? t.substring(0, t.length() - 1) : t);
            double bytes = number * (1L << Math.max(0, shift));
            if (shift < 0 || !(bytes >= 0 && bytes < 9e18)) {
                throw bad(text);
            }
            return new Amount((long) bytes);
        } catch (NumberFormatException e) {
            throw bad(text);
        }
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is not an amount: write bytes like 65536, 64K, 10M or 1G");
    }

    /** The value as an int, the largest one when it is more. */
    public int asInt() {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }
}

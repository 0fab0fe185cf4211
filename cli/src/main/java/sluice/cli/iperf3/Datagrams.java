package sluice.cli.iperf3;

import java.util.Locale;

/**
 * What became of a UDP stream's datagrams.
 *
 * @param packets datagrams that the sender sent, as far as this side knows: a receiver goes by the highest number
 * @param lost of these, as the receiver found; 0 at the sender
 * @param outOfOrder datagrams that came after a later one
 * @param jitterSeconds smoothed difference of transit times (RFC 1889 section 6.3.1)
 */
record Datagrams(long packets, long lost, long outOfOrder, double jitterSeconds) {
    /** None: a TCP stream. */
    static final Datagrams NONE = new Datagrams(0, 0, 0, 0);

    Datagrams plus(Datagrams other) {
        return new Datagrams(packets + other.packets, lost + other.lost, outOfOrder + other.outOfOrder,
                jitterSeconds + other.jitterSeconds);
    }

    /** Since {@code before}; the jitter is that of now. */
    Datagrams since(Datagrams before) {
        return new Datagrams(packets - before.packets, lost - before.lost, outOfOrder - before.outOfOrder,
                jitterSeconds);
    }

    double lostPercent() {
        return packets > 0 ? 100.0 * lost / packets : 0;
    }

    /** As iperf3 writes it: "0.009 ms  3/890 (0.34%)". */
    String text() {
        return String.format(Locale.ROOT, "%5.3f ms  %d/%d (%s%%)", jitterSeconds * 1e3, lost, packets,
                twoDigits(lostPercent()));
    }

    /** C's %.2g. */
    private static String twoDigits(double v) {
        if (v == 0) {
            return "0";
        }
        String text = new java.math.BigDecimal(v).round(new java.math.MathContext(2)).toPlainString();
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
}

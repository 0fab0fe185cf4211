package sluice.core.tcp.congestion;

/** Maximum of the samples of the last so many round trips. */
final class RoundMaximum {
    private final double[] maxima;
    private int at;
    private double value;

    RoundMaximum(int rounds) {
        maxima = new double[rounds];
    }

    /** Another round trip begins; the samples of the oldest are forgotten. */
    void advance(long round) {
        at = (int) (round % maxima.length);
        maxima[at] = 0;
        value = 0;
        for (double m : maxima) {
            value = Math.max(value, m);
        }
    }

    void add(double sample) {
        maxima[at] = Math.max(maxima[at], sample);
        value = Math.max(value, sample);
    }

    /** The maximum; 0 without samples. */
    double value() {
        return value;
    }
}

package sluice.cli;

import java.util.Locale;

/** What ping counts, and its summary in ping's words. */
final class PingStatistics {
    private static final long NS_PER_MS = 1_000_000;

    private long firstSentNs;
    private long lastSentNs;
    private int sent;
    private int received;
    private int duplicates;
    private int errors;
    private double sum;
    private double sumOfSquares;
    private double min = Double.MAX_VALUE;
    private double max;

    void sent(long nowNs) {
        lastSentNs = nowNs;
        firstSentNs = sent++ == 0 ? nowNs : firstSentNs;
    }

    void received(double ms) {
        received++;
        sum += ms;
        sumOfSquares += ms * ms;
        min = Math.min(min, ms);
        max = Math.max(max, ms);
    }

    void duplicate() {
        duplicates++;
    }

    void error() {
        errors++;
    }

    int sent() {
        return sent;
    }

    /** Whether each request has its answer or its error. */
    boolean isAnswered() {
        return received + errors >= sent;
    }

    boolean anyReceived() {
        return received > 0;
    }

    /** As ping does, the time is that from the first request to the last: it does not contain the wait at the end. */
    String summary(String host) {
        String text = "\n--- " + host + " ping statistics ---\n" + sent + " packets transmitted, " + received
                + " received, " + (duplicates > 0 ? "+" + duplicates + " duplicates, " : "")
                + (errors > 0 ? "+" + errors + " errors, " : "") + (sent == 0 ? 0 : 100L * (sent - received) / sent)
                + "% packet loss, time " + (lastSentNs - firstSentNs) / NS_PER_MS + "ms\n";
        if (received == 0) {
            return text;
        }
        double average = sum / received;
        double deviation = Math.sqrt(Math.max(0, sumOfSquares / received - average * average));
        return text + String.format(Locale.ROOT, "rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms\n", min, average, max,
                deviation);
    }
}

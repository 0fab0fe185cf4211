package sluice.observe.plot;

import java.util.Map;
import sluice.observe.record.ConnectionTrace;
import sluice.observe.record.TimeSeries;

/** Several connections in one picture: window, round trip and goodput of each, and the queue they share. */
public final class ComparisonPlot {
    private static final int GOODPUT_BINS = 80;
    private static final Ink[] INKS = {Ink.BLUE, Ink.ORANGE, Ink.GREEN, Ink.PURPLE, Ink.RED, Ink.TEAL, Ink.PINK,
        Ink.AMBER, Ink.GRAY};

    private ComparisonPlot() {}

    /** The chart of the senders of several connections, each under a name, in order. */
    public static Chart of(String title, Map<String, ConnectionTrace> traces) {
        Panel windows = new Panel("cwnd, segments", Quantity.COUNT).height(200);
        Panel trips = new Panel("smoothed round trip", Quantity.SECONDS).height(120);
        Panel rates = new Panel("goodput", Quantity.BITS_PER_SECOND).height(160);
        Panel queue = new Panel("queue at the bottleneck", Quantity.BYTES).height(80);
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (ConnectionTrace t : traces.values()) {
            TimeSeries bytes = bytes(t);
            if (!bytes.isEmpty()) {
                start = Math.min(start, bytes.timeNs(0));
                end = Math.max(end, bytes.endNs());
            }
        }
        int i = 0;
        for (Map.Entry<String, ConnectionTrace> e : traces.entrySet()) {
            Ink ink = INKS[i++ % INKS.length];
            ConnectionTrace t = e.getValue();
            windows.steps(e.getKey(), t.cwnd(), ink);
            trips.steps(e.getKey(), t.srtt(), ink);
            rates.steps(e.getKey(), goodput(bytes(t), start, end), ink);
            queue.area("waiting", t.queue(), Ink.TEAL);
        }
        return new Chart(title).panel(windows).panel(rates).panel(trips).panel(queue);
    }

    /** What arrived, where that is known. */
    private static TimeSeries bytes(ConnectionTrace t) {
        return t.arrived().isEmpty() ? t.acked() : t.arrived();
    }

    private static TimeSeries goodput(TimeSeries acked, long start, long end) {
        TimeSeries bits = new TimeSeries();
        TimeSeries bytes = acked.isEmpty() ? acked : acked.rate(start, end, GOODPUT_BINS);
        for (int i = 0; i < bytes.size(); i++) {
            bits.add(bytes.timeNs(i), bytes.value(i) * 8);
        }
        return bytes.isEmpty() ? bits : bits.add(end, bits.lastValue());
    }
}

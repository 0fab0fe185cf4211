package sluice.observe.plot;

import sluice.observe.capture.CapturedFlow;
import sluice.observe.record.TimeSeries;

/**
 * The picture of one direction of a captured connection: sequence numbers over time in tcptrace's manner, bytes in
 * flight and the window, round trips, throughput.
 */
public final class CapturePlot {
    private CapturePlot() {}

    /** The chart of a flow; {@code title} says of which capture. */
    public static Chart of(String title, CapturedFlow flow) {
        Chart chart = new Chart(title).subtitle(flow.name() + ": " + Quantity.BYTES.text((double) flow.payloadBytes())
                + " in " + flow.segments() + " segments, " + flow.retransmitted() + " retransmitted, " + flow.late()
                + " out of order, " + flow.duplicateAcks().size() + " duplicate ACKs");
        TimeSeries again = flow.again().low();
        for (int i = 0; i < again.size(); i++) {
            chart.event("retransmit", Ink.RED, false, again.timeNs(i), "retransmitted");
        }
        flow.duplicateAcks().forEach(t -> chart.event("dup ACK", Ink.GRAY, false, t, "duplicate acknowledgment"));
        flow.echoes().forEach(t -> chart.event("ECE", Ink.AMBER, false, t, "congestion echoed"));
        flow.zeroWindows().forEach(t -> chart.event("window 0", Ink.ORANGE, true, t, "the window closes"));
        chart.panel(sequenceNumbers(flow));
        chart.panel(new Panel("in flight and window", Quantity.BYTES).height(120)
                .area("in flight", flow.inFlight(), Ink.GREEN)
                .dashes("window", flow.window(), Ink.GRAY));
        chart.panel(new Panel("round trip from here", Quantity.SECONDS).height(110)
                .dots("samples", flow.rtt(), Ink.PURPLE));
        return chart.panel(new Panel("goodput", Quantity.BITS_PER_SECOND).height(100).area("acknowledged, SACKed",
                ConnectionPlot.bitsPerSecond(flow.delivered()), Ink.GREEN));
    }

    private static Panel sequenceNumbers(CapturedFlow flow) {
        Panel p = new Panel("sequence number", Quantity.BYTES).height(300).floating()
                .dashes("window's edge", flow.edge(), Ink.GRAY);
        bars(p, "SACK", flow.sacked(), Ink.PURPLE);
        bars(p, "data", flow.data(), Ink.BLUE);
        bars(p, "out of order", flow.outOfOrder(), Ink.AMBER);
        bars(p, "retransmitted", flow.again(), Ink.RED);
        return p.steps("acknowledged", flow.acked(), Ink.GREEN);
    }

    private static void bars(Panel panel, String name, CapturedFlow.Ranges ranges, Ink ink) {
        panel.bars(name, ranges.low(), ranges.high(), ink);
    }
}

package sluice.observe.plot;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.core.tcp.user.TcpSocket;
import sluice.observe.record.ConnectionTrace;
import sluice.observe.record.TimeSeries;

/**
 * The picture of a {@link ConnectionTrace}: windows, round trips, rates and, where known, the queue at the bottleneck;
 * retransmissions, timeouts, probes and undos in lanes above, the congestion states shaded behind.
 */
public final class ConnectionPlot {
    private static final int GOODPUT_BINS = 120;
    private static final int MOST_NOTES = 6;
    private static final Set<ConnectionTrace.Kind> DIAGNOSES = EnumSet.of(ConnectionTrace.Kind.DATA_LOST,
            ConnectionTrace.Kind.ACK_LOST, ConnectionTrace.Kind.DELAYED, ConnectionTrace.Kind.DUPLICATED);

    /** The lane of one kind of event. */
    private record Lane(String name, Ink ink, boolean throughAll) {}

    private record Shade(String name, Ink ink, double opacity) {}

    private static final Map<String, Shade> SHADES = Map.of("DISORDER", new Shade("disorder", Ink.GRAY, 0.16), "CWR",
            new Shade("CWR (marks)", Ink.AMBER, 0.2),
            "RECOVERY", new Shade("recovery", Ink.RED, 0.14), "LOSS", new Shade("loss (after RTO)", Ink.RED, 0.34));

    private ConnectionPlot() {}

    /** The chart of a connection's sender; {@code title} says which run it was. */
    public static Chart of(String title, ConnectionTrace trace) {
        TcpSocket t = trace.connection();
        String threshold = t.congestion.ssthreshSegments() == CongestionControl.INFINITE_SSTHRESH ? ""
                : ", ssthresh " + t.congestion.ssthreshSegments();
        Chart chart = new Chart(title)
                .subtitle(t.tuple() + ", " + t.congestion.control().name() + ": "
                        + Quantity.BYTES.text((double) t.totals.bytesAcked) + " acknowledged, "
                        + t.totals.retransmissions + " retransmissions; at the end cwnd " + t.congestion.cwndSegments()
                        + threshold + ", SRTT "
                        + Quantity.SECONDS.text(t.rtt.srttUs() / 1e6));
        for (ConnectionTrace.Kind kind : ConnectionTrace.Kind.values()) {
            Lane lane = lane(kind);
            for (ConnectionTrace.Event e : trace.events()) {
                if (e.kind() == kind) {
                    chart.event(lane.name, lane.ink, lane.throughAll, e.timeNs(), e.text());
                }
            }
        }
        captions(chart, trace.events());
        for (ConnectionTrace.Span s : trace.spans()) {
            Shade shade = SHADES.get(s.state());
            if (shade != null) {
                chart.span(shade.name, shade.ink, shade.opacity, s.fromNs(), s.toNs());
            }
        }
        chart.panel(windows(trace, t));
        chart.panel(new Panel("round trip", Quantity.SECONDS).height(120).dots("samples", trace.rtt(), Ink.GRAY)
                .dashes("minimum", trace.minRtt(), Ink.TEAL).steps("SRTT", trace.srtt(), Ink.PURPLE));
        chart.panel(rates(trace));
        return chart.panel(new Panel("queue at the bottleneck", Quantity.BYTES).height(80).area("waiting",
                trace.queue(), Ink.TEAL));
    }

    /** What the lanes' names do not say. */
    private static void captions(Chart chart, List<ConnectionTrace.Event> events) {
        if (events.stream().anyMatch(e -> DIAGNOSES.contains(e.kind()))) {
            chart.caption(
                    "data lost, ACK lost, delayed, duplicated: what the path had done to a segment, known a round "
                            + "trip later");
        }
        List<ConnectionTrace.Event> notes = events.stream().filter(e -> e.kind() == ConnectionTrace.Kind.NOTE).toList();
        for (ConnectionTrace.Event e : notes.subList(0, Math.min(notes.size(), MOST_NOTES))) {
            chart.caption("note", e.timeNs(), e.text());
        }
        if (notes.size() > MOST_NOTES) {
            chart.caption((notes.size() - MOST_NOTES) + " more notes");
        }
    }

    private static Lane lane(ConnectionTrace.Kind kind) {
        return switch (kind) {
            case RETRANSMIT -> new Lane("retransmit", Ink.RED, false);
            case RTO -> new Lane("RTO", Ink.RED, true);
            case TLP -> new Lane("TLP", Ink.PURPLE, false);
            case UNDO -> new Lane("undo", Ink.GREEN, true);
            case ECN -> new Lane("ECN", Ink.AMBER, false);
            case PROBE -> new Lane("probe", Ink.TEAL, false);
            case DATA_LOST -> new Lane("data lost", Ink.RED, false);
            case ACK_LOST -> new Lane("ACK lost", Ink.GRAY, false);
            case DELAYED -> new Lane("delayed", Ink.GRAY, false);
            case DUPLICATED -> new Lane("duplicated", Ink.GRAY, false);
            case PATH_MTU -> new Lane("path MTU", Ink.TEAL, false);
            case NOTE -> new Lane("note", Ink.GRAY, false);
        };
    }

    private static Panel windows(ConnectionTrace trace, TcpSocket t) {
        Panel p = new Panel("windows, segments of " + t.sendMss + " bytes", Quantity.COUNT).height(200)
                .area("in flight", trace.inFlight(), Ink.GREEN)
                .dashes("ssthresh", trace.ssthresh(), Ink.ORANGE);
        if (trace.peerWindow().lastValue() < trace.cwnd().max() * 1.5) {
            p.dashes("peer's window", trace.peerWindow(), Ink.GRAY);
        }
        return p.steps("cwnd", trace.cwnd(), Ink.BLUE);
    }

    private static Panel rates(ConnectionTrace trace) {
        Panel p = new Panel("rate", Quantity.BITS_PER_SECOND).height(120);
        p.area("goodput", bitsPerSecond(trace.arrived().isEmpty() ? trace.acked() : trace.arrived()), Ink.GREEN);
        return p.dashes("pacing", trace.pacing(), Ink.BLUE);
    }

    /** How fast a count of bytes grew. */
    static TimeSeries bitsPerSecond(TimeSeries bytes) {
        TimeSeries bits = new TimeSeries();
        if (bytes.isEmpty()) {
            return bits;
        }
        TimeSeries rate = bytes.rate(bytes.timeNs(0), bytes.endNs(), GOODPUT_BINS);
        for (int i = 0; i < rate.size(); i++) {
            bits.add(rate.timeNs(i), rate.value(i) * 8);
        }
        return bits.add(bytes.endNs(), bits.lastValue());
    }
}

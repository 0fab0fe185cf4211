package sluice.observe.record;

import sluice.core.tcp.segment.FourTuple;
import sluice.core.trace.TraceEvent;

/** The one printer of trace events: what logs, ladders and plots say about them. */
public final class TraceText {
    private TraceText() {}

    /** An event in a line, with the connection where there is one. */
    public static String line(TraceEvent event) {
        return switch (event) {
            case TraceEvent.OfConnection c -> flow(c.flow()) + " " + words(c);
            case TraceEvent.Dropped _,TraceEvent.DuplicateAddress _ -> words(event);
        };
    }

    private static String flow(FourTuple f) {
        return f.local() + ":" + f.localPort() + " > " + f.remote() + ":" + f.remotePort();
    }

    /** An event in words, without time and connection. */
    public static String words(TraceEvent event) {
        return switch (event) {
            case TraceEvent.StateChange c -> c.from() + " -> " + c.to();
            case TraceEvent.Failed f -> "failed: " + f.error().text();
            case TraceEvent.TimeWaitOverflow _ -> "time wait bucket table overflow: closed at once";
            case TraceEvent.ReadShutdown _ -> "application reads no more";
            case TraceEvent.UrgentAnnounced _ -> "urgent data announced";
            case TraceEvent.TimerFired f -> "timer " + f.timer();
            case TraceEvent.Retransmission r -> retransmission(r);
            case TraceEvent.PathDiagnosis d -> diagnosis(d);
            case TraceEvent.NegativeAdvice _ -> "no answer: the route is asked for again";
            case TraceEvent.CongestionEvent c -> sender(c.sender());
            case TraceEvent.Undo u -> "undone: " + proof(u);
            case TraceEvent.Acknowledged a -> sender(a.sender());
            case TraceEvent.WindowUpdate w -> window(w);
            case TraceEvent.MtuProbe p -> mtuProbe(p);
            case TraceEvent.PathMtuReduced m -> "path MTU is " + m.mtuBytes();
            case TraceEvent.MtuBlackHole b -> "black hole? segments of " + b.mssBytes();
            case TraceEvent.Dropped d -> "dropped: " + d.reason();
            case TraceEvent.DuplicateAddress d ->
                "duplicate address " + d.address() + " on " + d.interfaceName() + ": not used";
        };
    }

    private static String retransmission(TraceEvent.Retransmission r) {
        String what = "retransmits (" + r.cause().name().replace('_', '-') + "), " + r.range().bytes() + " bytes";
        return r.range().position() < 0 ? what : what + " from " + (r.range().position() + 1);
    }

    /** Sequence numbers as the peer sees them in a diagram: the first byte is 1. */
    private static String diagnosis(TraceEvent.PathDiagnosis d) {
        long from = d.range().position() + 1;
        return "diagnosis: " + from + ".." + (from + d.range().bytes()) + " " + d.fault().text();
    }

    private static String proof(TraceEvent.Undo u) {
        return switch (u.proof()) {
            case DSACK -> "D-SACK reported each retransmission as a duplicate";
            case TIMESTAMPS -> "the original arrived, only late (timestamps)";
            case F_RTO -> "the timeout was spurious (F-RTO)";
            case NOT_RETRANSMITTED -> "what was marked lost arrived without being retransmitted";
        };
    }

    private static String sender(TraceEvent.Sender s) {
        return s.state() + ": cwnd " + s.cwndSegments() + ", ssthresh " + s.ssthreshSegments() + ", in flight "
                + s.inFlightSegments() + ", SRTT " + s.srttUs() + " us, RTO " + s.rtoUs() + " us";
    }

    private static String window(TraceEvent.WindowUpdate w) {
        String whose = w.ours() ? "our window " : "the peer's window ";
        String what = switch (w.change()) {
            case CLOSED -> "closed";
            case OPENED -> "opened";
            case SHRUNK -> "shrank";
            case UPDATED -> "is told anew";
        };
        return whose + what + ": " + w.beforeBytes() + " -> " + w.bytes() + " bytes";
    }

    private static String mtuProbe(TraceEvent.MtuProbe p) {
        return switch (p.outcome()) {
            case SENT -> "path MTU probe of " + p.packetBytes();
            case ARRIVED -> "path MTU is at least " + p.searchLow();
            case LOST -> "path MTU is at most " + p.searchHigh();
        };
    }
}

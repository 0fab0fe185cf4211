package sluice.observe.qlog;

import java.util.Locale;
import sluice.core.trace.TraceEvent;
import sluice.observe.json.JsonWriter;

/**
 * The records of qlog that trace events become. Units are qlog's where QUIC's events have them: milliseconds for round
 * trips, bytes for windows, bits per second for rates.
 */
final class QlogEvents {
    private static final double US_PER_MS = 1000;
    private static final double NS_PER_MS = 1_000_000;
    private static final int BITS = 8;
    private static final String NOTED = "tcp:connection_noted";

    private QlogEvents() {}

    /** One event at a time in milliseconds. */
    static JsonWriter record(TraceEvent event, double timeMs) {
        JsonWriter j = new JsonWriter().beginObject().field("time", timeMs);
        if (event instanceof TraceEvent.OfConnection c) {
            j.field("group_id", c.flow().toString());
        }
        j.field("name", name(event)).key("data").beginObject();
        data(j, event);
        return j.endObject().endObject();
    }

    private static String name(TraceEvent event) {
        return switch (event) {
            case TraceEvent.StateChange _ -> "tcp:connection_state_updated";
            case TraceEvent.Failed _ -> "tcp:connection_failed";
            case TraceEvent.TimerFired _ -> "tcp:timer_expired";
            case TraceEvent.Retransmission _ -> "tcp:segment_retransmitted";
            case TraceEvent.PathDiagnosis _ -> "tcp:path_fault_found";
            case TraceEvent.CongestionEvent _ -> "tcp:congestion_state_updated";
            case TraceEvent.Undo _ -> "tcp:reduction_undone";
            case TraceEvent.Acknowledged _ -> "tcp:recovery_metrics_updated";
            case TraceEvent.WindowUpdate _ -> "tcp:window_updated";
            case TraceEvent.MtuProbe _ -> "tcp:mtu_probed";
            case TraceEvent.PathMtuReduced _,TraceEvent.MtuBlackHole _ -> "tcp:mtu_updated";
            case TraceEvent.TimeWaitOverflow _,TraceEvent.ReadShutdown _ -> NOTED;
            case TraceEvent.UrgentAnnounced _,TraceEvent.NegativeAdvice _ -> NOTED;
            case TraceEvent.Dropped _ -> "tcp:packet_dropped";
            case TraceEvent.DuplicateAddress _ -> "loglevel:warning";
        };
    }

    private static void data(JsonWriter j, TraceEvent event) {
        switch (event) {
            case TraceEvent.StateChange e -> j.field("old", e.from().ssName()).field("new", e.to().ssName());
            case TraceEvent.Failed e -> j.field("state", e.state().ssName()).field("error", e.error().name());
            case TraceEvent.TimerFired e ->
                j.field("timer_type", lower(e.timer())).field("unanswered", e.unanswered());
            case TraceEvent.Retransmission e -> {
                range(j.field("trigger", lower(e.cause())), e.range());
                j.field("segments", e.segments()).field("since_first_sent", (e.nowNs() - e.firstSentNs()) / NS_PER_MS);
            }
            case TraceEvent.PathDiagnosis e ->
                range(j.field("fault", lower(e.fault())), e.range()).field("segments", e.segments());
            case TraceEvent.CongestionEvent e -> {
                j.field("old", lower(e.from())).field("new", lower(e.sender().state()))
                        .field("trigger", lower(e.change()));
                sender(j, e.sender());
            }
            case TraceEvent.Undo e -> sender(j.field("during", lower(e.during())).field("proof", lower(e.proof())),
                    e.sender());
            case TraceEvent.Acknowledged e -> acknowledged(j, e);
            case TraceEvent.WindowUpdate e -> j.field("owner", e.ours() ? "local" : "remote")
                    .field("trigger", lower(e.change())).field("old", e.beforeBytes()).field("new", e.bytes());
            case TraceEvent.MtuProbe e -> j.field("outcome", lower(e.outcome())).field("packet", e.packetBytes())
                    .field("search_low", e.searchLow()).field("search_high", e.searchHigh());
            case TraceEvent.PathMtuReduced e -> j.field("trigger", "icmp").field("mtu", e.mtuBytes());
            case TraceEvent.MtuBlackHole e -> j.field("trigger", "black_hole").field("mss", e.mssBytes());
            case TraceEvent.TimeWaitOverflow _ -> j.field("note", "time_wait_overflow");
            case TraceEvent.ReadShutdown _ -> j.field("note", "read_shutdown");
            case TraceEvent.UrgentAnnounced e -> j.field("note", "urgent_announced").field("up", unsigned(e.up()));
            case TraceEvent.NegativeAdvice e ->
                j.field("note", "negative_advice").field("retransmissions", e.retransmissions());
            case TraceEvent.Dropped e -> j.field("counter", e.reason().name()).field("meaning", e.reason().text());
            case TraceEvent.DuplicateAddress e ->
                j.field("message", "duplicate address " + e.address() + " on " + e.interfaceName());
        }
    }

    private static void acknowledged(JsonWriter j, TraceEvent.Acknowledged e) {
        sender(j.field("una", unsigned(e.una())), e.sender());
        if (e.latestRttUs() >= 0) {
            j.field("latest_rtt", e.latestRttUs() / US_PER_MS);
        }
        if (e.minRttUs() != Long.MAX_VALUE) {
            j.field("min_rtt", e.minRttUs() / US_PER_MS);
        }
        j.field("delivery_rate", e.deliveryRate() * BITS);
    }

    private static void sender(JsonWriter j, TraceEvent.Sender s) {
        long mss = s.mssBytes();
        j.field("congestion_window", s.cwndSegments() * mss).field("bytes_in_flight", s.inFlightSegments() * mss)
                .field("packets_in_flight", s.inFlightSegments());
        if (s.ssthreshSegments() != Integer.MAX_VALUE) {
            j.field("ssthresh", s.ssthreshSegments() * mss);
        }
        if (s.srttUs() != 0) {
            j.field("smoothed_rtt", s.srttUs() / US_PER_MS);
        }
        j.field("rto", s.rtoUs() / US_PER_MS).field("pacing_rate", s.pacingRate() * BITS);
    }

    private static JsonWriter range(JsonWriter j, TraceEvent.Range r) {
        return j.field("seq", unsigned(r.seq())).field("offset", r.position()).field("length", r.bytes());
    }

    private static long unsigned(int number) {
        return Integer.toUnsignedLong(number);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

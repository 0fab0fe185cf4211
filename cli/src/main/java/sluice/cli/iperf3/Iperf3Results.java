package sluice.cli.iperf3;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonWriter;

/**
 * What one side tells the other at the end.
 *
 * @param senderHasRetransmits 1 when the numbers of retransmissions are known, 0 when not, -1 when it did not send
 * @param congestion the congestion control used
 * @param serverOutput the server's report; null when it was not asked for
 */
record Iperf3Results(double cpuTotal, double cpuUser, double cpuSystem, int senderHasRetransmits,
        @Nullable String congestion, @Nullable String serverOutput, List<Stream> streams) {
    /**
     * One stream's result.
     *
     * @param id by {@link Iperf3Parameters#streamId}
     * @param bytes sent or received
     * @param retransmits segments; -1 for a receiver
     * @param seconds how long
     * @param datagrams of UDP
     */
    record Stream(int id, long bytes, long retransmits, double seconds, Datagrams datagrams) {
        static Stream read(JsonObject s) {
            Datagrams datagrams = new Datagrams(
                    s.number("packets", 0) - Math.max(0, s.number("omitted_packets", 0)),
                    s.number("errors", 0) - Math.max(0, s.number("omitted_errors", 0)), 0, s.real("jitter", 0));
            return new Stream((int) s.number("id", 0), s.number("bytes", 0), s.number("retransmits", -1),
                    s.real("end_time", 0) - s.real("start_time", 0), datagrams);
        }
    }

    static Iperf3Results read(JsonObject json) {
        List<Stream> streams = json.objects("streams").stream().map(Stream::read).toList();
        return new Iperf3Results(json.real("cpu_util_total", 0), json.real("cpu_util_user", 0),
                json.real("cpu_util_system", 0),
                (int) json.number("sender_has_retransmits", -1), json.text("congestion_used"),
                json.text("server_output_text"), streams);
    }

    String json() {
        JsonWriter json = new JsonWriter().beginObject().field("cpu_util_total", cpuTotal)
                .field("cpu_util_user", cpuUser).field("cpu_util_system", cpuSystem)
                .field("sender_has_retransmits", senderHasRetransmits);
        if (congestion != null && !congestion.isEmpty()) {
            json.field("congestion_used", congestion);
        }
        if (serverOutput != null) {
            json.field("server_output_text", serverOutput);
        }
        json.key("streams").beginArray();
        for (Stream s : streams) {
            json.beginObject().field("id", s.id).field("bytes", s.bytes).field("retransmits", s.retransmits)
                    .field("jitter", s.datagrams.jitterSeconds()).field("errors", s.datagrams.lost())
                    .field("omitted_errors", 0).field("packets", s.datagrams.packets()).field("omitted_packets", 0)
                    .field("start_time", 0)
                    .field("end_time", s.seconds).endObject();
        }
        return json.endArray().endObject().toString();
    }

    /** The same, with the server's report. */
    Iperf3Results withOutput(String text) {
        return new Iperf3Results(cpuTotal, cpuUser, cpuSystem, senderHasRetransmits, congestion, text, streams);
    }

    /** The result of a stream; null when the peer did not name it. */
    @Nullable Stream stream(int id) {
        return streams.stream().filter(s -> s.id == id).findFirst().orElse(null);
    }
}

package sluice.observe.explain;

import java.util.List;
import sluice.observe.explain.TimeLedger.Where;
import sluice.observe.json.JsonWriter;

/**
 * A {@link CaptureAnalysis} as JSON of schema {@value #SCHEMA}, which {@code docs/explain.md} describes. Members may be
 * added under the same number; whoever takes one away or changes its meaning raises it.
 */
public final class ExplainJson {
    /** Name and version of the schema. */
    public static final String SCHEMA = "sluice.explain/1";

    private ExplainJson() {}

    /** All of it, on one line. */
    public static String of(CaptureAnalysis a, String fileName) {
        return of(a, fileName, a.connections());
    }

    /** The same with these connections only. */
    public static String of(CaptureAnalysis a, String fileName, List<ConnectionAnalysis> connections) {
        JsonWriter w = new JsonWriter().beginObject().field("schema", SCHEMA).field("file", fileName)
                .field("packets", a.packets()).field("wireBytes", a.wireBytes()).field("firstNs", a.firstNs())
                .field("ns", a.durationNs()).field("tcpPackets", a.tcpPackets()).field("fragments", a.fragments())
                .field("cutPackets", a.cut()).field("passedOver", a.passedOver())
                .field("health", ExplainText.health(a, fileName));
        w.key("findings").beginArray();
        a.findings().forEach(f -> finding(w, f));
        w.endArray().key("connections").beginArray();
        connections.forEach(c -> connection(w, c));
        return w.endArray().endObject().toString();
    }

    private static void finding(JsonWriter w, Finding f) {
        w.beginObject().field("kind", f.kind().id()).field("severity", lower(f.severity().name()));
        if (f instanceof Finding.OfConnection o) {
            w.field("connection", o.connection());
        }
        w.field("packets", f.packets()).field("costNs", f.costNs()).field("words", f.words())
                .field("advice", f.kind().advice()).endObject();
    }

    private static void connection(JsonWriter w, ConnectionAnalysis c) {
        w.beginObject().field("connection", c.number()).field("interface", c.interfaceName())
                .field("client", c.client()).field("clientPort", c.clientPort()).field("server", c.server())
                .field("serverPort", c.serverPort()).field("vantage", lower(c.vantage().name()))
                .field("firstPacket", c.firstPacket()).field("lastPacket", c.lastPacket())
                .field("packets", c.packets()).field("firstNs", c.firstNs()).field("ns", c.durationNs())
                .field("toClientNs", known(c.toClientNs())).field("toServerNs", known(c.toServerNs()))
                .field("end", lower(c.how().name()));
        if (c.ending().isReset()) {
            w.key("reset").beginObject().field("by", c.ending().isResetByClient() ? "client" : "server")
                    .field("packet", c.ending().resetPacket()).field("reason", lower(c.ending().reason().name()))
                    .field("unacknowledgedBytes", c.ending().lostWithReset()).endObject();
        }
        handshake(w, c.handshake());
        w.key("time").beginObject();
        for (Where where : Where.values()) {
            w.field(lower(where.name()), c.time().spentNs(where));
        }
        w.endObject().field("stalls", c.time().stalls().count());
        flow(w, "forth", c.forth());
        flow(w, "back", c.back());
        w.endObject();
    }

    private static @org.jspecify.annotations.Nullable Long known(long ns) {
        return ns < 0 ? null : ns;
    }

    private static void handshake(JsonWriter w, Handshake h) {
        w.key("handshake").beginObject().field("seen", h.isSeen()).field("established", h.isEstablished())
                .field("ns", known(h.durationNs())).field("syns", h.syns().count())
                .field("synAcks", h.synAcks().count());
        offer(w, "client", h.client());
        offer(w, "server", h.server());
        w.endObject();
    }

    private static void offer(JsonWriter w, String who, Handshake.Offer o) {
        w.key(who);
        if (!o.isSeen()) {
            w.value(null);
            return;
        }
        w.beginObject().field("mss", o.mss() < 0 ? null : o.mss())
                .field("windowScale", o.shift() < 0 ? null : o.shift())
                .field("sack", o.sack()).field("timestamps", o.timestamps()).field("ecn", o.ecn()).endObject();
    }

    private static void flow(JsonWriter w, String name, FlowAnalysis f) {
        Retransmissions r = f.retransmissions();
        w.key(name).beginObject().field("packets", f.packets()).field("segments", f.segments())
                .field("payloadBytes", f.payloadBytes()).field("largestBytes", f.largest())
                .field("mostInFlightBytes", f.mostInFlight());
        w.key("roundTrips").beginObject().field("count", f.roundTrips().count()).field("minNs", f.roundTrips().minNs())
                .field("meanNs", f.roundTrips().meanNs()).field("maxNs", f.roundTrips().maxNs()).endObject();
        w.key("retransmitted").beginObject().field("segments", r.all().count()).field("bytes", r.bytes())
                .field("spurious", r.spurious().count()).field("lostBefore", r.lostBefore().count())
                .field("lostAfter", r.lostAfter().count()).field("timeouts", r.timeouts())
                .field("packets", r.all().packets());
        for (Retransmissions.Cause cause : Retransmissions.Cause.values()) {
            w.field(lower(cause.name()), r.count(cause));
        }
        w.endObject().field("outOfOrder", f.outOfOrder().count()).field("duplicated", f.duplicated().count())
                .field("duplicateAcks", f.duplicateAcks().count()).field("dsacks", r.dsacks().count())
                .field("windowProbes", f.windowProbes().count()).field("keepAlives", f.keepAlives().count())
                .field("ackedUnseen", f.ackedUnseen().count());
        WindowHistory v = f.windows();
        w.key("receiverWindow").beginObject().field("smallestBytes", v.smallest()).field("largestBytes", v.largest())
                .field("closings", v.closings()).field("closedNs", v.closedNs()).field("longestClosedNs", v.longestNs())
                .endObject();
        w.endObject();
    }

    private static String lower(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}

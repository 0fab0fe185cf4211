package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import sluice.core.tcp.data.SocketOptions;
import sluice.observe.capture.CapturedConnection;
import sluice.observe.capture.CapturedConnections;
import sluice.observe.capture.CapturedFlow;
import sluice.observe.plot.CapturePlot;
import sluice.observe.plot.ConnectionPlot;
import sluice.observe.record.ConnectionTrace;
import sluice.observe.record.TimeSeries;
import sluice.wire.CaptureReader;

/** What a recorded connection shows is what the connection held. */
@ExtendWith(Worlds.class)
class PlotTest {
    @Test
    void aRecordedConnectionKnowsItsSawtooth(World w) throws Exception {
        SimHost a = w.host("client").set("tcp_congestion_control", "reno");
        SimHost b = w.host("server");
        SimLink l = w.link(a, b).delayMs(20).rate(10_000_000, 60_000);
        b.serve(80, t -> new VerifyingSink(b, t).thenClose());
        var c = a.connect(new SocketOptions(), b.address(), 80);
        ConnectionTrace trace = a.record(c, l.from(a));
        BulkSender sender = new BulkSender(a, c, 6_000_000);
        w.after(3000, l::cut);
        w.after(3700, l::heal);
        w.runUntil("done", sender::isDone);
        assertThat(trace.cwnd().lastValue()).isEqualTo(c.congestion.cwndSegments());
        assertThat(trace.acked().lastValue()).isEqualTo(6_000_000);
        assertThat(trace.queue().max()).isBetween(50_000.0, 60_000.0);
        assertThat(trace.minRtt().lastValue()).isBetween(0.040, 0.042);
        assertThat(trace.spans()).extracting(ConnectionTrace.Span::state).contains("RECOVERY", "LOSS");
        assertThat(trace.events()).extracting(ConnectionTrace.Event::kind).contains(ConnectionTrace.Kind.RTO,
                ConnectionTrace.Kind.RETRANSMIT);
        String svg = ConnectionPlot.of("reno, 10 Mbit/s × 40 ms", trace).svg();
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg).contains("cwnd").contains("ssthresh").contains("SRTT").contains("Mbit/s").contains("RTO")
                .doesNotContain("NaN");
        assertThat(svg.length()).isLessThan(300_000);
        keep(svg);
    }

    private static void keep(String svg) throws IOException {
        String file = System.getProperty("sluice.plot");
        if (file != null) {
            Files.writeString(Path.of(file), svg);
        }
    }

    @Test
    void aCaptureTellsWhatTheSenderKnows(World w, @TempDir Path dir) throws Exception {
        SimHost a = w.host("client");
        SimHost r = w.host("router").router();
        SimHost b = w.host("server");
        w.log().limit(100_000);
        w.link(a, r).delayMs(10);
        w.link(r, b).delayMs(10).rate(10_000_000, 60_000).from(r).netem("loss 1%");
        World.Pair p = w.connect(a, b, 80);
        ConnectionTrace trace = a.record(p.client());
        BulkSender sender = new BulkSender(a, p.client(), 1_000_000).thenClose();
        VerifyingSink sink = new VerifyingSink(b, p.server()).thenClose();
        w.runUntil("done", () -> sender.isDone() && sink.hasEnded());
        Path file = dir.resolve("x.pcapng");
        w.log().pcapng(file);
        CapturedConnections found;
        try (CaptureReader reader = CaptureReader.open(Files.newInputStream(file))) {
            found = CapturedConnections.read(reader);
        }
        // Seen at the client, at the router and at the server; the router, which sees all twice, counts once.
        assertThat(found.all()).extracting(CapturedConnection::interfaceName).containsExactly("client", "router",
                "server");
        CapturedFlow atSender = found.all().getFirst().main();
        CapturedFlow atRouter = found.all().get(1).main();
        CapturedFlow atReceiver = found.all().get(2).main();
        assertThat(atSender.retransmitted()).isEqualTo(p.client().totals.retransmissions).isPositive();
        assertThat(atSender.late()).isZero();
        assertThat(atSender.payloadBytes())
                .isEqualTo(p.client().totals.bytesSent + p.client().totals.bytesRetransmitted);
        assertThat(atRouter.payloadBytes()).isEqualTo(atSender.payloadBytes());
        assertThat(atReceiver.payloadBytes()).isEqualTo(1_000_000);
        assertThat(atReceiver.late() + atReceiver.retransmitted()).isPositive();
        assertThat(atSender.acked().lastValue()).isEqualTo(1_000_002); // SYN and FIN count
        assertThat(atSender.rtt().value(3)).isBetween(0.040, 0.060);
        // The capture's flight is the sender's: what SACK reported is not in it.
        assertThat(atSender.inFlight().max()).isCloseTo(trace.inFlight().max() * p.client().sendMss,
                Offset.offset(3.0 * p.client().sendMss));
        String svg = CapturePlot.of("capture", atSender).svg();
        assertThat(svg).contains("sequence number").contains("retransmitted").contains("SACK").contains("acknowledged")
                .doesNotContain("NaN");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    /** A hole that is filled lets the acknowledgment jump; nothing arrived faster than the path carries it. */
    @Test
    void goodputIsNeverAboveThePathsRate(World w) {
        SimHost a = w.host("client");
        SimHost b = w.host("server");
        SimLink l = w.link(a, b).delayMs(20).rate(10_000_000, 60_000);
        ConnectionTrace[] trace = new ConnectionTrace[1];
        b.serve(80, t -> {
            new VerifyingSink(b, t).thenClose();
            b.recordArrivals(t, trace[0]);
        });
        var c = a.connect(new SocketOptions(), b.address(), 80);
        trace[0] = a.record(c, l.from(a));
        BulkSender sender = new BulkSender(a, c, 6_000_000);
        w.after(3000, l::cut);
        w.after(3700, l::heal);
        w.runUntil("done", sender::isDone);
        TimeSeries arrived = trace[0].arrived();
        assertThat(arrived.lastValue()).isEqualTo(6_000_000);
        assertThat(arrived.rate(arrived.timeNs(0), arrived.endNs(), 120).max() * 8).isBetween(9_000_000.0,
                10_000_000.0);
        assertThat(trace[0].spans()).extracting(ConnectionTrace.Span::state).contains("RECOVERY", "LOSS");
    }

    /** Each kind of diagnosis has a lane with its name. */
    @Test
    void thePathsFaultsAreNamed(World w) {
        SimHost a = w.host("client");
        SimHost b = w.host("server");
        w.link(a, b).netem("delay 20ms 5ms loss 2% reorder 25% duplicate 1%");
        b.serve(80, t -> new VerifyingSink(b, t).thenClose());
        var c = a.connect(new SocketOptions(), b.address(), 80);
        ConnectionTrace trace = a.record(c);
        BulkSender sender = new BulkSender(a, c, 2_000_000);
        w.runUntil("done", sender::isDone);
        assertThat(trace.events()).extracting(ConnectionTrace.Event::kind).contains(ConnectionTrace.Kind.DATA_LOST,
                ConnectionTrace.Kind.DELAYED);
        assertThat(ConnectionPlot.of("faults", trace).svg()).contains(">data lost<").contains(">delayed<")
                .contains("known a round trip later").doesNotContain(">note<");
    }

    @Test
    void seriesAreBounded() {
        TimeSeries s = new TimeSeries();
        for (int i = 0; i < 3 * TimeSeries.MOST_POINTS; i++) {
            s.add(i, i);
        }
        assertThat(s.size()).isLessThanOrEqualTo(TimeSeries.MOST_POINTS);
        assertThat(s.valueAt(TimeSeries.MOST_POINTS)).isCloseTo(TimeSeries.MOST_POINTS,
                org.assertj.core.data.Offset.offset(8.0));
        assertThat(s.valueAt(-1)).isNaN();
        assertThat(s.endNs()).isEqualTo(3L * TimeSeries.MOST_POINTS - 1);
    }
}

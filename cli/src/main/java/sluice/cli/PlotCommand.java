package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.link.NetemSpec;
import sluice.observe.capture.CapturedConnection;
import sluice.observe.capture.CapturedConnections;
import sluice.observe.capture.CapturedFlow;
import sluice.observe.json.JsonWriter;
import sluice.observe.plot.CapturePlot;
import sluice.observe.plot.Chart;
import sluice.wire.CaptureReader;

/** {@code sluice plot}: a connection of a capture as a picture. */
@Command(name = "plot", mixinStandardHelpOptions = true,
        description = {
            "Draw a TCP connection of a pcap or pcapng file: sequence numbers over time in tcptrace's manner, bytes "
                    + "in flight and the window, round trips, goodput.",
            "Everybody's captures will do: tcpdump's, Wireshark's, those of serve, sim and drill."},
        footer = {"",
            "What a capture cannot tell (cwnd, ssthresh, SRTT, pacing) sluice sim --plot shows. Round trips and bytes "
                    + "in flight are true at the sender only.",
            "",
            "Examples:", "  sluice plot trace.pcapng --list",
            "  sluice plot trace.pcapng --connection 3 --from 1500ms --to 2s -o three.svg"})
final class PlotCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The capture, pcap or pcapng.")
    private Path file = Path.of("");

    @Option(names = "--connection", paramLabel = "N",
            description = "Which connection, by its number in --list (default: the one with most data).")
    private @Nullable Integer number;

    @Option(names = "--reverse", description = "Draw the direction with less data.")
    private boolean reverse;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE.svg",
            description = "Where to (default: the capture's name with .svg).")
    private @Nullable Path output;

    @Option(names = "--from", paramLabel = "TIME",
            description = "Begin that long after the connection's first packet: 2s, 350ms.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "End there.")
    private @Nullable String to;

    @Option(names = "--list", description = "List the connections and draw nothing.")
    private boolean list;

    @Option(names = "--json", description = "List them as JSON.")
    private boolean json;

    PlotCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Limits.input(spec, "FILE", file);
        Limits.output(spec, "-o", output, file);
        CapturedConnections found;
        try (CaptureReader reader = CaptureReader.open(Files.newInputStream(file))) {
            found = CapturedConnections.read(reader);
        } catch (IOException e) {
            throw new Failure("FILE " + file + ": " + Complaint.said(e));
        }
        List<CapturedConnection> all = found.all();
        if (json) {
            out.println(json(all));
            return Main.OK;
        }
        if (all.isEmpty()) {
            throw new Failure("FILE " + file + " holds no TCP connection (" + found.passedOver() + " other packets)");
        }
        if (list) {
            all.forEach(c -> out.println(line(c)));
            return Main.OK;
        }
        draw(chosen(all), out);
        return Main.OK;
    }

    private CapturedConnection chosen(List<CapturedConnection> all) {
        Integer n = number;
        if (n == null) {
            return all.stream().max(Comparator.comparingLong((CapturedConnection c) -> c.main().payloadBytes()))
                    .orElseThrow();
        }
        if (n < 1 || n > all.size()) {
            throw new ParameterException(spec.commandLine(), "--connection " + n + ": the file has 1…" + all.size());
        }
        return all.get(n - 1);
    }

    private void draw(CapturedConnection c, PrintWriter out) throws IOException {
        CapturedFlow flow = reverse ? c.main() == c.forth() ? c.back() : c.forth() : c.main();
        String name = String.valueOf(file.getFileName());
        Path target = output;
        if (target == null) {
            int dot = name.lastIndexOf('.');
            target = file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".svg");
        }
        String title = name + ", connection " + c.number()
                + (c.interfaceName() == null ? "" : " on " + c.interfaceName());
        Chart chart = CapturePlot.of(title, flow);
        if (from != null || to != null) {
            long start = c.firstNs() + time(from, "--from", 0);
            long end = c.firstNs() + time(to, "--to", c.durationNs());
            if (end <= start) {
                throw new ParameterException(spec.commandLine(),
                        "--to " + to + " is not after --from " + (from == null ? "0" : from));
            }
            chart.window(start, end);
        }
        try {
            Files.writeString(target, chart.svg());
        } catch (IOException e) {
            throw new Failure(Unwritable.text("-o", target, e));
        }
        out.println(line(c));
        out.println("drawn: " + target);
    }

    private long time(@Nullable String word, String option, long otherwise) {
        try {
            return word == null ? otherwise : NetemSpec.parseTimeNs(word, option);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()).replace("netem: ", ""), e);
        }
    }

    private static String line(CapturedConnection c) {
        CapturedFlow f = c.main();
        return String.format(Locale.ROOT,
                "%d: %s%s, %s in %.3f s, %d segments with data, %d retransmitted, %d out of order", c.number(),
                f.name(),
                c.interfaceName() == null ? "" : " on " + c.interfaceName(), Quantities.bytes(f.payloadBytes()),
                c.durationNs() / 1e9, f.segments(),
                f.retransmitted(),
                f.late());
    }

    private static String json(List<CapturedConnection> all) {
        JsonWriter w = new JsonWriter().beginArray();
        for (CapturedConnection c : all) {
            w.beginObject().field("connection", c.number()).field("interface", c.interfaceName())
                    .field("packets", c.packets()).field("ns", c.durationNs());
            w.key("flows").beginArray();
            for (CapturedFlow f : List.of(c.forth(), c.back())) {
                w.beginObject().field("flow", f.name()).field("payloadBytes", f.payloadBytes())
                        .field("segments", f.segments())
                        .field("retransmitted", f.retransmitted()).field("outOfOrder", f.late()).endObject();
            }
            w.endArray().endObject();
        }
        return w.endArray().toString();
    }
}

package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.lab.page.CapturePage;
import sluice.observe.capture.CapturedConnections;
import sluice.observe.explain.CaptureAnalysis;
import sluice.observe.explain.ConnectionAnalysis;
import sluice.observe.explain.ExplainJson;
import sluice.observe.explain.ExplainText;
import sluice.observe.plot.CapturePlot;
import sluice.wire.CaptureReader;

/** {@code sluice explain}: what went wrong in a capture. */
@Command(name = "explain", mixinStandardHelpOptions = true,
        description = {
            "Explain the TCP connections of a pcap or pcapng file (also one packed by gzip): first a health report of "
                    + "ten lines, then each connection's story:",
            "handshake, round trips, windows, what was lost where and how it was repaired, where the time went, how it "
                    + "ended; with advice and the numbers of the packets to look at."},
        footer = {"",
            "Captures taken at either end or between, of any size, will do; where it was taken is inferred. Losses "
                    + "are told apart from reordering by timestamps,",
            "identifications and times. What each finding means: docs/explain.md.", "",
            "Examples:", "  tcpdump -i eth0 -s 128 -w trace.pcap tcp port 443; sluice explain trace.pcap",
            "  sluice explain trace.pcap --packet 1234",
            "  sluice explain trace.pcap.gz --connection 3 --diagram",
            "  sluice explain trace.pcapng --html trace.html",
            "  sluice explain trace.pcapng --json | jq '.findings[0]'"})
final class ExplainCommand implements Callable<Integer> {
    private static final int STORIES = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The capture, pcap or pcapng, plain or .gz.")
    private Path file = Path.of("");

    @Option(names = "--connection", paramLabel = "N", description = "The story of this connection only.")
    private @Nullable Integer number;

    @Option(names = "--packet", paramLabel = "N",
            description = "This packet field by field, and what was found out about it; counted from 1 as in "
                    + "Wireshark.")
    private @Nullable Integer packet;

    @Option(names = "--all",
            description = "The stories of all connections (default: of the " + STORIES + " with the worst findings).")
    private boolean all;

    @Option(names = "--health", description = "The health report only.")
    private boolean healthOnly;

    @Option(names = "--diagram", description = "With --connection: its segments as a ladder.")
    private boolean diagram;

    @Option(names = "--plot", paramLabel = "FILE.svg",
            description = "With --connection: draw its sequence numbers, windows and round trips.")
    private @Nullable Path plot;

    @Option(names = "--html", paramLabel = "OUT.html",
            description = "Write one HTML page that needs nothing else: an index of the connections with each one's "
                    + "verdict; the story, ladder and pictures of the worst " + CapturePage.MOST_SHOWN + ".")
    private @Nullable Path html;

    @Option(names = "--json", description = "As JSON (schema sluice.explain/1, see docs/explain.md).")
    private boolean json;

    ExplainCommand() {}

    @Override
    public Integer call() throws IOException {
        Limits.input(spec, "FILE", file);
        Limits.output(spec, "--plot", plot, file);
        Limits.output(spec, "--html", html, file);
        Limits.notTogether(spec, "--packet", "--html", "--plot", "--diagram", "--connection", "--all", "--health",
                "--json");
        Limits.notTogether(spec, "--connection", "--all", "--health");
        Limits.notTogether(spec, "--health", "--all");
        if ((diagram || plot != null) && number == null) {
            throw new ParameterException(spec.commandLine(),
                    (diagram ? "--diagram" : "--plot") + " needs --connection N");
        }
        PrintWriter out = spec.commandLine().getOut();
        Integer n = packet;
        if (n != null) {
            Limits.within(spec, "--packet", n, 1, Integer.MAX_VALUE);
            packet(n, out);
            return Main.OK;
        }
        report(analysis(), out);
        return Main.OK;
    }

    private CaptureAnalysis analysis() {
        try (CaptureReader reader = open()) {
            return CaptureAnalysis.read(reader);
        } catch (IOException e) {
            throw new Failure(file + ": " + Complaint.said(e));
        }
    }

    private CaptureReader open() throws IOException {
        try {
            return CaptureReader.open(Files.newInputStream(file));
        } catch (IOException e) {
            throw new Failure(file + ": " + Complaint.said(e));
        }
    }

    private String name() {
        return String.valueOf(file.getFileName());
    }

    private void report(CaptureAnalysis a, PrintWriter out) throws IOException {
        ConnectionAnalysis one = chosen(a);
        Path target = html;
        if (target != null) {
            page(a, one, target);
        }
        if (json) {
            out.println(one == null ? ExplainJson.of(a, name()) : ExplainJson.of(a, name(), List.of(one)));
        } else if (one != null) {
            ExplainText.story(one, a.findings(one.number())).forEach(out::println);
        } else {
            ExplainText.health(a, name()).forEach(out::println);
            if (!healthOnly && target == null) {
                stories(a, out);
            }
        }
        if (target != null && !json) {
            out.println("written: " + target);
        }
        if (one != null && diagram) {
            out.println();
            try (CaptureReader reader = open()) {
                out.print(CaptureDiagram.of(reader, one));
            }
        }
        if (one != null && plot != null) {
            draw(one, plot, out);
        }
    }

    private @Nullable ConnectionAnalysis chosen(CaptureAnalysis a) {
        Integer n = number;
        if (n == null) {
            return null;
        }
        ConnectionAnalysis c = a.connection(n);
        if (c == null) {
            throw new ParameterException(spec.commandLine(), "--connection " + n + ": the file has "
                    + (a.connections().isEmpty() ? "none" : "1…" + a.connections().size()));
        }
        return c;
    }

    /** The connections with the worst findings first; those without any, the largest first. */
    private void stories(CaptureAnalysis a, PrintWriter out) {
        List<ConnectionAnalysis> order = ExplainText.worstFirst(a);
        int shown = all ? order.size() : Math.min(STORIES, order.size());
        for (ConnectionAnalysis c : order.subList(0, shown)) {
            out.println();
            ExplainText.story(c, a.findings(c.number())).forEach(out::println);
        }
        if (shown < order.size()) {
            out.println();
            out.println(order.size() - shown + " more connections: --all, or --connection N");
        }
    }

    private void page(CaptureAnalysis a, @Nullable ConnectionAnalysis one, Path target) throws IOException {
        String page = CapturePage.html(a, name(), one, this::open);
        try {
            Files.writeString(target, page);
        } catch (IOException e) {
            throw new Failure(Unwritable.text("--html", target, e));
        }
    }

    private void draw(ConnectionAnalysis one, Path target, PrintWriter out) throws IOException {
        CapturedConnections found;
        try (CaptureReader reader = open()) {
            found = CapturedConnections.read(reader, n -> n == one.number());
        }
        try {
            Files.writeString(target,
                    CapturePlot.of(name() + ", connection " + one.number(), found.all().getFirst().main()).svg());
        } catch (IOException e) {
            throw new Failure(Unwritable.text("--plot", target, e));
        }
        if (!json) {
            out.println("drawn: " + target);
        }
    }

    private void packet(int n, PrintWriter out) throws IOException {
        try (CaptureReader reader = open()) {
            List<String> lines = PacketStory.of(reader, n);
            if (lines.isEmpty()) {
                throw new Failure("--packet " + n + ": " + file + " has fewer packets");
            }
            lines.forEach(out::println);
        }
    }
}

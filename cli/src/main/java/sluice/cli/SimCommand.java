package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import sluice.observe.plot.Chart;
import sluice.observe.plot.ComparisonPlot;
import sluice.observe.plot.ConnectionPlot;
import sluice.observe.plot.Ink;
import sluice.observe.print.SysctlPrinter;
import sluice.observe.record.ConnectionTrace;
import sluice.sim.SimFailure;
import sluice.sim.TransferRun;
import sluice.sim.TransferSpec;
import sluice.sim.World;

/** {@code sluice sim}: bulk transfers over a bottleneck in virtual time, named by a seed; and the swarm. */
@Command(name = "sim", mixinStandardHelpOptions = true,
        description = {
            "Send data over a simulated network in virtual time: no root, no device, the same result every time.",
            "The last line is a hash of everything that happened: the same for the same options, seed and commit."},
        footer = {"",
            "Queues: pfifo [limit PACKETS]   bfifo [limit BYTES]   mark PACKETS [limit PACKETS] (ECN mark above, as "
                    + "switches for DCTCP do)",
            "  codel [limit PACKETS] [target TIME] [interval TIME] [ce_threshold TIME] [ecn] (RFC 8289)",
            "netem's words: sluice netem --help", "", "Examples:",
            "  sluice sim --seed 7 --netem \"delay 20ms 5ms loss 3%% reorder 25%%\" --diagram \\", "    -n 100K",
            "  sluice sim --rate 20mbit --netem \"delay 20ms\" --algorithm cubic,bbr \\",
            "    --topology dumbbell -t 30 --plot fair.svg",
            "  sluice sim --swarm 10000        # every seed a world of its own",
            "  sluice sim --swarm-seed 4711    # one of them again",
            "Example: a pipe for which Linux's limits are too small",
            "  sluice sim --rate 10gbit --netem \"delay 50ms limit 1000000\" -n 1G \\",
            "    --queue \"bfifo limit 125000000\" --no-checks --plot pipe.svg \\",
            "    --set \"tcp_wmem=4096 16384 536870912\" \\", "    --set \"tcp_rmem=4096 131072 536870912\""})
final class SimCommand implements Callable<Integer> {
    private static final int CAPTURE_LIMIT = 400_000;
    private static final int MOST_JOBS = 1024;
    private static final double CUT_OPACITY = 0.4;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private SimOptions options = new SimOptions();

    @Option(names = "--diagram", description = "Show the first connection as a ladder.")
    private boolean diagram;

    @Option(names = "--trace", description = "Show every packet and every decision, in order.")
    private boolean trace;

    @Option(names = "--plot", paramLabel = "FILE.svg",
            description = "Draw windows, round trips, rates and the queue over time.")
    private @Nullable Path plot;

    @Option(names = "--capture", paramLabel = "FILE.pcapng",
            description = "Write all packets, an interface for each host.")
    private @Nullable Path capture;

    @Option(names = "--json", description = "Print the summary as JSON (the hash is in it).")
    private boolean json;

    @Option(names = "--swarm", paramLabel = "N",
            description = "Run N drawn worlds with all checkers, from seed --seed on, on all processors.")
    private @Nullable Integer swarm;

    @Option(names = "--swarm-seed", paramLabel = "N",
            description = "Run the one world that the swarm draws for this seed.")
    private @Nullable Long swarmSeed;

    @Option(names = "--jobs", paramLabel = "N", description = "Threads of the swarm (default: as many as processors).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    SimCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Limits.output(spec, "--plot", plot);
        Limits.output(spec, "--capture", capture);
        Long one = swarmSeed;
        if (one != null) {
            return new SimSwarm(out, err, json).one(one, capture, trace);
        }
        Integer many = swarm;
        if (many != null) {
            Limits.within(spec, "--swarm", many, 1, Integer.MAX_VALUE);
            Limits.within(spec, "--jobs", jobs, 1, MOST_JOBS);
            return new SimSwarm(out, err, json).many(options.seed, many, jobs);
        }
        return transfer(out, err);
    }

    private int transfer(PrintWriter out, PrintWriter err) throws IOException {
        TransferRun run = laidOut();
        options.withoutEffect().forEach(s -> err.println("sluice: --set: " + SysctlPrinter.warning(s)));
        if (plot != null) {
            run.recorded();
        }
        Progress progress = new Progress(err);
        run.watchedBy(() -> {
            if (progress.isDue()) {
                progress.say(SimReport.progress(run));
            }
        });
        boolean complete;
        try {
            complete = run.run();
            progress.end();
        } catch (SimFailure e) {
            progress.end();
            err.println("sluice sim: " + e.getMessage());
            return Main.FAILED;
        }
        boolean written = show(run, out, err);
        out.print(json ? SimReport.json(run, complete) + System.lineSeparator() : SimReport.text(run, complete));
        out.flush();
        return complete && written ? Main.OK : Main.FAILED;
    }

    private TransferRun laidOut() {
        try {
            TransferSpec s = options.spec();
            s.replay = commandLine();
            s.logLimit = capture != null || trace || diagram ? CAPTURE_LIMIT : s.logLimit;
            if (options.noChecks && (capture != null || trace || diagram)) {
                throw new IllegalArgumentException(
                        "--no-checks keeps no packets: --capture, --trace and --diagram need them");
            }
            return new TransferRun(s);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private String commandLine() {
        StringBuilder line = new StringBuilder("./sluice sim");
        ParseResult parsed = spec.commandLine().getParseResult();
        List<String> words = parsed == null ? List.of() : parsed.originalArgs();
        for (String w : words.subList(Math.min(words.size(), words.indexOf("sim") + 1), words.size())) {
            line.append(' ').append(w.matches("[\\w./:,=+-]+") ? w : "\"" + w + "\"");
        }
        return line.toString();
    }

    /** Whether all files that were asked for are written; what could not be is said. */
    private boolean show(TransferRun run, PrintWriter out, PrintWriter err) {
        if (trace) {
            out.print(run.world().log().trace());
        }
        if (diagram) {
            TransferRun.Flow f = run.flows().getFirst();
            out.print(run.world().log().ladder(f.client(), f.server()));
        }
        boolean written = write("--capture", capture, err, run.world().log()::pcapng);
        if ((trace || capture != null) && run.world().log().isFull()) {
            err.println("sluice sim: only the last " + CAPTURE_LIMIT + " packets and events were kept");
        }
        return write("--plot", plot, err, file -> Files.writeString(file, chart(run).svg())) && written;
    }

    private interface Writing {
        void to(Path file) throws IOException;
    }

    private static boolean write(String option, @Nullable Path file, PrintWriter err, Writing writing) {
        try {
            if (file != null) {
                writing.to(file);
            }
            return true;
        } catch (IOException e) {
            err.println("sluice sim: " + Unwritable.text(option, Objects.requireNonNull(file), e));
            return false;
        }
    }

    private Chart chart(TransferRun run) {
        String title = SimReport.title(run);
        Map<String, ConnectionTrace> traces = new LinkedHashMap<>();
        for (TransferRun.Flow f : run.flows()) {
            ConnectionTrace t = f.trace();
            if (t != null) {
                traces.put(run.flows().size() == 1 ? f.algorithm() : f.number() + " " + f.algorithm(), t);
            }
        }
        Chart chart = traces.size() == 1 ? ConnectionPlot.of(title, traces.values().iterator().next())
                : ComparisonPlot.of(title, traces);
        for (TransferSpec.Cut c : run.spec().cuts) {
            chart.span("the path is cut", Ink.GRAY, CUT_OPACITY, atNs(c.fromMs()), atNs(c.toMs()));
        }
        for (TransferSpec.MtuStep m : run.spec().mtuSteps) {
            chart.event("path MTU", Ink.TEAL, true, atNs(m.atMs()), "the MTU is " + m.bytes())
                    .caption("path MTU", atNs(m.atMs()), "from here on " + m.bytes() + " bytes");
        }
        return chart;
    }

    private static long atNs(double ms) {
        return World.START_NS + Math.round(ms * 1e6);
    }
}

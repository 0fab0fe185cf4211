package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.drill.DrillCapture;
import sluice.drill.DrillMode;
import sluice.drill.DrillOptions;
import sluice.drill.DrillResult;
import sluice.drill.DrillResult.Verdict;
import sluice.drill.DrillRunner;
import sluice.observe.json.JsonWriter;

/**
 * {@code sluice drill}: scripts in the packetdrill language against the stack, in virtual time, without root and
 * without a kernel.
 */
@Command(name = "drill", mixinStandardHelpOptions = true,
        description = "Run packetdrill scripts against the stack in virtual time.", footer = {"",
            "A folder stands for the *.pkt files in it. Exit status: 0 all passed or skipped, 1 some failed, 2 wrong "
                    + "command line, or no script to run.",
            "", "Example: the scripts about closing, over each version of IP",
            "  sluice drill --mode all drill/src/test/scripts/close"})
final class DrillCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description = "Scripts, and folders of scripts.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = {"--ip_version", "--mode"}, paramLabel = "VERSION",
            description = "ipv4 (default), ipv6, ipv4-mapped-ipv6, or all one after the other.")
    private String version = "ipv4";

    @Option(names = {"-D", "--define"}, paramLabel = "NAME=VALUE", description = "Replace a word in the scripts.")
    private List<String> defines = new ArrayList<>();

    @Option(names = "--tolerance_usecs", paramLabel = "US", description = "How far a time may be off; default 4000.")
    private @Nullable String toleranceUsecs;

    @Option(names = "--mtu", paramLabel = "BYTES", description = "MTU of the link.")
    private @Nullable String mtu;

    @Option(names = "--local_ip", paramLabel = "ADDRESS", description = "Address of the stack.")
    private @Nullable String localIp;

    @Option(names = "--remote_ip", paramLabel = "ADDRESS", description = "Address of the peer.")
    private @Nullable String remoteIp;

    @Option(names = "--gateway_ip", paramLabel = "ADDRESS",
            description = "Taken for the sake of other runners; the link has no router.")
    private @Nullable String gatewayIp;

    @Option(names = "--strict_segments", description = "Do not join segments.")
    private boolean strictSegments;

    @Option(names = "--json", description = "A JSON array instead of text.")
    private boolean json;

    @Option(names = "--capture", paramLabel = "FILE", description = "Write all packets to a pcapng file.")
    private @Nullable Path capture;

    @Option(names = "-v", description = "Show what happened in passing scripts too.")
    private boolean verbose;

    @Option(names = "-q", description = "Show failures in one line, without the ladder.")
    private boolean brief;

    @Option(names = "-j", paramLabel = "N", defaultValue = "1",
            description = "Scripts at the same time; default ${DEFAULT-VALUE}.")
    private int jobs;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<DrillMode> modes = modes();
        Limits.within(spec, "-j", jobs, 1, 1024);
        Limits.output(spec, "--capture", capture);
        List<DrillResult> results;
        boolean[] unwritten = {false};
        try (DrillCapture packets = open(capture, unwritten)) {
            results = run(modes, packets);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(results));
        }
        long failed = count(results, Verdict.FAIL);
        if (!json) {
            out.println(count(results, Verdict.PASS) + " passed, " + failed + " failed, " + count(results, Verdict.SKIP)
                    + " skipped");
        }
        out.flush();
        return failed == 0 && !unwritten[0] ? Main.OK : Main.FAILED;
    }

    private @Nullable DrillCapture open(@Nullable Path file, boolean[] unwritten) {
        try {
            return file == null ? null : new DrillCapture(file, e -> {
                unwritten[0] = true;
                spec.commandLine().getErr().println("sluice drill: " + Unwritable.text("--capture", file, e));
            });
        } catch (IOException e) {
            throw new Failure(Unwritable.text("--capture", Objects.requireNonNull(file), e));
        }
    }

    private List<DrillMode> modes() {
        if (version.equals("all")) {
            return List.of(DrillMode.values());
        }
        try {
            return List.of(DrillMode.of(version));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static long count(List<DrillResult> results, Verdict verdict) {
        return results.stream().filter(r -> r.verdict() == verdict).count();
    }

    private DrillOptions options(DrillMode mode) {
        DrillOptions o = new DrillOptions(mode);
        try {
            defines.forEach(o::define);
            set(o, "tolerance_usecs", toleranceUsecs);
            set(o, "mtu", mtu);
            set(o, "local_ip", localIp);
            set(o, "remote_ip", remoteIp);
            set(o, "gateway_ip", gatewayIp);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        if (strictSegments) {
            o.set("strict_segments", "");
        }
        return o;
    }

    private static void set(DrillOptions o, String name, @Nullable String value) {
        if (value != null) {
            Limits.named("--" + name, value, text -> o.set(name, text));
        }
    }

    private List<DrillResult> run(List<DrillMode> modes, @Nullable DrillCapture packets)
            throws IOException, InterruptedException {
        List<Future<DrillResult>> futures = new ArrayList<>();
        List<DrillResult> results = new ArrayList<>();
        modes.forEach(this::options); // complains of the words of options before it looks for scripts
        requireScripts(modes);
        try (ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, jobs))) {
            for (DrillMode mode : modes) {
                DrillRunner runner = new DrillRunner(options(mode), packets);
                for (Path script : scripts(paths, mode)) {
                    futures.add(pool.submit(() -> runner.run(script)));
                }
            }
            for (Future<DrillResult> f : futures) {
                DrillResult r = f.get();
                results.add(r);
                show(r);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return results;
    }

    /** What was asked for and would run nothing is a mistake on the command line, not a success. */
    private void requireScripts(List<DrillMode> modes) throws IOException {
        for (Path p : paths) {
            if (!Files.exists(p)) {
                throw new ParameterException(spec.commandLine(), "there is no " + p);
            }
            boolean some = false;
            for (DrillMode mode : modes) {
                some |= !scripts(List.of(p), mode).isEmpty();
            }
            if (!some) {
                throw new ParameterException(spec.commandLine(),
                        "there is no script (*.pkt) for " + version + " in " + p);
            }
        }
    }

    private static List<Path> scripts(List<Path> paths, DrillMode mode) throws IOException {
        List<Path> scripts = new ArrayList<>();
        for (Path p : paths) {
            for (Path script : DrillRunner.scripts(p)) {
                if (!Files.isDirectory(p) || DrillRunner.fits(script, mode)) {
                    scripts.add(script);
                }
            }
        }
        return scripts;
    }

    private void show(DrillResult r) {
        if (!json) {
            spec.commandLine().getOut().println(r.text(verbose || r.verdict() == Verdict.FAIL && !brief));
        }
    }

    private static String json(List<DrillResult> results) {
        JsonWriter w = new JsonWriter().beginArray();
        for (DrillResult r : results) {
            w.beginObject().field("file", r.file()).field("mode", r.mode().optionName())
                    .field("verdict", r.verdict().name().toLowerCase(java.util.Locale.ROOT))
                    .field("line", r.line()).field("message", r.message()).field("expected", r.expected())
                    .field("actual", r.actual()).field("ms", r.wallMs());
            w.key("ladder").beginArray();
            r.ladder().forEach(w::value);
            w.endArray().endObject();
        }
        return w.endArray().toString();
    }
}

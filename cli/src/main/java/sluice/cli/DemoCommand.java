package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sluice.cli.demo.DemoRun;
import sluice.core.HostConfig;
import sluice.core.trace.TraceSink;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.Link;
import sluice.link.NetemSpec;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.wire.Prefix;

/** {@code sluice demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
        description = {
            "Show the stack at work with this machine's kernel, in a private network namespace; nothing has to be "
                    + "configured.",
            "Pings, then downloads and uploads both ways over IPv4 and IPv6 on a clean and on a bad path, all "
                    + "compared by SHA-256.",
            "Without root it starts itself again under \"unshare -rn\"; where that or /dev/net/tun is missing, two "
                    + "hosts in memory take part."},
        footer = {"", "Example:", "  sluice demo", "",
            "Exit status: 0 every transfer was whole, 1 one was not, 2 wrong usage."})
final class DemoCommand implements Callable<Integer> {
    private static final String INSIDE = "SLUICE_DEMO_INSIDE";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--size", paramLabel = "N[KMG]",
            description = "Bytes of each file on the clean path (default: 256M).")
    private Amount size = new Amount(256 << 20);

    @Option(names = "--impaired-size", paramLabel = "N[KMG]",
            description = "Bytes of each file on the bad path (default: 8M).")
    private Amount impairedSize = new Amount(8 << 20);

    @Option(names = "--impairment", paramLabel = "WORDS",
            description = "The bad path in tc netem's words, each way (default: ${DEFAULT-VALUE}).")
    private String impairment = "delay 10ms 3ms loss 1% reorder 5% limit 10000";

    @Option(names = "--seed", paramLabel = "N",
            description = "Seed of the files and the bad path (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--capture", paramLabel = "FILE",
            description = "The pcapng file (default: sluice-demo-PID.pcapng in the temporary directory).")
    private @Nullable Path capture;

    @Option(names = "--in-memory", description = "Two hosts in memory even where the kernel could take part.")
    private boolean inMemory;

    @Option(names = "--json", description = "Print nothing but a summary as JSON.")
    private boolean json;

    DemoCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            NetemSpec.parse(impairment);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--impairment: " + e.getMessage());
        }
        if (!inMemory && !NetworkNamespace.isRoot() && System.getenv(INSIDE) == null
                && TunDevice.whyUnavailable() == null && mayUnshare()) {
            return againInside();
        }
        PrintWriter out = spec.commandLine().getOut();
        Consumer<String> say = json ? line -> {
        } : out::println;
        Path pcapng = capture != null ? capture : Path.of(System.getProperty("java.io.tmpdir"),
                "sluice-demo-" + ProcessHandle.current().pid() + ".pcapng");
        Limits.output(spec, "--capture", pcapng);
        DemoRun run = new DemoRun(
                new DemoRun.Options(size.value(), impairedSize.value(), impairment, seed, pcapng, json), say);
        String why = inMemory ? "The kernel is left out, as asked for." : DemoRun.whyNoKernel();
        boolean whole = why == null ? run.withKernel(this::startOnTun, out::println)
                : run.inMemory(why, name -> HostConfig.builder(new SystemEntropy()).name(name),
                        (host, prefixes) -> RunningStack.configure(host, prefixes.stream().map(Prefix::parse).toList(),
                                List.of()),
                        out::println);
        return whole && run.captured() ? Main.OK : Main.FAILED;
    }

    private DemoRun.Running startOnTun(NetworkNamespace namespace, UnaryOperator<Link> wrap, TraceSink trace) {
        StackOptions options = new StackOptions();
        options.spec = spec; // where it complains; picocli does not see these options
        options.netns = namespace.name();
        options.tun = "sluice0";
        RunningStack.Extras extras = new RunningStack.Extras();
        extras.title = "demo";
        extras.wrap = wrap;
        extras.trace = trace;
        RunningStack running = RunningStack.start(options, extras);
        return new DemoRun.Running() {
            @Override
            public Stack stack() {
                return running.stack();
            }

            @Override
            public void close() {
                running.close();
            }
        };
    }

    private static boolean mayUnshare() throws InterruptedException {
        try {
            return new ProcessBuilder(NetworkNamespace.unshareCommand(List.of("true"))).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs this same command as root of a user namespace of its own. */
    private int againInside() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), "sluice.cli.Main"));
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        ProcessBuilder builder = new ProcessBuilder(NetworkNamespace.unshareCommand(command)).inheritIO();
        builder.environment().put(INSIDE, "1");
        Process inside = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(inside::destroy));
        return inside.waitFor();
    }
}

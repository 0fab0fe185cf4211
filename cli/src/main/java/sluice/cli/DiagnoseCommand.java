package sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sluice.observe.diagnose.Diagnosis;
import sluice.observe.diagnose.Snapshot;
import sluice.observe.diagnose.SnapshotText;

/** {@code sluice diagnose}. */
@Command(name = "diagnose", mixinStandardHelpOptions = true, sortOptions = false,
        description = {
            "Say what is wrong with the connections of a running sluice, or of a Linux machine: unclosed and "
                    + "unanswered ones, full queues, who does not read, losses, small buffers, ports that run out.",
            "The likeliest cause comes first, each with its evidence, what it means, what it usually comes from and "
                    + "which code or setting to look at."},
        footer = {"", "Example: the running stack, every 5 seconds what moved since", "  sluice diagnose --watch 5",
            "Example: a Linux machine, with what its own tools print",
            "  (ss -tuanipeom; nstat -az; sysctl net.ipv4) > here.txt", "  sluice diagnose --from here.txt"})
final class DiagnoseCommand implements Callable<Integer> {
    /** Of one file: some 200,000 sockets. */
    private static final int MOST_BYTES = 128 << 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--from", paramLabel = "FILE",
            description = "Read what ss, nstat and sysctl print from a file instead, - for standard input; may be "
                    + "repeated.")
    private List<String> from = new ArrayList<>();

    @Option(names = "--watch", paramLabel = "SECONDS",
            description = "Again and again, with what the counters moved meanwhile.")
    private @Nullable Double seconds;

    @Option(names = {"-c", "--count"}, paramLabel = "N", description = "End after that many (with --watch).")
    private @Nullable Long count;

    @Option(names = "--json", description = "As JSON, one line each time.")
    private boolean json;

    @Mixin
    private ControlOptions target = new ControlOptions();

    DiagnoseCommand() {}

    @Override
    public Integer call() throws InterruptedException, IOException {
        check();
        if (!from.isEmpty()) {
            print(Diagnosis.of(read()));
            return Main.OK;
        }
        Snapshot before = ask();
        if (seconds == null) {
            print(Diagnosis.of(before));
            return Main.OK;
        }
        long ms = Math.round(seconds * 1000);
        for (long i = 0; count == null || i < count; i++) {
            Thread.sleep(ms);
            Snapshot now = ask();
            print(Diagnosis.of(now.since(before)));
            before = now;
        }
        return Main.OK;
    }

    private void check() {
        if (seconds != null) {
            Limits.seconds(spec, "--watch", seconds, 0.1, 86_400);
        }
        if (seconds != null && !from.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "--watch asks a running process, --from reads a file once: "
                            + "give one of them");
        }
        if (count != null) {
            Limits.within(spec, "--count", count, 1, Long.MAX_VALUE);
            if (seconds == null) {
                throw new ParameterException(spec.commandLine(), "--count " + count + " counts what --watch prints: "
                        + "give --watch SECONDS");
            }
        }
    }

    private Snapshot ask() {
        return SnapshotText.parse(target.text("ss", "all", "info", "timers") + target.text("nstat", "absolute", "keep")
                + target.text("sysctl", "all"));
    }

    private Snapshot read() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : from) {
            if (name.equals("-")) {
                text.append(read(System.in, "-"));
            } else {
                Path file = Path.of(name);
                Limits.input(spec, "--from", file);
                try (InputStream in = Files.newInputStream(file)) {
                    text.append(read(in, name));
                }
            }
            text.append('\n');
        }
        try {
            return SnapshotText.parse(text.toString());
        } catch (IllegalArgumentException e) {
            throw new Failure("--from " + String.join(", ", from) + " " + e.getMessage());
        }
    }

    private static String read(InputStream in, String name) throws IOException {
        byte[] text = in.readNBytes(MOST_BYTES + 1);
        if (text.length > MOST_BYTES) {
            throw new Failure("--from " + name + " has more than " + (MOST_BYTES >> 20)
                    + " MiB: what ss and nstat print of one machine is wanted");
        }
        return new String(text, UTF_8);
    }

    private void print(Diagnosis d) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(d.json());
        } else {
            out.print(d.text());
            if (seconds != null) {
                out.println();
            }
        }
        out.flush();
    }
}

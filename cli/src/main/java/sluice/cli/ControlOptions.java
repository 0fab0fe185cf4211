package sluice.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sluice.control.ControlAnswer;
import sluice.control.ControlClient;
import sluice.control.ControlPaths;

/** Which running process a command asks. */
final class ControlOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Option(names = "--control", paramLabel = "PATH", description = "Ask the process with this control socket.")
    @Nullable Path control;

    @Option(names = "--pid", paramLabel = "N",
            description = "Ask the process with this id (default: the only one that runs).")
    @Nullable Long pid;

    /** Asks and prints; the exit status. */
    int ask(List<String> words) {
        ControlAnswer answer = answer(words);
        if (answer.status() == 0) {
            spec.commandLine().getOut().print(answer.text());
            spec.commandLine().getOut().flush();
        } else {
            spec.commandLine().getErr().print(answer.text());
            spec.commandLine().getErr().flush();
        }
        return answer.status();
    }

    /** Asks, and gives the answer; a refusal is a {@link Failure}. */
    String text(String... words) {
        ControlAnswer answer = answer(List.of(words));
        if (answer.status() != 0) {
            throw new Failure(answer.text().strip());
        }
        return answer.text();
    }

    private ControlAnswer answer(List<String> words) {
        Path socket = find();
        try {
            return ControlClient.ask(socket, words);
        } catch (IOException e) {
            throw new Failure(pid == null || control != null ? "no answer from " + socket + ": " + e.getMessage()
                    : "--pid " + pid + ": no sluice with this process id answers here to this user (" + socket + ": "
                            + e.getMessage() + ")" + others());
        }
    }

    private Path find() {
        Limits.notTogether(spec, "--control", "--pid");
        if (control != null) {
            if (control.toString().isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--control \"\" names no socket");
            }
            return control;
        }
        if (pid != null) {
            Limits.within(spec, "--pid", pid, 1, Integer.MAX_VALUE);
        }
        ControlPaths paths = ControlPaths.ofUser();
        try {
            return pid != null ? paths.ofProcess(pid) : only(paths);
        } catch (IOException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        }
    }

    private static Path only(ControlPaths paths) throws IOException {
        List<Path> running = paths.running();
        if (running.size() == 1) {
            return running.getFirst();
        }
        if (running.isEmpty()) {
            String places = paths.directories().stream().map(Path::toString).collect(Collectors.joining(" and "));
            String others = others();
            throw new Failure("no sluice runs here as this user (looked in " + places + ")"
                    + (others.isEmpty() ? ": start one, or name its socket with --control" : others));
        }
        StringBuilder text = new StringBuilder("several processes run, choose one with --pid:");
        for (Path path : running) {
            text.append("\n  ").append(named(path)).append("  ").append(title(path));
        }
        throw new Failure(text.toString());
    }

    private static String others() {
        return OtherUsers.hint(OtherUsers.processes(), System.getProperty("user.name"));
    }

    /** The process's number; for a further stack of a process what finds it. */
    private static String named(Path path) {
        String name = path.getFileName().toString().replace(".sock", "");
        return name.contains("-") ? "--control " + path : name;
    }

    private static String title(Path path) {
        try {
            return ControlClient.ask(path, List.of("title")).text().strip();
        } catch (IOException e) {
            return "(does not answer)";
        }
    }
}

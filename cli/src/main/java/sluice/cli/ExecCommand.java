package sluice.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice exec}. */
@Command(name = "exec", sortOptions = false, mixinStandardHelpOptions = true,
        description = {"Run a Java program on our stack, unmodified: java with an agent that starts the stack in it.", //
            "Channels, sockets and HTTP of the JDK, and whatever is built on them, use the stack for every address "
                    + "that it has a route to (all of them, by the default gateway), for the wildcard and for "
                    + "loopback; others stay the kernel's. Needs the java of JDK 25 or later, and root or a start "
                    + "under \"unshare -rn\", as serve does."},
        footer = {"", "Example: a web server of the JDK, reached over the stack", //
            "  sluice exec -- java -m jdk.httpserver -b 0.0.0.0 -p 8000 &", //
            "  curl http://10.99.0.2:8000/; sluice ss -tan", "",
            "Exit status: that of the program; 2 wrong usage."})
final class ExecCommand implements Callable<Integer> {
    private static final int OLDEST = 25;
    private static final Pattern VERSION = Pattern.compile("version \"(\\d+)");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private StackOptions stackOptions = new StackOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // for the help; the agent reads it
    private NameOptions nameOptions = new NameOptions();

    @Parameters(arity = "1..*", paramLabel = "COMMAND",
            description = "The command, after \"--\": java and what it is to be given.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> command;

    ExecCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path java = java(command.getFirst());
        stackOptions.check();
        checkVersion(java);
        stackOptions.checkKernel(stackOptions.namespace());
        Path directory = Files.createTempDirectory("sluice-exec");
        try {
            Path agent = AgentJar.write(directory.resolve("agent.jar"));
            Path flags = Files.write(directory.resolve("flags"), stackFlags());
            List<String> line = new ArrayList<>(List.of(java.toString(), "-javaagent:" + agent + "=@" + flags,
                    "--enable-native-access=ALL-UNNAMED", "-XX:MaxInlineLevel=40"));
            line.addAll(command.subList(1, command.size()));
            Process program = new ProcessBuilder(line).inheritIO().start();
            Signals.onTermination(program::destroy); // a terminal's Ctrl-C has reached it already
            return program.waitFor();
        } finally {
            try (var files = Files.list(directory)) {
                for (Path f : files.toList()) {
                    Files.delete(f);
                }
            }
            Files.delete(directory);
        }
    }

    /** What was said of the stack: all that stood before the command. */
    private List<String> stackFlags() {
        List<String> all = spec.commandLine().getParseResult().originalArgs();
        List<String> flags = all.subList(all.indexOf(spec.name()) + 1, all.size() - command.size());
        return !flags.isEmpty() && flags.getLast().equals("--") ? flags.subList(0, flags.size() - 1) : flags;
    }

    private Path java(String name) {
        Path given = Path.of(name);
        if (!given.endsWith("java")) {
            throw stackOptions.usage(name + " is not java, whose options the agent goes into: start the program by its "
                    + "java command, or see README for JAVA_TOOL_OPTIONS by hand");
        }
        Path found = given.getNameCount() > 1 || given.isAbsolute() ? given : onPath(name);
        if (found == null || !Files.isExecutable(found)) {
            throw stackOptions.usage(name + ": there is no such program");
        }
        return found;
    }

    private static @Nullable Path onPath(String name) {
        for (String dir : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path p = Path.of(dir, name);
            if (!dir.isEmpty() && Files.isExecutable(p)) {
                return p;
            }
        }
        return null;
    }

    /** The agent's classes are of our JDK: an older one would end with a stack trace of its own. */
    private void checkVersion(Path java) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(java.toString(), "-version").redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        p.waitFor();
        Matcher m = VERSION.matcher(said);
        if (!m.find()) {
            throw stackOptions.usage(java + " -version says no version; java of JDK " + OLDEST + " is needed");
        }
        if (Integer.parseInt(m.group(1)) < OLDEST) {
            throw stackOptions.usage(java + " is of JDK " + m.group(1) + ", and the stack needs JDK " + OLDEST
                    + " or later: name its java, as " + Path.of(System.getProperty("java.home"), "bin", "java"));
        }
    }
}

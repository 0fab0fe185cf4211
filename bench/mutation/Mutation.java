import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Breaks one rule at a time in a compiled copy of its class, runs test classes, the nearest first, until one notices,
 * and says which did. Started by the script {@code run}, which says how.
 */
public final class Mutation {
    /**
     * The modules whose tests are run, each before those that know it; a mutant is shown to its own module and to those
     * after it.
     */
    private static final List<String> MODULES = List.of("base", "wire", "core", "link", "link-linux", "engine",
            "observe", "drill", "sim", "campaign", "control", "sockets", "lab", "clock-agent", "virtual", "cli");
    /** Their tests run in a JVM with the clock's agent. */
    private static final Set<String> WITH_AGENT = Set.of("clock-agent", "virtual");
    /** What notices nearly everything, but does not say which rule was broken: asked last. */
    private static final List<String> LAST = List.of("SwarmTest", "BehaviourTest");
    /** A run that takes longer has come to a stand. */
    private static final int LIMIT_SECONDS = 900;

    private Mutation() {}

    record Mutant(int number, String name, String file, String code, String broken) {
        String module() {
            return file.substring(0, file.indexOf('/'));
        }

        /** Whether an argument means this one: part of its name, a module with a slash, or numbers (58-80). */
        boolean isMeant(String argument) {
            if (argument.matches("\\d+-\\d+")) {
                String[] ends = argument.split("-", 2);
                return number >= Integer.parseInt(ends[0]) && number <= Integer.parseInt(ends[1]);
            }
            return name.contains(argument) || file.startsWith(argument);
        }
    }

    record TestClass(String module, String name) {
        String simple() {
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("--child")) {
            child(List.of(args).subList(1, args.length));
            return;
        }
        Path root = Path.of(args[0]);
        Path work = Path.of(args[1]);
        int jobs = Integer.parseInt(args[2]);
        List<String> only = List.of(args).subList(3, args.length);
        List<TestClass> tests = tests(root);
        List<Future<String>> results = new ArrayList<>();
        int survivors = 0;
        System.out.println("| # | module | broken rule | caught by |\n|---|---|---|---|");
        try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            for (Mutant m : read(root.resolve("bench/mutation/mutants.txt"))) {
                if (only.isEmpty() || only.stream().anyMatch(m::isMeant)) {
                    results.add(pool.submit(() -> "| " + m.number + " | " + m.module() + " | " + m.name + " | "
                            + run(root, work.resolve("m" + m.number), m, tests) + " |"));
                }
            }
            for (Future<String> result : results) {
                survivors += result.get().contains("| **") ? 1 : 0;
                System.out.println(result.get());
            }
        }
        System.out.println("\n" + (results.size() - survivors) + " of " + results.size() + " caught.");
        System.exit(survivors == 0 ? 0 : 1);
    }

    private static List<Mutant> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file).stream().filter(l -> !l.startsWith("#") && !l.isBlank()).toList();
        List<Mutant> mutants = new ArrayList<>();
        for (int i = 0; i + 3 < lines.size(); i += 4) {
            mutants.add(new Mutant(i / 4 + 1, lines.get(i), lines.get(i + 1), lines.get(i + 2), lines.get(i + 3)));
        }
        return mutants;
    }

    private static List<TestClass> tests(Path root) throws IOException {
        List<TestClass> all = new ArrayList<>();
        for (String module : MODULES) {
            Path sources = root.resolve(module).resolve("src/test/java");
            try (Stream<Path> files = Files.walk(sources)) {
                files.map(f -> sources.relativize(f).toString()).filter(f -> f.endsWith("Test.java")).sorted()
                        .map(f -> f.substring(0, f.length() - ".java".length()).replace('/', '.'))
                        .forEach(name -> all.add(new TestClass(module, name)));
            }
        }
        return all;
    }

    /** The tests that may notice, those that are about the broken class first. */
    private static List<String> order(Mutant m, List<TestClass> tests) {
        String path = m.file.substring(m.file.indexOf("/java/") + "/java/".length());
        String broken = Path.of(m.file).getFileName().toString().replace(".java", "");
        String inPackage = path.substring(0, path.lastIndexOf('/')).replace('/', '.');
        boolean agent = WITH_AGENT.contains(m.module());
        return tests.stream().filter(t -> MODULES.indexOf(t.module) >= MODULES.indexOf(m.module()))
                .filter(t -> WITH_AGENT.contains(t.module) == agent)
                .sorted(comparing(t -> LAST.contains(t.simple()) ? 9 + LAST.indexOf(t.simple())
                        : t.simple().startsWith(broken) ? 0
                                : t.name.equals(inPackage + "." + t.simple()) ? 1
                                        : t.simple().equals("ScriptsTest") ? 2 : t.module.equals(m.module()) ? 3 : 4))
                .map(TestClass::name).toList();
    }

    /** The code that is quoted, wherever the formatter broke its lines; the first place counts. */
    private static Pattern place(String code) {
        return Pattern.compile(Stream.of(code.strip().split("\\s+")).map(Pattern::quote).collect(joining("\\s+")));
    }

    private static String run(Path root, Path out, Mutant m, List<TestClass> tests) throws Exception {
        Path source = root.resolve(m.file);
        String text = Files.readString(source);
        Matcher place = place(m.code).matcher(text);
        if (!place.find()) {
            return "**the code has changed: " + m.file + " does not have it**";
        }
        Path copy = out.resolve("src").resolve(source.getFileName());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, text.substring(0, place.start()) + m.broken + text.substring(place.end()));
        Path classes = Files.createDirectories(out.resolve("classes"));
        String path = System.getProperty("java.class.path");
        Process javac = process(root, List.of("javac", "-proc:none", "-nowarn", "-parameters", "-d", classes.toString(),
                "-cp", path, copy.toString()));
        String said = read(javac, 120);
        if (javac.exitValue() != 0) {
            return "**does not compile: " + said.lines().findFirst().orElse("") + "**";
        }
        List<String> command = new ArrayList<>(List.of("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-ea",
                "-Xmx2g", "--enable-native-access=ALL-UNNAMED", "-Dsluice.root=" + root, "-cp", classes + ":" + path,
                "Mutation", "--child"));
        if (WITH_AGENT.contains(m.module())) {
            Optional<Path> agent = agent(root);
            if (agent.isEmpty()) {
                return "**not run: clock-agent/target has no jar of the agent**";
            }
            command.add(1, "-javaagent:" + agent.get());
        }
        command.addAll(order(m, tests));
        // Tests open files of their module by names relative to it.
        Process run = process(root.resolve("core"), command);
        return verdict(read(run, LIMIT_SECONDS), run.exitValue());
    }

    private static Optional<Path> agent(Path root) throws IOException {
        Path target = root.resolve("clock-agent/target");
        if (!Files.isDirectory(target)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(f -> f.getFileName().toString().matches("sluice-clock-agent-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst();
        }
    }

    private static String verdict(String said, int exit) {
        List<String> failed = said.lines().filter(l -> l.startsWith("FAIL ")).map(l -> l.substring(5)).toList();
        if (!failed.isEmpty()) {
            String names = String.join(", ", failed.subList(0, Math.min(3, failed.size())))
                    + (failed.size() > 3 ? " and " + (failed.size() - 3) + " more" : "");
            return names.startsWith("BehaviourTest ") ? "**the table of behaviour alone**" : names;
        }
        String at = said.lines().filter(l -> l.startsWith("TEST ")).reduce("", (a, b) -> b).replace("TEST ", "");
        return exit == 0 ? "**nothing**" : at + " does not come to an end (exit status " + exit + ")";
    }

    private static Process process(Path directory, List<String> command) throws IOException {
        List<String> full = new ArrayList<>(command);
        full.set(0, Path.of(System.getProperty("java.home"), "bin", command.getFirst()).toString());
        return new ProcessBuilder(full).directory(directory.toFile()).redirectErrorStream(true).start();
    }

    private static String read(Process p, int seconds) throws Exception {
        Thread.ofVirtual().start(() -> {
            try {
                if (!p.waitFor(seconds, TimeUnit.SECONDS)) {
                    p.destroyForcibly();
                }
            } catch (InterruptedException e) {
                p.destroyForcibly();
            }
        });
        try (InputStream in = p.getInputStream()) {
            String said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            p.waitFor();
            return said;
        }
    }

    /** Runs one class after the other until one has a test that fails. */
    private static void child(List<String> classes) {
        Launcher launcher = LauncherFactory.create();
        boolean[] failed = new boolean[1];
        for (String name : classes) {
            launcher.execute(
                    LauncherDiscoveryRequestBuilder.request().selectors(DiscoverySelectors.selectClass(name))
                            .configurationParameter("junit.jupiter.execution.timeout.default", "120s").build(),
                    new TestExecutionListener() {
                        @Override
                        public void executionStarted(TestIdentifier test) {
                            System.out.println("TEST " + name.substring(name.lastIndexOf('.') + 1) + " "
                                    + test.getDisplayName().replace("()", ""));
                        }

                        @Override
                        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                                failed[0] = true;
                                System.out.println("FAIL " + name.substring(name.lastIndexOf('.') + 1) + " "
                                        + test.getDisplayName().replace("()", ""));
                            }
                        }
                    });
            if (failed[0]) {
                break;
            }
        }
        System.exit(0);
    }
}

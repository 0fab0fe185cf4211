import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Breaks one rule at a time in a compiled copy of its class, runs the tests, and says which of them noticed. Started by
 * the script {@code run}.
 */
public final class Mutation {
    private static final String SOURCES = "core/src/main/java/sluice/core/tcp/";

    private Mutation() {}

    record Mutant(String name, String file, String code, String broken) {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("--child")) {
            child(List.of(args).subList(1, args.length));
            return;
        }
        Path root = Path.of(args[0]);
        Path work = Path.of(args[1]);
        String only = args.length > 2 ? args[2] : "";
        List<Mutant> mutants = read(root.resolve("bench/mutation/mutants.txt"));
        int survivors = 0;
        System.out.println("| # | broken rule | caught by |\n|---|---|---|");
        for (int i = 0; i < mutants.size(); i++) {
            Mutant m = mutants.get(i);
            if (m.name.contains(only)) {
                String caught = run(root, work.resolve("m" + i), m);
                survivors += caught.startsWith("**") ? 1 : 0;
                System.out.println("| " + (i + 1) + " | " + m.name + " | " + caught + " |");
            }
        }
        System.exit(survivors == 0 ? 0 : 1);
    }

    private static List<Mutant> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file).stream().filter(l -> !l.startsWith("#") && !l.isBlank()).toList();
        List<Mutant> mutants = new ArrayList<>();
        for (int i = 0; i + 3 < lines.size(); i += 4) {
            mutants.add(new Mutant(lines.get(i), lines.get(i + 1), lines.get(i + 2), lines.get(i + 3)));
        }
        return mutants;
    }

    /** The code that is quoted, wherever the formatter broke its lines; the first place counts. */
    private static Pattern place(String code) {
        return Pattern.compile(Stream.of(code.strip().split("\\s+")).map(Pattern::quote).collect(joining("\\s+")));
    }

    private static String run(Path root, Path out, Mutant m) throws Exception {
        Path source = root.resolve(SOURCES + m.file);
        String text = Files.readString(source);
        Matcher place = place(m.code).matcher(text);
        if (!place.find()) {
            return "**the code has changed: " + m.file + " does not have it**";
        }
        Path copy = out.resolve("src").resolve(m.file);
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, text.substring(0, place.start()) + m.broken + text.substring(place.end()));
        Path classes = Files.createDirectories(out.resolve("classes"));
        String path = System.getProperty("java.class.path");
        Process javac = process(
                List.of("javac", "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", path, copy.toString()));
        String said = read(javac, 120);
        if (javac.exitValue() != 0) {
            return "**does not compile: " + said.lines().findFirst().orElse("") + "**";
        }
        List<String> command = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1", "-ea",
                "--enable-native-access=ALL-UNNAMED", "-Dsluice.root=" + root, "-cp", classes + ":" + path, "Mutation",
                "--child"));
        command.addAll(List.of(System.getProperty("tests").split(",")));
        Process tests = process(command);
        said = read(tests, 180);
        List<String> failed = said.lines().filter(l -> l.startsWith("FAIL ")).map(l -> l.substring(5)).toList();
        if (failed.isEmpty()) {
            return tests.exitValue() == 0 ? "**nothing**"
                    : "the run ended otherwise: "
                            + said.lines().findFirst().orElse("(nothing said; stopped after 180 s)");
        }
        return String.join(", ", failed.subList(0, Math.min(3, failed.size())))
                + (failed.size() > 3 ? " and " + (failed.size() - 3) + " more" : "");
    }

    private static Process process(List<String> command) throws IOException {
        List<String> full = new ArrayList<>(command);
        full.set(0, Path.of(System.getProperty("java.home"), "bin", command.getFirst()).toString());
        return new ProcessBuilder(full).redirectErrorStream(true).start();
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

    private static void child(List<String> classes) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        classes.forEach(c -> request.selectors(DiscoverySelectors.selectClass(c)));
        LauncherFactory.create().execute(request.build(), new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    String id = test.getUniqueId();
                    int from = id.indexOf("class:") + 6;
                    String owner = id.substring(from, id.indexOf(']', from));
                    System.out.println("FAIL " + owner.substring(owner.lastIndexOf('.') + 1) + " "
                            + test.getDisplayName().replace("()", ""));
                }
            }
        });
    }
}

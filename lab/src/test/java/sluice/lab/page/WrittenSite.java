package sluice.lab.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.lab.Experiment;
import sluice.lab.Language;
import sluice.lab.Result;
import sluice.lab.TextReport;
import sluice.lab.experiments.Experiments;

/**
 * Every experiment run once for all tests, and its page: in the background, one after the other, while a browser looks
 * at those that are there. Any thread may wait.
 */
public final class WrittenSite {
    /** They measure the heap: nothing else may go on meanwhile. */
    private static final List<String> MEASURE = List.of("four-tuple", "port-exhaustion");

    private static @Nullable WrittenSite only;

    /**
     * What came of a run.
     *
     * @param passed whether all assertions hold
     * @param report the assertions as text
     */
    public record Verdict(boolean passed, String report) {}

    private final Path directory;
    private final Map<String, CompletableFuture<Verdict>> runs = new LinkedHashMap<>();

    private WrittenSite(Path directory) {
        this.directory = directory;
        Experiments.all().forEach(e -> runs.put(e.about().id(), new CompletableFuture<>()));
    }

    /** The one of this JVM; begins it when it is asked for first. */
    public static synchronized WrittenSite get() throws IOException {
        if (only == null) {
            WrittenSite s = new WrittenSite(Files.createTempDirectory("sluice-lab-site-"));
            Runtime.getRuntime().addShutdownHook(new Thread(s::delete));
            LabSite.pages(s.directory);
            List<Experiment> rest = new ArrayList<>(Experiments.all());
            rest.removeIf(e -> MEASURE.contains(e.about().id()));
            MEASURE.forEach(id -> s.run(Objects.requireNonNull(Experiments.find(id))));
            Thread.ofPlatform().daemon().name("lab site").start(() -> rest.forEach(s::run));
            only = s;
        }
        return only;
    }

    private void run(Experiment e) {
        CompletableFuture<Verdict> done = Objects.requireNonNull(runs.get(e.about().id()));
        try {
            Result r = LabSite.run(directory, e);
            TextReport report = new TextReport(Language.EN, 40, false);
            done.complete(new Verdict(r.passed(), report.checks(r) + System.lineSeparator() + report.summary(r)));
        } catch (IOException | RuntimeException | Error failure) {
            done.completeExceptionally(failure);
        }
    }

    /** Waits until an experiment has run and its page is there. */
    public Verdict verdict(String id) {
        return Objects.requireNonNull(runs.get(id), id).join();
    }

    /** A file of the site; of an experiment's once that is there. */
    Path file(String name) {
        String id = name.replaceFirst("\\.html$", "");
        if (runs.containsKey(id)) {
            verdict(id);
        }
        return directory.resolve(name);
    }

    /** The whole site. */
    Path whole() {
        runs.keySet().forEach(this::verdict);
        return directory;
    }

    private void delete() {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package sluice.lab.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sluice.lab.Experiment;
import sluice.lab.JsonReport;
import sluice.lab.Lab;
import sluice.lab.LabFiles;
import sluice.lab.Result;
import sluice.lab.Variation;
import sluice.lab.experiments.Experiments;

/** The site that is read from a directory, without a server: every experiment as it is written. */
public final class LabSite {
    private LabSite() {}

    /**
     * Runs all experiments and writes their pages, their data and, in {@code captures}, their packets.
     *
     * @param directory made when it is not there; files of other names stay as they are
     * @param done told of each result
     */
    public static void write(Path directory, Consumer<Result> done) throws IOException {
        pages(directory);
        for (Experiment e : Experiments.all()) {
            done.accept(run(directory, e));
        }
    }

    /** Writes what comes of no run. */
    static void pages(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> file : new PageParts(false).files().entrySet()) {
            put(directory, file.getKey(), file.getValue());
        }
    }

    /** Runs an experiment and writes what comes of it. */
    static Result run(Path directory, Experiment e) throws IOException {
        Result r = Lab.run(e, Variation.NONE);
        List<String> files = LabFiles.captures(r, directory.resolve("captures")).stream()
                .map(f -> "captures/" + f.getFileName()).toList();
        put(directory, PageParts.dataPath(r.about().id()),
                PageParts.script("LAB_RUN", JsonReport.of(List.of(r), List.of(files))));
        return r;
    }

    private static void put(Path directory, String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(file, content);
    }
}

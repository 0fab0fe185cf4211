package sluice.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run leaves behind: a capture of each stage, and the pictures. */
public final class LabFiles {
    private LabFiles() {}

    /** Writes them into a directory, which is made; returns their paths. */
    public static List<Path> write(Result r, Path directory) throws IOException {
        List<Path> written = new ArrayList<>(captures(r, directory));
        for (int i = 0; i < r.stages().size(); i++) {
            for (Plot p : r.stages().get(i).plots()) {
                Path svg = directory.resolve(name(r, i) + "-" + p.name() + ".svg");
                Files.writeString(svg, p.chart().svg());
                written.add(svg);
            }
        }
        return written;
    }

    /** Writes the captures alone. */
    public static List<Path> captures(Result r, Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> written = new ArrayList<>();
        for (int i = 0; i < r.stages().size(); i++) {
            Path capture = directory.resolve(captureName(r, i));
            r.stages().get(i).world().log().pcapng(capture);
            written.add(capture);
        }
        return written;
    }

    /** What the capture of a stage, counted from 0, is called. */
    public static String captureName(Result r, int stage) {
        return name(r, stage) + ".pcapng";
    }

    private static String name(Result r, int stage) {
        return r.about().id() + (r.stages().size() == 1 ? "" : "-" + (stage + 1));
    }
}

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
        Files.createDirectories(directory);
        List<Path> written = new ArrayList<>();
        int number = 0;
        for (Stage s : r.stages()) {
            number++;
            String name = r.about().id() + (r.stages().size() == 1 ? "" : "-" + number);
            Path capture = directory.resolve(name + ".pcapng");
            s.world().log().pcapng(capture);
            written.add(capture);
            for (Plot p : s.plots()) {
                Path svg = directory.resolve(name + "-" + p.name() + ".svg");
                Files.writeString(svg, p.chart().svg());
                written.add(svg);
            }
        }
        return written;
    }
}

package sluice.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sluice.observe.plot.ConnectionPlot;
import sluice.observe.record.ConnectionTrace;

/** Writes plots of tests to the directory -Dsluice.plots; without it they are drawn and thrown away. */
final class Plots {
    private Plots() {}

    static void keep(String name, String title, ConnectionTrace trace) {
        String svg = ConnectionPlot.of(title, trace).svg();
        String directory = System.getProperty("sluice.plots");
        if (directory != null) {
            try {
                Files.createDirectories(Path.of(directory));
                Files.writeString(Path.of(directory, name + ".svg"), svg);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

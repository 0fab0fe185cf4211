package sluice.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a failed run leaves behind: its seed, a ladder, a capture. */
final class Report {
    private static final int MAX_LINES = 60;

    private Report() {}

    static String of(World w) {
        StringBuilder out = new StringBuilder();
        out.append("seed ").append(w.seed()).append(", ").append(w.delivered())
                .append(" packets delivered, event hash ")
                .append(String.format("%016x", w.hash())).append('\n');
        out.append("replay: ").append(w.replay()).append('\n');
        if (w.watching() && w.hosts().size() >= 2) {
            out.append("capture: ").append(capture(w)).append('\n');
            String[] lines = w.log().ladder(w.hosts().getFirst(), w.hosts().getLast()).split("\n");
            int from = Math.max(1, lines.length - MAX_LINES);
            out.append(lines[0]).append('\n');
            if (from > 1) {
                out.append("… ").append(from - 1).append(" rows above\n");
            }
            for (int i = from; i < lines.length; i++) {
                out.append(lines[i]).append('\n');
            }
        }
        return out.toString();
    }

    private static Path capture(World w) {
        try {
            Path file = Files.createTempFile("sluice-sim-" + w.seed() + "-", ".pcapng");
            w.log().pcapng(file);
            return file;
        } catch (IOException x) {
            throw new UncheckedIOException(x);
        }
    }
}

package sluice.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;

/** A line that counts bytes on a terminal; silent elsewhere. */
final class Progress {
    private static final long EVERY_NS = 200_000_000;

    private final PrintWriter err;
    private final boolean shown;
    private final long startNs = System.nanoTime();
    private long lastNs = startNs;
    private boolean dirty;

    Progress(PrintWriter err) {
        this.err = err;
        shown = onTerminal();
    }

    /** Whether somebody looks. */
    @SuppressWarnings("SystemConsoleNull") // its contract still allows null
    static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    void update(long done, long total) {
        long now = System.nanoTime();
        if (shown && now - lastNs > EVERY_NS) {
            lastNs = now;
            dirty = true;
            err.print("\r" + Quantities.bytes(done)
                    + (total > 0 ? String.format(Locale.ROOT, " (%d %%)", 100 * done / total) : "") + ", "
                    + Quantities.rate(done, now - startNs) + "     ");
            err.flush();
        }
    }

    void end() {
        if (dirty) {
            err.print("\r" + " ".repeat(60) + "\r");
            err.flush();
        }
    }
}

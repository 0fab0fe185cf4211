package sluice.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;

/** A line on a terminal that says how far something is; silent elsewhere. */
final class Progress {
    private static final long EVERY_NS = 200_000_000;

    private final PrintWriter err;
    private final boolean shown;
    private final long everyNs;
    private final long startNs = System.nanoTime();
    private long lastNs = startNs;
    private boolean dirty;

    Progress(PrintWriter err) {
        this(err, onTerminal(), EVERY_NS);
    }

    /** For tests. */
    Progress(PrintWriter err, boolean shown, long everyNs) {
        this.err = err;
        this.shown = shown;
        this.everyNs = everyNs;
    }

    /** Whether somebody looks. */
    @SuppressWarnings("SystemConsoleNull") // its contract still allows null
    static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    void update(long done, long total) {
        long now = System.nanoTime();
        if (shown && now - lastNs >= everyNs) {
            lastNs = now;
            dirty = true;
            err.print("\r" + Quantities.bytes(done)
                    + (total > 0 ? String.format(Locale.ROOT, " (%d %%)", 100 * done / total) : "") + ", "
                    + Quantities.rate(done, now - startNs) + "     ");
            err.flush();
        }
    }

    /** The same for a thing that counts something else: "12.3 s of virtual time". */
    void say(String text) {
        long now = System.nanoTime();
        if (shown && now - lastNs >= everyNs) {
            lastNs = now;
            dirty = true;
            err.print("\r" + text + "     ");
            err.flush();
        }
    }

    /** Whether it is time to say something: cheap enough to be asked often. */
    boolean isDue() {
        return shown && System.nanoTime() - lastNs >= everyNs;
    }

    void end() {
        if (dirty) {
            err.print("\r" + " ".repeat(60) + "\r");
            err.flush();
        }
    }
}

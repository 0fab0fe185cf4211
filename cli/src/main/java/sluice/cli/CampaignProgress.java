package sluice.cli;

import java.io.PrintWriter;
import java.util.Locale;
import sluice.campaign.Campaign;
import sluice.campaign.LocalRuns;

/** How far a campaign is: a line that stays in its place on a terminal, a plain one now and then elsewhere. */
final class CampaignProgress implements LocalRuns.Listener {
    private static final long TERMINAL_NS = 200_000_000;
    private static final long PLAIN_NS = 5_000_000_000L;
    private static final int MOST_FAILURES = 20;
    private static final int MINUTE = 60;

    private final PrintWriter err;
    private final Campaign campaign;
    private final long first;
    private final boolean terminal = Progress.onTerminal();
    private final long startNs = System.nanoTime();
    private final int status;
    private long saidNs = startNs;
    private long done;
    private int failed;

    CampaignProgress(PrintWriter err, Campaign campaign, long first) {
        this.err = err;
        this.campaign = campaign;
        this.first = first;
        status = campaign.columns().indexOf("status");
    }

    @Override
    public void written(long runs, String lines) {
        done = runs;
        lines.lines().forEach(this::failure);
        long now = System.nanoTime();
        if (now - saidNs >= (terminal ? TERMINAL_NS : PLAIN_NS)) {
            saidNs = now;
            String says = text(now - startNs);
            if (terminal) {
                err.print("\r" + says + "    ");
            } else {
                err.println(says);
            }
            err.flush();
        }
    }

    private void failure(String line) {
        var fields = sluice.campaign.Csv.fields(line);
        if (!fields.get(status).equals("ok") && ++failed <= MOST_FAILURES) {
            err.println((terminal ? "\r" : "") + "run " + fields.getFirst() + " " + fields.get(status) + ": "
                    + fields.getLast());
            err.flush();
        }
    }

    private String text(long ns) {
        double rate = (done - first) * 1e9 / Math.max(1, ns);
        long left = rate <= 0 ? 0 : Math.round((campaign.runs() - done) / rate);
        return String.format(Locale.ROOT, "%d of %d runs (%d %%), %.1f a second, %d:%02d left, %d failed", done,
                campaign.runs(), 100 * done / campaign.runs(), rate, left / MINUTE, left % MINUTE, failed);
    }

    /** The last line: how fast it was and how much memory it had. */
    void end() {
        long ns = System.nanoTime() - startNs;
        if (done > first) {
            err.println((terminal ? "\r" : "") + String.format(Locale.ROOT,
                    "%d runs in %.1f s, %.1f a second; at most %s of heap", done - first, ns / 1e9,
                    (done - first) * 1e9 / Math.max(1, ns), Quantities.bytes(peakHeap())));
            err.flush();
        }
    }

    /** What the heap's pools had at their most. */
    private static long peakHeap() {
        return java.lang.management.ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(p -> p.getType() == java.lang.management.MemoryType.HEAP)
                .mapToLong(p -> p.getPeakUsage().getUsed()).sum();
    }
}

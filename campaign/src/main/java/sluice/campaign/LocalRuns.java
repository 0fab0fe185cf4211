package sluice.campaign;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs a campaign on this machine's processors. Runs are taken a few at a time; their lines are written in order, and
 * who is too far ahead of the slowest waits, so that memory does not grow with the campaign.
 */
public final class LocalRuns {
    private static final int CHUNK = 16;
    private static final int AHEAD = 64;

    /** Told of what is going on; called by one thread at a time. */
    public interface Listener {
        /** Lines were written: {@code done} runs of the campaign are. */
        void written(long done, String lines);
    }

    private final Campaign campaign;
    private final ResultsFile results;
    private final int jobs;
    private final Listener listener;
    private final AtomicLong taken;
    private final Map<Long, String> waiting = new HashMap<>();
    private @Nullable Throwable failure;

    /** Lays it out. */
    public LocalRuns(Campaign campaign, ResultsFile results, int jobs, Listener listener) {
        this.campaign = campaign;
        this.results = results;
        this.jobs = jobs;
        this.listener = listener;
        taken = new AtomicLong(results.next());
    }

    /** Runs what is not done yet. */
    public void run() throws IOException, InterruptedException {
        Thread[] threads = new Thread[jobs];
        for (int i = 0; i < jobs; i++) {
            threads[i] = Thread.ofPlatform().name("campaign-" + i).daemon().start(this::work);
        }
        for (Thread t : threads) {
            t.join();
        }
        switch (failure) {
            case null -> {
                // all is written
            }
            case IOException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void work() {
        try {
            for (long from = taken.getAndAdd(CHUNK); from < campaign.runs()
                    && mayBegin(from); from = taken.getAndAdd(CHUNK)) {
                put(from, lines(campaign, from, Math.min(from + CHUNK, campaign.runs())));
            }
        } catch (IOException | RuntimeException | Error e) {
            synchronized (this) {
                failure = e;
                notifyAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The lines of some runs, each with its end. */
    public static String lines(Campaign campaign, long from, long to) {
        StringBuilder lines = new StringBuilder();
        for (long run = from; run < to; run++) {
            lines.append(Run.line(campaign, run)).append('\n');
        }
        return lines.toString();
    }

    private synchronized boolean mayBegin(long from) throws InterruptedException {
        while (failure == null && from - results.next() > (long) CHUNK * AHEAD * jobs) {
            wait();
        }
        return failure == null;
    }

    private synchronized void put(long from, String lines) throws IOException {
        waiting.put(from, lines);
        for (String next = waiting.remove(results.next()); next != null; next = waiting.remove(results.next())) {
            results.add(next, next.chars().filter(c -> c == '\n').count());
            listener.written(results.next(), next);
        }
        notifyAll();
    }
}

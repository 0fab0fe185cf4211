package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import sluice.observe.json.JsonWriter;
import sluice.sim.SwarmRun;

/** Drawn worlds, many at a time or one again. */
final class SimSwarm {
    private static final long PROGRESS_SECONDS = 5;

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;

    SimSwarm(PrintWriter out, PrintWriter err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
    }

    /** A seed that failed, and the first line of why. */
    private record Failed(long seed, String why) {}

    int one(long seed, @Nullable Path capture, boolean trace) {
        SwarmRun run = new SwarmRun(seed);
        if (capture != null || trace) {
            run.world().log().limit(400_000);
        }
        int status = Main.OK;
        try {
            run.run();
            out.println("seed " + seed + ": " + run.what());
        } catch (AssertionError e) {
            err.println("sluice sim: " + e.getMessage());
            status = Main.FAILED;
        }
        if (trace) {
            out.print(run.world().log().trace());
        }
        if (capture != null) {
            try {
                run.world().log().pcapng(capture);
            } catch (IOException e) {
                err.println("sluice sim: " + Unwritable.text("--capture", capture, e));
                status = Main.FAILED;
            }
        }
        out.println(String.format(Locale.ROOT, "event hash %016x", run.world().hash()));
        out.flush();
        return status;
    }

    int many(long first, int count, int jobs) throws InterruptedException {
        List<Failed> failures = Collections.synchronizedList(new ArrayList<>());
        AtomicLong next = new AtomicLong(first);
        AtomicLong hash = new AtomicLong();
        AtomicInteger done = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            for (int i = 0; i < jobs; i++) {
                pool.execute(() -> {
                    for (long seed = next.getAndIncrement(); seed < first + count; seed = next.getAndIncrement()) {
                        world(seed, hash, failures);
                        done.incrementAndGet();
                    }
                });
            }
            pool.shutdown();
            while (!pool.awaitTermination(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
                err.println(done.get() + " of " + count + " worlds, " + failures.size() + " failed");
                err.flush();
            }
        }
        report(first, count, failures, hash.get());
        return failures.isEmpty() ? Main.OK : Main.FAILED;
    }

    /** Hashes are added up, so that the order in which threads come does not matter. */
    private void world(long seed, AtomicLong hash, List<Failed> failures) {
        try {
            hash.addAndGet(new SwarmRun(seed).run() * (2 * seed + 1));
        } catch (AssertionError | RuntimeException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            failures.add(new Failed(seed, why));
            err.println("seed " + seed + " failed: " + why + "\n  again: ./sluice sim --swarm-seed " + seed);
            err.flush();
        }
    }

    private void report(long first, int count, List<Failed> failures, long hash) {
        failures.sort(java.util.Comparator.comparingLong(Failed::seed));
        String hex = String.format(Locale.ROOT, "%016x", hash);
        if (json) {
            JsonWriter w = new JsonWriter().beginObject().field("first", first).field("worlds", count).key("failed")
                    .beginArray();
            failures.forEach(f -> w.beginObject().field("seed", f.seed).field("why", f.why).endObject());
            out.println(w.endArray().field("eventHash", hex).endObject());
        } else {
            failures.forEach(f -> out.println("seed " + f.seed + ": " + f.why));
            out.println(count + " worlds, " + failures.size() + " failed");
            out.println("event hash " + hex);
        }
        out.flush();
    }
}

package sluice.spark;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import sluice.campaign.ClusterRuns;
import sluice.campaign.LocalRuns;
import sluice.campaign.ResultsFile;

/**
 * Runs a campaign on Spark. Runs go out in waves of tasks of about a second; three waves are under way at a time, and
 * their lines come back in order. A task that is lost with its worker is run again by Spark, and has the same lines.
 */
public final class SparkRuns implements ClusterRuns {
    private static final int WAVES = 3;
    private static final int TASKS_A_CORE = 4;
    private static final int FIRST_CHUNK = 16;
    private static final int MOST_CHUNK = 4096;
    private static final double TASK_NS = 1e9;
    private static final int CONNECT_MS = 10_000;
    private static final Pattern STANDALONE = Pattern.compile("spark://([^:,/]+):(\\d{1,5})");

    /**
     * The lines of a task, as they come back.
     *
     * @param text of all its runs
     * @param runs how many
     * @param ns that they took
     */
    record Done(String text, long runs, long ns) implements Serializable {}

    /** Made by {@link ClusterRuns#find}. */
    public SparkRuns() {}

    @Override
    public void run(Job job, ResultsFile results, LocalRuns.Listener listener)
            throws IOException, InterruptedException {
        long all = job.campaign().runs();
        if (results.next() >= all) {
            return;
        }
        reachable(job.master());
        SparkConf conf = new SparkConf().setMaster(job.master()).setAppName("sluice campaign " + job.source().file())
                .setIfMissing("spark.ui.enabled", "false").setIfMissing("spark.task.maxFailures", "16");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            waves(spark, job, all, results, listener);
        } catch (IllegalStateException e) { // the context stops by itself when the master is lost for good
            throw new IOException(job.master() + ": " + firstLine(e), e);
        }
    }

    /** Spark tries for a minute and says little. */
    private static void reachable(String master) throws IOException {
        Matcher m = STANDALONE.matcher(master);
        if (m.matches()) {
            try (Socket s = new Socket()) {
                s.connect(new InetSocketAddress(m.group(1), Integer.parseInt(m.group(2))), CONNECT_MS);
            } catch (IOException | IllegalArgumentException e) {
                throw new IOException("no Spark master answers at " + master + ": " + e.getMessage(), e);
            }
        }
    }

    private static void waves(JavaSparkContext spark, Job job, long all, ResultsFile results,
            LocalRuns.Listener listener) throws IOException, InterruptedException {
        Deque<JavaFutureAction<List<Done>>> under = new ArrayDeque<>();
        RunLines lines = new RunLines(job.source().file(), job.source().text(), job.scale());
        long sent = results.next();
        int chunk = FIRST_CHUNK;
        while (results.next() < all) {
            while (under.size() < WAVES && sent < all) {
                List<RunLines.Span> spans = new ArrayList<>();
                for (int i = TASKS_A_CORE * Math.max(1, spark.defaultParallelism()); i > 0 && sent < all; i--) {
                    spans.add(new RunLines.Span(sent, Math.min(all, sent + chunk)));
                    sent = spans.getLast().to();
                }
                under.add(spark.parallelize(spans, spans.size()).map(lines).collectAsync());
            }
            chunk = written(under.remove(), results, listener);
        }
    }

    /** Waits for a wave and writes its lines; how many runs make a task of the right length. */
    private static int written(JavaFutureAction<List<Done>> wave, ResultsFile results,
            LocalRuns.Listener listener) throws IOException, InterruptedException {
        List<Done> done;
        try {
            done = wave.get();
        } catch (ExecutionException e) {
            throw new IOException("Spark gave up: " + firstLine(e.getCause() == null ? e : e.getCause()), e);
        }
        for (Done d : done) {
            results.add(d.text, d.runs);
            listener.written(results.next(), d.text);
        }
        double ns = done.stream().mapToLong(Done::ns).sum();
        double runs = done.stream().mapToLong(Done::runs).sum();
        return (int) Math.clamp(TASK_NS * runs / Math.max(1, ns), 1, MOST_CHUNK);
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
    }
}

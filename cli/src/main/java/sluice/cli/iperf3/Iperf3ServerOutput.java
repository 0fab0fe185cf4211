package sluice.cli.iperf3;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;

/** What a server says of one test, for a client that asked for it ({@code --get-server-output}). */
final class Iperf3ServerOutput {
    private static final String RULE = "-----------------------------------------------------------";
    private static final long INTERVAL_SECONDS = 1;

    private final StringWriter text = new StringWriter();
    private final Iperf3Report report = new Iperf3Report(new PrintWriter(text, true), false);
    private final Iperf3Test test;
    private final Iperf3Intervals intervals;
    private final Thread ticker;

    /** Begins to write, when the test has begun; {@code port} is the server's. */
    Iperf3ServerOutput(HostAccess access, Iperf3Test test, int port) {
        this.test = test;
        text.write(RULE + "\nServer listening on " + port + "\n" + RULE + "\n");
        access.execute(host -> {
            test.streams.forEach(s -> report.connected(s.id, s.ends()));
            return null;
        });
        report.begin(test);
        intervals = new Iperf3Intervals(access, test, report);
        ticker = Thread.ofVirtual().name("iperf3-server-output").start(this::tick);
    }

    private void tick() {
        try {
            for (long second = 0; !test.ended.await(INTERVAL_SECONDS, TimeUnit.SECONDS); second += INTERVAL_SECONDS) {
                intervals.report(TimeUnit.SECONDS.toNanos(second), TimeUnit.SECONDS.toNanos(second + INTERVAL_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ShardStoppedException e) {
            // the session says so
        }
    }

    /** The whole text, when the test has ended and the client has told its results. */
    String text(Iperf3Results ours, Iperf3Results theirs) throws InterruptedException {
        ticker.join();
        report.end(test, ours, theirs);
        return text.toString();
    }
}

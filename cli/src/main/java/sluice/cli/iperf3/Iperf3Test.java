package sluice.cli.iperf3;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.observe.json.JsonWriter;

/** One test on either side: its streams and what they have moved. Inside the shard, but for the latches. */
final class Iperf3Test {
    private static final long PACING_MS = 1;

    final Iperf3Parameters parameters;
    final boolean client;
    final List<DataStream> streams = new ArrayList<>();
    /** Counted down when a stream is open. */
    final CountDownLatch open;
    /** Counted down when the bytes asked for were moved, or a stream failed. */
    final CountDownLatch finished = new CountDownLatch(1);
    /** Counted down when the streams were stopped. */
    final CountDownLatch ended = new CountDownLatch(1);
    private final CpuTime cpu = new CpuTime();
    private volatile @Nullable String failure;
    private boolean ending;
    private long totalBytes;
    private long startNs;
    private long endNs;

    Iperf3Test(Iperf3Parameters parameters, boolean client) {
        this.parameters = parameters;
        this.client = client;
        open = new CountDownLatch(parameters.streams());
    }

    /** Whether this side sends on its n-th stream. */
    boolean sends(int n) {
        return parameters.clientSends(n) == client;
    }

    void opened() {
        open.countDown();
    }

    /** From now on streams may close: the peer closes its side when it hears of the end. */
    void ending() {
        ending = true;
    }

    /** Whether senders have bytes that were not acknowledged. */
    boolean hasUnacknowledged(long nowNs) {
        return streams.stream().anyMatch(s -> s.hasUnacknowledged(nowNs));
    }

    void failed(int stream, String why) {
        if (failure == null && !ending) {
            failure = "stream " + stream + ": " + why;
        }
        finished.countDown();
        while (open.getCount() > 0) {
            open.countDown();
        }
    }

    /** Why the test cannot be whole; null when nothing is wrong. */
    @Nullable String failure() {
        return failure;
    }

    /** How many bytes a sender may send now, at most {@code wanted}. */
    long allowance(long wanted) {
        long limit = client ? parameters.limitBytes() : 0;
        return limit == 0 ? wanted : Math.min(wanted, Math.max(0, limit - totalBytes));
    }

    /** Bytes that were moved up to now; inside the shard. */
    long movedBytes() {
        return totalBytes;
    }

    void transferred(long bytes) {
        totalBytes += bytes;
        long limit = parameters.limitBytes();
        if (limit > 0 && totalBytes >= limit) {
            finished.countDown();
        }
    }

    /** Begins; inside the shard. */
    void start(HostAccess access) {
        long nowNs = access.nowNs();
        long omitNs = parameters.omitSeconds() * 1_000_000_000L;
        startNs = nowNs + omitNs;
        cpu.start();
        for (DataStream s : streams) {
            s.start(nowNs, omitNs);
        }
        if (parameters.bitsPerSecond() > 0 && streams.stream().anyMatch(s -> s.sends)) {
            Thread.ofPlatform().daemon().name("iperf3-pacing").start(() -> pace(access));
        }
    }

    /** Lets the senders look every millisecond whether they are behind their rate, as iperf3's pacing timer does. */
    private void pace(HostAccess access) {
        try {
            while (!ended.await(PACING_MS, TimeUnit.MILLISECONDS) && finished.getCount() > 0) {
                access.execute(host -> {
                    streams.forEach(DataStream::goOn);
                    return null;
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ShardStoppedException e) {
            // nothing is left to be sent
        }
    }

    /**
     * How many bytes a sender that began at {@code beginNs} and has sent {@code sent} bytes may send now: whole blocks,
     * one as soon as the average has fallen to the rate asked for.
     */
    long paced(long beginNs, long nowNs, long sent) {
        long rate = parameters.bitsPerSecond();
        if (rate == 0) {
            return Long.MAX_VALUE;
        }
        long block = parameters.block();
        long due = (long) ((nowNs - beginNs) / 8e9 * rate);
        return Math.max(0, (due / block + 1) * block - sent);
    }

    /** When counting began. */
    long startNs() {
        return startNs;
    }

    double seconds() {
        return Math.max(0, endNs - startNs) / 1e9;
    }

    /** Ends all streams and gives the results for the peer. */
    Iperf3Results stop(HostAccess access) {
        long now = access.nowNs();
        endNs = now;
        ended.countDown();
        String congestion = "";
        List<Iperf3Results.Stream> results = new ArrayList<>();
        for (DataStream s : streams) {
            DataStream.Figures figures = s.figures(now);
            congestion = s.congestion(now);
            results.add(new Iperf3Results.Stream(s.id, figures.bytes(),
                    s.sends && !parameters.udp() ? figures.retransmits() : -1, seconds(), figures.datagrams()));
            s.stop(now);
        }
        boolean sending = streams.stream().anyMatch(s -> s.sends);
        return new Iperf3Results(cpu.totalPercent(), cpu.userPercent(), cpu.systemPercent(),
                sending && !parameters.udp() ? 1 : -1,
                congestion, null, results);
    }

    /** A summary on one line, for a log. */
    String summary(Iperf3Results results) {
        JsonWriter json = new JsonWriter().beginObject();
        long bytes = results.streams().stream().mapToLong(Iperf3Results.Stream::bytes).sum();
        return json.field("bytes", bytes).field("seconds", seconds()).endObject().toString();
    }
}

package sluice.bench.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Clients that mean well while something is done to the machine: {@code HonestTraffic SERVER SECONDS PATIENCE_S
 * [UPLOAD-DIRECTORY]}. Eight echo streams stand from the beginning to the end, twenty short connections a second want
 * one byte back from port 7, and files are put into the directory that port 80 serves. Prints one line of JSON: what
 * came back, what was acknowledged and is not there, how long the longest waited.
 */
public final class HonestTraffic {
    private static final int ECHO = 7;
    private static final int HTTP = 80;
    private static final int STREAMS = 8;
    private static final int SHORT_A_SECOND = 20;

    private final InetSocketAddress echo;
    private final int patienceMs;
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicLong longestNs = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    private HonestTraffic(InetSocketAddress echo, int patienceMs) {
        this.echo = echo;
        this.patienceMs = patienceMs;
    }

    /** The process. */
    public static void main(String[] args) throws Exception {
        InetAddress server = InetAddress.getByName(args[0]);
        int patienceMs = Integer.parseInt(args[2]) * 1000;
        Uploads uploads = args.length > 3
                ? new Uploads(new InetSocketAddress(server, HTTP), Path.of(args[3]), patienceMs) : null;
        System.out.println(new HonestTraffic(new InetSocketAddress(server, ECHO), patienceMs)
                .run(Integer.parseInt(args[1]), uploads));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private String run(int seconds, @Nullable Uploads uploads) throws Exception {
        List<EchoStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new EchoStream(i, echo, patienceMs));
        }
        Thread uploading = Thread.ofPlatform().daemon().unstarted(uploads == null ? () -> {
        } : uploads);
        uploading.start();
        System.out.println("standing");
        int asked = 0;
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            for (; asked < seconds * SHORT_A_SECOND; asked++) {
                threads.execute(this::one);
                TimeUnit.MILLISECONDS.sleep(1000 / SHORT_A_SECOND);
            }
        }
        if (uploads != null) {
            uploads.stop();
        }
        uploading.join();
        streams.forEach(EchoStream::stop);
        int intact = 0;
        long sent = 0;
        long back = 0;
        long gap = 0;
        for (EchoStream s : streams) {
            String failure = s.end();
            if (failure == null) {
                intact++;
            } else {
                failures.add(failure);
            }
            sent += s.sent();
            back += s.back();
            gap = Math.max(gap, s.longestGapNs());
        }
        return String.format(Locale.ROOT,
                "{\"streams\":%d,\"intact\":%d,\"sent\":%d,\"back\":%d,\"gapMs\":%d,\"asked\":%d,\"served\":%d,"
                        + "\"longestMs\":%d,\"stored\":%d,\"missing\":%d,\"refused\":%d,\"unanswered\":%d,"
                        + "\"refusal\":\"%s\",\"failure\":\"%s\"}",
                STREAMS, intact, sent, back, gap / 1_000_000, asked, served.get(), longestNs.get() / 1_000_000,
                uploads == null ? 0 : uploads.acknowledged(), uploads == null ? 0 : uploads.missing(),
                uploads == null ? 0 : uploads.refused(), uploads == null ? 0 : uploads.unanswered(),
                uploads == null || uploads.lastRefusal() == null ? "" : uploads.lastRefusal(),
                failures.isEmpty() ? "" : failures.peek());
    }

    private void one() {
        long before = System.nanoTime();
        try (Socket socket = Connecting.to(echo, patienceMs)) {
            socket.getOutputStream().write('a');
            if (socket.getInputStream().read() == 'a') {
                served.incrementAndGet();
            } else {
                failures.add("no echo");
            }
        } catch (IOException e) {
            failures.add(String.valueOf(e.getMessage()));
        }
        longestNs.accumulateAndGet(System.nanoTime() - before, Math::max);
    }
}

package sluice.bench.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that mean well, on the kernel's sockets: so many a second connect, send a byte, want it back and close. Each
 * on a thread of its own, so that one that waits delays nobody.
 */
final class Honest {
    /** How long one waits for its connection, and for its byte. */
    private static final int PATIENCE_MS = 15_000;

    private final InetSocketAddress server;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final ConcurrentLinkedQueue<Long> connectNs = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    Honest(InetSocketAddress server) {
        this.server = server;
    }

    /** What became of them. Times in milliseconds. */
    record Outcome(int asked, int served, double p50, double p99, double most, String failure) {}

    /** Sends them out for so long, waits for the last, and says how it went. */
    Outcome run(double seconds, int perSecond) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            for (int i = 0;; i++) {
                long at = start + i * 1_000_000_000L / perSecond;
                if (at >= end) {
                    break;
                }
                for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                asked.incrementAndGet();
                threads.execute(this::one);
            }
            threads.shutdown();
            threads.awaitTermination(2 * PATIENCE_MS, TimeUnit.MILLISECONDS);
        }
        long[] times = connectNs.stream().mapToLong(Long::longValue).sorted().toArray();
        String failure = failures.peek();
        return new Outcome(asked.get(), served.get(), at(times, 0.5), at(times, 0.99), at(times, 1),
                failure == null ? "" : failure);
    }

    private static double at(long[] sorted, double part) {
        return sorted.length == 0 ? -1 : sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * part))] / 1e6;
    }

    private void one() {
        byte[] one = {'a'};
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MS);
            long before = System.nanoTime();
            socket.connect(server, PATIENCE_MS);
            long took = System.nanoTime() - before;
            socket.getOutputStream().write(one);
            if (socket.getInputStream().read() == 'a') {
                served.incrementAndGet();
                connectNs.add(took);
            } else {
                failures.add("no echo");
            }
        } catch (IOException e) {
            failures.add(e.getMessage());
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(new int[]{asked.get(), served.get()});
    }
}

package sluice.bench.faults;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A connection that stands through the fault: it sends a pattern and wants each byte back, in order and once; at the
 * end it sends its FIN and reads to the peer's. Then all that it sent was acknowledged, and came back.
 */
final class EchoStream {
    private static final int CHUNK = 2048;
    private static final long PAUSE_NS = 5_000_000;

    private final int number;
    private final Socket socket;
    private volatile boolean stop;
    private volatile long sent;
    private volatile long back;
    private volatile long longestGapNs;
    private volatile @Nullable String failure;
    private final Thread writer;
    private final Thread reader;

    EchoStream(int number, InetSocketAddress server, int patienceMs) throws IOException {
        this.number = number;
        socket = Connecting.to(server, patienceMs);
        writer = Thread.ofPlatform().daemon().start(this::write);
        reader = Thread.ofPlatform().daemon().start(this::read);
    }

    private void write() {
        byte[] chunk = new byte[CHUNK];
        long position = 0;
        try {
            while (!stop && failure == null) {
                Pattern.fill(chunk, number, position);
                socket.getOutputStream().write(chunk);
                position += chunk.length;
                sent = position;
                LockSupport.parkNanos(PAUSE_NS);
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            fail("write: " + e.getMessage());
        }
    }

    private void read() {
        byte[] bytes = new byte[65_536];
        long position = 0;
        try {
            InputStream in = socket.getInputStream();
            long last = System.nanoTime();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                long now = System.nanoTime();
                longestGapNs = Math.max(longestGapNs, now - last);
                last = now;
                int wrong = Pattern.mismatch(bytes, n, number, position);
                if (wrong >= 0) {
                    fail("byte " + (position + wrong) + " is wrong");
                    return;
                }
                position += n;
                back = position;
            }
        } catch (IOException e) {
            fail("read: " + e.getMessage());
        }
    }

    private void fail(String why) {
        if (failure == null) {
            failure = why;
        }
        try {
            socket.close();
        } catch (IOException e) {
            failure = why + ", " + e.getMessage();
        }
    }

    /** Sends no more. */
    void stop() {
        stop = true;
    }

    /** Waits for its end; why it failed, null when all came back. */
    @Nullable String end() throws InterruptedException {
        writer.join();
        reader.join();
        if (failure == null && back != sent) {
            failure = "sent and acknowledged " + sent + ", came back " + back;
        }
        return failure;
    }

    /** Bytes sent. */
    long sent() {
        return sent;
    }

    /** Bytes that came back. */
    long back() {
        return back;
    }

    /** The longest time in which nothing came back. */
    long longestGapNs() {
        return longestGapNs;
    }
}

package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand connections in memory, at each end a virtual thread that blocks on its socket. */
class TenThousandSocketsTest {
    private static final int CONNECTIONS = 10_000;
    private static final int ROUNDS = 3;
    /** Connections that are opened at a time, so that no SYN queue is full. */
    private static final int OPENING = 256;
    private static final int PATIENCE_S = 60;

    @TempDir
    Path directory;

    private static void echo(Socket s) {
        try (s) {
            InputStream in = s.getInputStream();
            byte[] b = new byte[8];
            for (int n = in.read(b); n >= 0; n = in.read(b)) {
                s.getOutputStream().write(b, 0, n);
            }
        } catch (IOException e) {
            // the client says what was wrong
        }
    }

    private static void accept(ServerSocket server) {
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket s = server.accept();
                Thread.ofVirtual().start(() -> echo(s));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private static long heapBytes() {
        System.gc();
        Runtime r = Runtime.getRuntime();
        return r.totalMemory() - r.freeMemory();
    }

    private static int rounds(Socket s, int id, CountDownLatch go) throws Exception {
        go.await();
        byte[] b = new byte[8];
        for (int i = 0; i < ROUNDS; i++) {
            b[0] = (byte) id;
            b[1] = (byte) i;
            s.getOutputStream().write(b);
            int n = s.getInputStream().readNBytes(b, 0, b.length);
            if (n != b.length || b[0] != (byte) id || b[1] != (byte) i) { // a library's first call would load classes
                throw new AssertionError(n + " bytes of connection " + id + ", round " + i + ": " + b[0] + " " + b[1]);
            }
        }
        return ROUNDS;
    }

    @Test
    void noneIsForgottenAndNonePinsItsCarrier() throws Exception {
        try (Recording recording = new Recording();
                TwoStacks stacks = new TwoStacks();
                ServerSocket server = stacks.listen()) {
            recording.enable("jdk.VirtualThreadPinned").withoutThreshold();
            recording.start();
            long before = heapBytes();
            Thread.ofVirtual().start(() -> accept(server));
            Semaphore opening = new Semaphore(OPENING);
            CountDownLatch connected = new CountDownLatch(CONNECTIONS);
            CountDownLatch go = new CountDownLatch(1);
            List<FutureTask<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int id = i;
                FutureTask<Integer> client = new FutureTask<>(() -> {
                    opening.acquire();
                    try (Socket s = stacks.connect(server)) {
                        opening.release();
                        connected.countDown();
                        return rounds(s, id, go);
                    }
                });
                clients.add(client);
                Thread.ofVirtual().start(client);
            }
            assertThat(connected.await(PATIENCE_S, TimeUnit.SECONDS)).as("all are connected").isTrue();
            System.getLogger(getClass().getName()).log(System.Logger.Level.INFO,
                    "heap of a connection, both ends and their threads, bytes: "
                            + (heapBytes() - before) / CONNECTIONS);
            go.countDown();
            for (FutureTask<Integer> client : clients) {
                assertThat(client.get(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo(ROUNDS);
            }
            recording.stop();
            Path file = directory.resolve("pinned.jfr");
            recording.dump(file);
            List<RecordedEvent> pinned = RecordingFile.readAllEvents(file).stream()
                    .filter(e -> e.getEventType().getName().equals("jdk.VirtualThreadPinned")).toList();
            assertThat(pinned).isEmpty();
        }
    }
}

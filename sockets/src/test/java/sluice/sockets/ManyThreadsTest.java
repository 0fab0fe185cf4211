package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManyThreadsTest {
    /** Echoes everything that arrives on {@code server} in threads of {@code threads}, until it is closed. */
    private static void serve(ServerSocket server, ExecutorService threads) {
        threads.submit(() -> {
            while (true) {
                Socket s = server.accept();
                threads.submit(() -> {
                    try (s) {
                        byte[] b = new byte[4096];
                        InputStream in = s.getInputStream();
                        for (int n = in.read(b); n >= 0; n = in.read(b)) {
                            s.getOutputStream().write(b, 0, n);
                        }
                    }
                    return null;
                });
            }
        });
    }

    private static int pingPong(TwoStacks stacks, ServerSocket server, int rounds, int id) throws Exception {
        try (Socket s = stacks.connect(server)) {
            byte[] b = new byte[8];
            for (int i = 0; i < rounds; i++) {
                b[0] = (byte) i;
                b[1] = (byte) id;
                s.getOutputStream().write(b);
                assertThat(s.getInputStream().readNBytes(b, 0, b.length)).isEqualTo(b.length);
                assertThat(b[0]).isEqualTo((byte) i);
                assertThat(b[1]).isEqualTo((byte) id);
            }
        }
        return rounds;
    }

    private static void run(ExecutorService clients, ExecutorService servers, int connections, int rounds)
            throws Exception {
        try (TwoStacks stacks = new TwoStacks(); clients; servers; ServerSocket server = stacks.listen()) {
            serve(server, servers);
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                int id = i;
                all.add(clients.submit(() -> pingPong(stacks, server, rounds, id)));
            }
            for (Future<Integer> f : all) {
                assertThat(f.get(50, TimeUnit.SECONDS)).isEqualTo(rounds);
            }
        }
    }

    @Test
    void aThousandVirtualThreads() throws Exception {
        run(Executors.newVirtualThreadPerTaskExecutor(), Executors.newVirtualThreadPerTaskExecutor(), 1000, 10);
    }

    @Test
    void manyPlatformThreads() throws Exception {
        run(Executors.newCachedThreadPool(), Executors.newCachedThreadPool(), 24, 200);
    }

    @Test
    void oneBusyPairLeadsItself() throws Exception {
        run(Executors.newCachedThreadPool(), Executors.newCachedThreadPool(), 1, 20_000);
    }

    @Test
    void bothKindsTogether() throws Exception {
        run(Executors.newCachedThreadPool(), Executors.newVirtualThreadPerTaskExecutor(), 16, 300);
    }
}

package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManyThreadsTest {
    /** Echoes everything that arrives on {@code server} in threads of {@code threads}, until it is closed. */
    private static void serve(SluiceServerSocket server, ExecutorService threads) {
        threads.submit(() -> {
            while (true) {
                SluiceSocket s = server.accept();
                threads.submit(() -> {
                    try (s) {
                        byte[] b = new byte[4096];
                        for (int n = s.read(b, 0, b.length); n >= 0; n = s.read(b, 0, b.length)) {
                            s.write(b, 0, n);
                        }
                    }
                    return null;
                });
            }
        });
    }

    private static int pingPong(TwoStacks stacks, SluiceServerSocket server, int rounds, int id) throws Exception {
        try (SluiceSocket s = stacks.connect(server)) {
            byte[] b = new byte[8];
            for (int i = 0; i < rounds; i++) {
                b[0] = (byte) i;
                b[1] = (byte) id;
                s.write(b, 0, b.length);
                int got = 0;
                while (got < b.length) {
                    int n = s.read(b, got, b.length - got);
                    assertThat(n).isPositive();
                    got += n;
                }
                assertThat(b[0]).isEqualTo((byte) i);
                assertThat(b[1]).isEqualTo((byte) id);
            }
        }
        return rounds;
    }

    private static void run(ExecutorService clients, ExecutorService servers, int connections, int rounds)
            throws Exception {
        try (TwoStacks stacks = new TwoStacks(); clients; servers; SluiceServerSocket server = stacks.listen()) {
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

package sluice.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One member at a time, in an order drawn from the seed: the same program does the same again. */
class SeededTest {
    private static final int RUNS = 20;

    @Test
    void theSameSeedGivesTheSameOrder() throws Exception {
        run(7); // a first run initializes classes
        List<String> first = run(7);
        assertThat(first).hasSizeGreaterThan(500);
        for (int i = 0; i < RUNS; i++) {
            assertThat(run(7)).isEqualTo(first);
        }
    }

    @Test
    void otherSeedsGiveOtherOrders() throws Exception {
        Set<List<String>> orders = new HashSet<>();
        for (int seed = 0; seed < RUNS; seed++) {
            orders.add(run(seed));
        }
        assertThat(orders).hasSizeGreaterThan(RUNS / 2);
    }

    @Test
    void everyVirtualMachineDoesTheSame() throws Exception {
        Set<String> said = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    agentOption(), "-cp", System.getProperty("java.class.path"), Again.class.getName())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            said.add(new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim());
        }
        assertThat(said).hasSize(1).allMatch(s -> s.matches("-?\\d+"));
    }

    /** Only one runs, so that what is not synchronized is not lost. */
    @Test
    void nobodyRunsBesideAnother() throws Exception {
        int[] count = new int[1];
        Clocks.in(ClockSettings.named("one").seeded(1), () -> {
            try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
                for (int i = 0; i < 8; i++) {
                    pool.submit(() -> {
                        for (int n = 0; n < 100_000; n++) {
                            count[0]++;
                            if (n % 10_000 == 0) {
                                Thread.yield();
                            }
                        }
                    });
                }
            }
            return 1;
        });
        assertThat(count[0]).isEqualTo(800_000);
    }

    private static String agentOption() {
        return java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> a.startsWith("-javaagent:") && a.contains("clock") || a.contains("agent.jar"))
                .findFirst().orElseThrow();
    }

    static final class Again {
        private Again() {}

        public static void main(String[] args) throws Exception {
            System.out.println(run(3).hashCode());
        }
    }

    private static List<String> run(long seed) throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        Clocks.in(ClockSettings.named("seeded").seeded(seed), () -> {
            long start = System.nanoTime();
            BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
            CountDownLatch done = new CountDownLatch(6);
            for (int i = 0; i < 3; i++) {
                int id = i;
                new Thread(() -> quietly(() -> {
                    for (int n = 0; n < 40; n++) {
                        queue.put(id * 100 + n);
                        log.add("put " + id + " " + n);
                        if (ThreadLocalRandom.current().nextInt(4) == 0) {
                            Thread.sleep(1);
                        }
                    }
                    done.countDown();
                })).start();
            }
            for (int i = 0; i < 3; i++) {
                int id = i;
                Thread.startVirtualThread(() -> quietly(() -> {
                    for (int n = 0; n < 40; n++) {
                        log.add(id + " took " + queue.take() + " at " + (System.nanoTime() - start));
                    }
                    done.countDown();
                }));
            }
            Object monitor = new Object();
            int[] turn = new int[1];
            List<Future<?>> futures = new ArrayList<>();
            try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 40; i++) {
                    int id = i;
                    futures.add(pool.submit(() -> {
                        synchronized (monitor) {
                            log.add("task " + id + " is number " + turn[0]++);
                            monitor.notify();
                            monitor.wait(1 + id % 3);
                        }
                        return CompletableFuture.supplyAsync(() -> log.add("async " + id)).get();
                    }));
                }
                for (Future<?> f : futures) {
                    f.get();
                }
            }
            done.await(1, TimeUnit.HOURS);
            for (int i = 0; i < 300; i++) {
                log.add("random " + ThreadLocalRandom.current().nextInt());
            }
            return 1;
        });
        return List.copyOf(log);
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void quietly(Action action) {
        try {
            action.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

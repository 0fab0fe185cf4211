package sluice.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A pool that was made outside the simulation and is given a task inside it. */
class StrangersTest {
    /** A pool whose thread is there and waits for something to do. */
    private static ExecutorService idle(ExecutorService pool) throws Exception {
        Thread worker = pool.submit(Thread::currentThread).get(30, TimeUnit.SECONDS);
        while (worker.getState() != Thread.State.WAITING && worker.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return pool;
    }

    private static long inPool(ExecutorService pool) throws Exception {
        return pool.submit(System::nanoTime).get();
    }

    @Test
    void aTaskForAPoolFromOutsideFails() throws Exception {
        for (ExecutorService made : new ExecutorService[]{Executors.newFixedThreadPool(1),
            Executors.newCachedThreadPool(), Executors.newScheduledThreadPool(1), new ForkJoinPool(1)}) {
            ExecutorService pool = idle(made);
            try (VirtualClock clock = Clocks.open("strangers")) {
                assertThatThrownBy(() -> clock.group("host").call("main", () -> {
                    inPool(pool);
                    Thread.sleep(Clocks.HOUR_MS); // if it is told late, it is told here
                    return 1;
                })).isInstanceOf(SimulationFailure.class).hasMessageContaining("host/main gave a task to \"")
                        .hasMessageContaining("pool that was made outside the simulation")
                        .hasMessageContaining("StrangersTest.inPool");
            } finally {
                pool.shutdownNow(); // a scheduled one would wait for a time that is the simulation's
            }
        }
    }

    @Test
    void itMayWhereItIsToldSo() throws Exception {
        ClockSettings may = new ClockSettings("strangers", 0, Threads.FREE, 0, 2_000, true);
        try (ExecutorService pool = idle(Executors.newFixedThreadPool(1));
                VirtualClock clock = VirtualClock.open(may, Clocks.NOTHING)) {
            assertThat(clock.group("host").call("main", () -> inPool(pool))).isNotZero();
            assertThat(clock.failure()).isNull();
        }
    }

    /** What a member makes is its own, and who waits outside for an end or an element is no worker. */
    @Test
    void othersAreNotMeant() throws Exception {
        LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        try (ExecutorService outside = Executors.newFixedThreadPool(1); VirtualClock clock = Clocks.open("own")) {
            var taken = outside.submit(queue::take); // a worker, but at work
            int sum = clock.group("host").call("main", () -> {
                try (ExecutorService own = idle(Executors.newCachedThreadPool())) {
                    queue.put(own.submit(() -> 20).get());
                }
                Thread.sleep(Clocks.HOUR_MS);
                return Thread.ofVirtual().start(() -> {
                }).join(java.time.Duration.ofSeconds(1)) ? 22 : 0;
            });
            assertThat(taken.get(30, TimeUnit.SECONDS) + sum).isEqualTo(42);
            assertThat(clock.failure()).isNull();
        }
    }
}

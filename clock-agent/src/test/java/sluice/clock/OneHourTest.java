package sluice.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever waits for an hour in the JDK waits for exactly an hour of the simulation's time, and for hardly any real
 * time.
 */
class OneHourTest {
    private interface Wait {
        void run() throws Exception;
    }

    private static final Map<String, Wait> WAITS = waits();

    private static Map<String, Wait> waits() {
        Map<String, Wait> w = new TreeMap<>();
        w.put("Thread.sleep(long)", () -> Thread.sleep(Clocks.HOUR_MS));
        w.put("Thread.sleep(long, int)", () -> Thread.sleep(Clocks.HOUR_MS, 0));
        w.put("Thread.sleep(Duration)", () -> Thread.sleep(Duration.ofHours(1)));
        w.put("TimeUnit.sleep", () -> TimeUnit.HOURS.sleep(1));
        w.put("LockSupport.parkNanos", () -> LockSupport.parkNanos(Clocks.HOUR_NS));
        w.put("LockSupport.parkNanos(Object)", () -> LockSupport.parkNanos("here", Clocks.HOUR_NS));
        w.put("LockSupport.parkUntil", () -> LockSupport.parkUntil(System.currentTimeMillis() + Clocks.HOUR_MS));
        w.put("Object.wait", () -> {
            Object monitor = new Object();
            synchronized (monitor) {
                monitor.wait(Clocks.HOUR_MS);
            }
        });
        w.put("Thread.join", () -> started(() -> Thread.sleep(Clocks.HOUR_MS)).join());
        w.put("Thread.join(long)", () -> {
            Thread t = started(() -> Thread.sleep(2 * Clocks.HOUR_MS));
            t.join(Clocks.HOUR_MS);
            assertThat(t.isAlive()).isTrue();
        });
        w.put("Thread.join(Duration) of a virtual thread", () -> {
            Thread t = Thread.startVirtualThread(() -> quietly(() -> Thread.sleep(2 * Clocks.HOUR_MS)));
            assertThat(t.join(Duration.ofHours(1))).isFalse();
        });
        w.put("a virtual thread's sleep", () -> Thread
                .startVirtualThread(() -> quietly(() -> Thread.sleep(Clocks.HOUR_MS))).join());
        w.put("a virtual thread's wait", () -> Thread.startVirtualThread(() -> quietly(() -> {
            Object monitor = new Object();
            synchronized (monitor) {
                monitor.wait(Clocks.HOUR_MS);
            }
        })).join());
        w.put("Condition.await", () -> {
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            assertThat(lock.newCondition().await(1, TimeUnit.HOURS)).isFalse();
            lock.unlock();
        });
        w.put("ReentrantLock.tryLock", () -> {
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            started(() -> assertThat(lock.tryLock(1, TimeUnit.HOURS)).isFalse()).join();
        });
        w.put("ArrayBlockingQueue.poll",
                () -> assertThat(new ArrayBlockingQueue<>(1).poll(1, TimeUnit.HOURS)).isNull());
        w.put("SynchronousQueue.poll", () -> assertThat(new SynchronousQueue<>().poll(1, TimeUnit.HOURS)).isNull());
        w.put("LinkedTransferQueue.poll",
                () -> assertThat(new LinkedTransferQueue<>().poll(1, TimeUnit.HOURS)).isNull());
        w.put("DelayQueue.take", () -> {
            DelayQueue<Later> queue = new DelayQueue<>();
            queue.add(new Later(System.nanoTime() + Clocks.HOUR_NS));
            queue.take();
        });
        w.put("CountDownLatch.await", () -> assertThat(new CountDownLatch(1).await(1, TimeUnit.HOURS)).isFalse());
        w.put("Semaphore.tryAcquire", () -> assertThat(new Semaphore(0).tryAcquire(1, TimeUnit.HOURS)).isFalse());
        w.put("CyclicBarrier.await", () -> assertThatThrownBy(() -> new CyclicBarrier(2).await(1, TimeUnit.HOURS))
                .isInstanceOf(TimeoutException.class));
        w.put("Phaser.awaitAdvance",
                () -> assertThatThrownBy(() -> new Phaser(1).awaitAdvanceInterruptibly(0, 1, TimeUnit.HOURS))
                        .isInstanceOf(TimeoutException.class));
        w.put("ScheduledThreadPoolExecutor.schedule", () -> {
            try (ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(2)) {
                pool.schedule(() -> {}, 1, TimeUnit.HOURS).get();
            }
        });
        w.put("Timer", () -> {
            CountDownLatch ran = new CountDownLatch(1);
            Timer timer = new Timer(true);
            timer.schedule(new TimerTask() {
                @Override
                public void run() {
                    ran.countDown();
                }
            }, Clocks.HOUR_MS);
            ran.await();
            timer.cancel();
        });
        w.put("Future.get of a pool", () -> {
            try (ExecutorService pool = Executors.newCachedThreadPool()) {
                assertThatThrownBy(() -> pool.submit(() -> {
                    Thread.sleep(Clocks.HOUR_MS + 1);
                    return 1;
                }).get(1, TimeUnit.HOURS)).isInstanceOf(TimeoutException.class);
                pool.shutdownNow();
            }
        });
        w.put("virtual threads' executor", () -> {
            try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 100; i++) {
                    pool.submit(() -> {
                        Thread.sleep(Clocks.HOUR_MS);
                        return 1;
                    });
                }
            }
        });
        w.put("CompletableFuture.orTimeout",
                () -> assertThatThrownBy(() -> new CompletableFuture<>().orTimeout(1, TimeUnit.HOURS).get())
                        .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(TimeoutException.class));
        w.put("CompletableFuture.completeOnTimeout", () -> assertThat(
                new CompletableFuture<Integer>().completeOnTimeout(1, 1, TimeUnit.HOURS).get()).isEqualTo(1));
        w.put("CompletableFuture.delayedExecutor", () -> CompletableFuture
                .runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.HOURS)).get());
        w.put("CompletableFuture.supplyAsync", () -> CompletableFuture
                .runAsync(() -> quietly(() -> Thread.sleep(Clocks.HOUR_MS))).get());
        w.put("the common pool", () -> ForkJoinPool.commonPool().submit(() -> {
            Thread.sleep(Clocks.HOUR_MS);
            return 1;
        }).get());
        w.put("a parallel stream", () -> Stream.of(1, 2, 3, 4).parallel()
                .forEach(i -> quietly(() -> Thread.sleep(Clocks.HOUR_MS / 4 * i))));
        w.put("ForkJoinPool of its own", () -> {
            try (ForkJoinPool pool = new ForkJoinPool(2)) {
                pool.schedule(() -> {}, 1, TimeUnit.HOURS).get();
            }
        });
        return w;
    }

    static Stream<String> names() {
        return WAITS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void waitsAnHour(String name) throws Exception {
        long elapsedNs = Clocks.in(() -> {
            VirtualClock clock = VirtualClock.current();
            long before = System.nanoTime();
            long millis = System.currentTimeMillis();
            Instant instant = Instant.now();
            long nowNs = clock.nowNs();
            WAITS.get(name).run();
            long elapsed = System.nanoTime() - before;
            if (!name.equals("a parallel stream")) {
                assertThat(System.currentTimeMillis() - millis).isEqualTo(Clocks.HOUR_MS);
                assertThat(Duration.between(instant, Clock.systemUTC().instant())).isEqualTo(Duration.ofHours(1));
            }
            assertThat(clock.nowNs() - nowNs).isEqualTo(elapsed);
            return elapsed;
        });
        if (name.equals("a parallel stream")) {
            // Who has which part is for the pool to say.
            assertThat(elapsedNs).isBetween(Clocks.HOUR_NS, 5 * Clocks.HOUR_NS / 2);
        } else {
            assertThat(elapsedNs).isEqualTo(Clocks.HOUR_NS);
        }
    }

    @Test
    void theClocksOfOtherThreadsDoNotMove() throws Exception {
        long before = System.currentTimeMillis();
        Clocks.in(() -> {
            Thread.sleep(Clocks.HOUR_MS);
            return 1;
        });
        assertThat(System.currentTimeMillis() - before).isBetween(0L, 60_000L);
    }

    private static Thread started(Wait action) {
        Thread t = new Thread(() -> quietly(action));
        t.start();
        return t;
    }

    private static void quietly(Wait action) {
        try {
            action.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private record Later(long atNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(atNanos, ((Later) other).atNanos);
        }
    }
}

package sluice.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Between the waking of a member and its going on time does not move, whatever wakes it: in each round one member wakes
 * another and sleeps for an hour at once. If the woken one were not counted from before it is woken, it would find that
 * an hour has passed.
 */
class NoGapTest {
    private static final int ROUNDS = 2_000;

    /** Two members meet: {@code await} returns after {@code signal} was called, once for each call. */
    private interface Meeting {
        void await() throws Exception;

        void signal() throws Exception;
    }

    private record Kind(String name, boolean virtual, Supplier<Meeting> meeting) {
        @Override
        public String toString() {
            return name + (virtual ? ", virtual threads" : "");
        }
    }

    static Stream<Kind> kinds() {
        Map<String, Supplier<Meeting>> meetings = Map.of("park", Park::new, "notify", Notify::new, "interrupt",
                Interrupt::new, "semaphore", Permits::new, "condition", Conditions::new, "synchronous queue",
                () -> new Queue(new SynchronousQueue<>()), "array queue", () -> new Queue(new ArrayBlockingQueue<>(1)),
                "transfer queue", () -> new Queue(new LinkedTransferQueue<>()));
        return meetings.entrySet().stream().sorted(Map.Entry.comparingByKey()).flatMap(
                e -> Stream.of(false, true).map(virtual -> new Kind(e.getKey(), virtual, e.getValue())));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void timeStandsStillWhileSomebodyIsWoken(Kind kind) throws Exception {
        List<Long> late = Clocks.in(() -> {
            Meeting meeting = kind.meeting.get();
            long[] signalledAt = new long[1];
            List<Long> wrong = new ArrayList<>();
            Thread waiter = start(kind.virtual, () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    meeting.await();
                    if (System.nanoTime() != signalledAt[0]) {
                        wrong.add(System.nanoTime() - signalledAt[0]);
                    }
                }
            });
            Thread signaller = start(kind.virtual, () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    Thread.sleep(Clocks.HOUR_MS);
                    signalledAt[0] = System.nanoTime();
                    meeting.signal();
                }
            });
            signaller.join();
            waiter.join();
            return wrong;
        });
        assertThat(late).isEmpty();
    }

    /** What starts and ends threads is counted as well. */
    @ParameterizedTest
    @MethodSource("starts")
    void timeStandsStillWhileThreadsBeginAndEnd(String name) throws Exception {
        List<Long> late = Clocks.in(() -> {
            List<Long> wrong = new ArrayList<>();
            try (ExecutorService pool = Executors.newCachedThreadPool()) {
                Thread ticking = new Thread(() -> quietly(() -> {
                    while (true) {
                        Thread.sleep(1);
                    }
                }));
                ticking.setDaemon(true);
                ticking.start();
                for (int i = 0; i < ROUNDS; i++) {
                    long before = System.nanoTime();
                    switch (name) {
                        case "platform" -> start(false, () -> {}).join();
                        case "virtual" -> start(true, () -> {}).join();
                        case "pool" -> pool.submit(() -> {}).get();
                        case "common pool" -> CompletableFuture.runAsync(() -> {}).get();
                        default -> throw new AssertionError(name);
                    }
                    if (System.nanoTime() != before) {
                        wrong.add(System.nanoTime() - before);
                    }
                }
                ticking.interrupt();
            }
            return wrong;
        });
        assertThat(late).isEmpty();
    }

    static Stream<String> starts() {
        return Stream.of("platform", "virtual", "pool", "common pool");
    }

    /** A thousand threads that meet at the same moments. */
    @ParameterizedTest
    @MethodSource("kindsOfThread")
    void manyThreadsMeet(boolean virtual) throws Exception {
        long elapsed = Clocks.in(() -> {
            long before = System.nanoTime();
            int n = 200;
            CountDownLatch done = new CountDownLatch(n);
            for (int i = 0; i < n; i++) {
                int step = i % 7 + 1;
                start(virtual, () -> {
                    for (int ms = 0; ms < 420; ms += step) {
                        Thread.sleep(step);
                        if ((System.nanoTime() - before) / 1_000_000 != ms + step) {
                            return;
                        }
                    }
                    done.countDown();
                });
            }
            done.await();
            return System.nanoTime() - before;
        });
        assertThat(elapsed).isEqualTo(420_000_000L);
    }

    static Stream<Boolean> kindsOfThread() {
        return Stream.of(false, true);
    }

    private interface Action {
        void run() throws Exception;
    }

    private static Thread start(boolean virtual, Action action) {
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
        return builder.start(() -> quietly(action));
    }

    private static void quietly(Action action) {
        try {
            action.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Park implements Meeting {
        private final AtomicReference<Thread> waiter = new AtomicReference<>();
        private volatile int signals;

        @Override
        public void await() {
            waiter.set(Thread.currentThread());
            int seen = signals;
            while (signals == seen) {
                LockSupport.park(this);
            }
        }

        @Override
        public void signal() {
            signals++;
            LockSupport.unpark(waiter.get());
        }
    }

    private static final class Notify implements Meeting {
        private int signals;

        @Override
        public synchronized void await() throws InterruptedException {
            while (signals == 0) {
                wait();
            }
            signals--;
        }

        @Override
        public synchronized void signal() {
            signals++;
            notify();
        }
    }

    private static final class Interrupt implements Meeting {
        private volatile Thread waiter;

        @Override
        public void await() {
            waiter = Thread.currentThread();
            try {
                synchronized (this) {
                    wait();
                }
            } catch (InterruptedException e) {
                return;
            }
            throw new AssertionError("woke without an interrupt");
        }

        @Override
        public void signal() {
            waiter.interrupt();
        }
    }

    private static final class Permits implements Meeting {
        private final Semaphore permits = new Semaphore(0);

        @Override
        public void await() throws InterruptedException {
            permits.acquire();
        }

        @Override
        public void signal() {
            permits.release();
        }
    }

    private static final class Conditions implements Meeting {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition condition = lock.newCondition();
        private int signals;

        @Override
        public void await() throws InterruptedException {
            lock.lock();
            try {
                while (signals == 0) {
                    condition.await();
                }
                signals--;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void signal() {
            lock.lock();
            try {
                signals++;
                condition.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private record Queue(BlockingQueue<Object> queue) implements Meeting {
        @Override
        public void await() throws InterruptedException {
            queue.take();
        }

        @Override
        public void signal() throws InterruptedException {
            queue.put(this);
        }
    }
}

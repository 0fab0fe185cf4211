package sluice.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds time still is named with its stack. */
class WatchdogTest {
    private volatile boolean over;

    @Test
    void namesASpinLoopAndAFileThatDoesNotAnswer(@TempDir Path directory) throws Exception {
        CompletableFuture<Void> spin = CompletableFuture.runAsync(() -> assertNamed("spins", () -> {
            while (!over) {
                Thread.onSpinWait();
            }
            return 1;
        }), WatchdogTest::start);
        try {
            Path fifo = directory.resolve("fifo");
            assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
            assertNamed("reads", () -> {
                try (InputStream in = Files.newInputStream(fifo)) {
                    return in.read();
                }
            });
            Files.newOutputStream(fifo).close(); // so that the thread ends
            spin.get();
        } finally {
            over = true;
        }
    }

    /** A thread for each: they are to wait beside one another. */
    private static void start(Runnable action) {
        Thread.ofPlatform().daemon().start(action);
    }

    private void assertNamed(String threadName, Callable<Integer> action) {
        try (VirtualClock clock = Clocks.open("watched")) {
            MemberGroup group = clock.group("host");
            group.start("bystander", () -> sleep(Clocks.HOUR_MS));
            long before = System.nanoTime();
            assertThatThrownBy(() -> group.call(threadName, action)).isInstanceOf(SimulationFailure.class)
                    .hasMessageContaining("time stands still").hasMessageContaining("\"" + threadName + "\"")
                    .hasMessageContaining("WatchdogTest");
            // seen at the same place from the first of sixteen looks to the last, in 2 s
            assertThat(System.nanoTime() - before).isBetween(2_000_000_000L / 16 * 15, 20_000_000_000L);
            assertThat(clock.failure()).isNotNull();
        }
    }

    /** Time goes on although others want the monitor: nobody can run. That it was so is noted, with who waits where. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void namesAMonitorThatIsKeptWhileItsOwnerSleeps(boolean virtualOwner, boolean virtual) throws Exception {
        try (VirtualClock clock = Clocks.open("monitors")) {
            Object monitor = new Object();
            long elapsed = clock.group("host").call("main", () -> {
                long before = System.nanoTime();
                CountDownLatch owned = new CountDownLatch(1);
                kind(virtualOwner).name("sleeps in synchronized").start(() -> {
                    synchronized (monitor) {
                        owned.countDown();
                        WatchdogTest.sleep(Clocks.HOUR_MS);
                    }
                });
                owned.await();
                CompletableFuture<Long> after = new CompletableFuture<>();
                kind(virtual).name("wants it").start(() -> {
                    synchronized (monitor) {
                        after.complete(System.nanoTime());
                    }
                });
                return after.get() - before;
            });
            assertThat(elapsed).isEqualTo(Clocks.HOUR_NS);
            List<String> notices = clock.notices();
            assertThat(notices).hasSize(1);
            assertThat(notices.getFirst()).contains("\"wants it\"").contains("java.lang.Object")
                    .contains("sleeps in synchronized");
        }
    }

    /**
     * Who has the monitor runs, though in no simulation: it gives the monitor back by itself, and how long that takes
     * is a matter of the processor. Time stands still until then.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMonitorThatIsBusyHoldsTimeStill(boolean virtual) throws Exception {
        Object monitor = new Object();
        CountDownLatch owned = new CountDownLatch(1);
        CompletableFuture<Thread> wants = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            synchronized (monitor) {
                owned.countDown();
                Thread other = wants.join();
                while (other.getState() != Thread.State.BLOCKED) {
                    Thread.onSpinWait();
                }
                long until = System.nanoTime() + 300_000_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
        });
        owned.await();
        long waited = Clocks.in(() -> {
            kind(false).start(() -> sleep(Clocks.HOUR_MS));
            long before = System.nanoTime();
            CompletableFuture<Long> after = new CompletableFuture<>();
            wants.complete(kind(virtual).start(() -> {
                synchronized (monitor) {
                    after.complete(System.nanoTime());
                }
            }));
            return after.get() - before;
        });
        assertThat(waited).isZero();
    }

    private static Thread.Builder kind(boolean virtual) {
        return virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    }

    /** The same for the end of a timed wait, whose monitor another one keeps. */
    @Test
    void aWaitEndsWhenItsMonitorIsFree() throws Exception {
        for (boolean virtual : new boolean[]{false, true}) {
            long elapsed = Clocks.in(() -> {
                Object monitor = new Object();
                long before = System.nanoTime();
                Thread waiter = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
                    synchronized (monitor) {
                        try {
                            monitor.wait(1_000);
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
                Thread.sleep(500);
                synchronized (monitor) {
                    Thread.sleep(Clocks.HOUR_MS - 500);
                }
                waiter.join();
                return System.nanoTime() - before;
            });
            assertThat(elapsed).isEqualTo(Clocks.HOUR_NS);
        }
    }

    /** Who wakes others out of their monitors ends when there is nothing more to do. */
    @Test
    void threadsThatWakeEnd() throws Exception {
        Clocks.in(() -> {
            Object monitor = new Object();
            CountDownLatch entered = new CountDownLatch(1);
            Thread waiter = Thread.ofPlatform().start(() -> {
                synchronized (monitor) {
                    entered.countDown();
                    try {
                        monitor.wait(1_000);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            entered.await();
            // Who gets the monitor knows that the other waits: then this thread moves the time, and needs a waker.
            // Alone, a waiting thread moves the time itself and needs none.
            synchronized (monitor) {
                assertThat(waiter.isAlive()).isTrue();
            }
            Thread.sleep(2_000);
            waiter.join();
            return 1;
        });
        List<Thread> wakers = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("sluice-waker")).toList();
        assertThat(wakers).isNotEmpty();
        for (Thread t : wakers) {
            assertThat(t.join(java.time.Duration.ofSeconds(30))).as("%s has ended", t).isTrue();
        }
    }

    @Test
    void namesThoseThatWaitForNothing() {
        try (VirtualClock clock = VirtualClock.open(new ClockSettings("idle", 0, Threads.FREE, 0, 100, false),
                Clocks.NOTHING)) {
            assertThatThrownBy(() -> clock.group("host").call("main", () -> new SynchronousQueue<>().take()))
                    .isInstanceOf(SimulationFailure.class).hasMessageContaining("nothing will ever happen")
                    .hasMessageContaining("host/main parks").hasMessageContaining("SynchronousQueue");
        }
    }

    /** A thread that is a member for a while is freed, too. */
    @Test
    void aVisitorThrowsTheFailure() {
        try (VirtualClock clock = VirtualClock.open(new ClockSettings("idle", 0, Threads.FREE, 0, 100, false),
                Clocks.NOTHING)) {
            assertThatThrownBy(() -> clock.group("host").callHere(() -> new SynchronousQueue<>().take()))
                    .isInstanceOf(SimulationFailure.class).hasMessageContaining("nothing will ever happen");
        }
    }

    @Test
    void aWorldThatThrowsFails() {
        AtomicBoolean thrown = new AtomicBoolean();
        Timeline broken = new Timeline() {
            @Override
            public long nextNs() {
                return 1_000;
            }

            @Override
            public void runNext(long nowNs) {
                thrown.set(true);
                throw new IllegalStateException("broken");
            }
        };
        try (VirtualClock clock = VirtualClock.open(ClockSettings.named("broken"), broken)) {
            assertThatThrownBy(() -> clock.group("host").call("main", () -> {
                Thread.sleep(1);
                return 1;
            })).isInstanceOf(SimulationFailure.class).hasRootCauseMessage("broken");
        }
        assertThat(thrown).isTrue();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

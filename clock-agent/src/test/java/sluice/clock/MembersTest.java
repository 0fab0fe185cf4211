package sluice.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is a member, and what groups do. */
class MembersTest {
    @Test
    void membershipIsInherited() throws Exception {
        try (VirtualClock clock = Clocks.open("inherit")) {
            MemberGroup a = clock.group("a");
            a.call("main", () -> {
                assertThat(VirtualClock.current()).isSameAs(clock);
                List<MemberGroup> seen = new ArrayList<>();
                Thread platform = new Thread(() -> seen.add(VirtualClock.currentGroup()));
                platform.start();
                platform.join();
                Thread.startVirtualThread(() -> seen.add(VirtualClock.currentGroup())).join();
                CompletableFuture.runAsync(() -> seen.add(VirtualClock.currentGroup())).get();
                ForkJoinPool.commonPool().submit(() -> seen.add(VirtualClock.currentGroup())).get();
                assertThat(seen).hasSize(4).allMatch(g -> g == a);
                return 1;
            });
            assertThat(VirtualClock.current()).isNull();
            assertThat(clock.group("b").callHere(() -> VirtualClock.currentGroup().name())).isEqualTo("b");
            assertThat(VirtualClock.current()).isNull();
            CompletableFuture.runAsync(() -> assertThat(VirtualClock.current()).isNull()).get();
        }
    }

    /** Between the parts of a test nothing happens, however long they are apart. */
    @Test
    void timeIsHeldWhenNoMemberIsThere() throws Exception {
        try (VirtualClock clock = Clocks.open("held")) {
            MemberGroup a = clock.group("a");
            CountDownLatch slept = new CountDownLatch(1);
            a.call("first", () -> {
                a.start("sleeper", () -> {
                    LockSupport.parkNanos(1_000_000);
                    slept.countDown();
                });
                clock.hold(true);
                return 1;
            });
            for (int i = 0; i < 200; i++) {
                a.call("part", () -> 1);
                assertThat(clock.nowNs()).isZero();
            }
            clock.hold(false);
            assertThat(slept.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(clock.nowNs()).isEqualTo(1_000_000);
        }
    }

    /** Members of several simulations, and threads of none, each have their own time. */
    @Test
    void simulationsAreApart() throws Exception {
        try (VirtualClock one = Clocks.open("one"); VirtualClock two = Clocks.open("two")) {
            CountDownLatch both = new CountDownLatch(2);
            one.group("a").start("a", () -> tick(1_000, both));
            two.group("b").start("b", () -> tick(3_000, both));
            assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(one.group("a").call("x", () -> System.currentTimeMillis() - ClockSettings.DEFAULT_EPOCH_MILLIS))
                    .isEqualTo(1_000_000);
            assertThat(two.group("a").call("x", () -> System.currentTimeMillis() - ClockSettings.DEFAULT_EPOCH_MILLIS))
                    .isEqualTo(3_000_000);
        }
    }

    private static void tick(long millis, CountDownLatch done) {
        for (int i = 0; i < 1_000; i++) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                return;
            }
        }
        done.countDown();
    }

    /** A reference to the method goes the same way as a call. */
    @Test
    void methodReferencesAreVirtualToo() throws Exception {
        long elapsed = Clocks.in(() -> {
            LongSupplier clock = System::nanoTime;
            LongSupplier millis = System::currentTimeMillis;
            long before = clock.getAsLong();
            long beforeMillis = millis.getAsLong();
            Thread.sleep(5);
            assertThat(millis.getAsLong() - beforeMillis).isEqualTo(5);
            return clock.getAsLong() - before;
        });
        assertThat(elapsed).isEqualTo(5_000_000);
    }

    /** Who reads the clock over and over pays a microsecond for each reading. */
    @Test
    void whoSpinsOnTheClockPays() throws Exception {
        long readings = Clocks.in(() -> {
            long n = 0;
            for (long before = System.nanoTime(); System.nanoTime() - before < 100_000_000;) {
                n++;
            }
            return n;
        });
        assertThat(readings).isBetween(100_000L - 10, 102_000L);
    }

    @Test
    void anUnparkBeforeTheParkCounts() throws Exception {
        long elapsed = Clocks.in(() -> {
            long before = System.nanoTime();
            LockSupport.unpark(Thread.currentThread());
            LockSupport.unpark(Thread.currentThread());
            LockSupport.park();
            assertThat(System.nanoTime()).isEqualTo(before);
            LockSupport.parkNanos(1_000);
            return System.nanoTime() - before;
        });
        assertThat(elapsed).isEqualTo(1_000);
    }

    @Test
    void interruptsEndWaits() throws Exception {
        Clocks.in(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Thread.sleep(1)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Thread.currentThread().interrupt();
            LockSupport.park();
            assertThat(Thread.interrupted()).isTrue();
            Thread main = Thread.currentThread();
            Thread.startVirtualThread(main::interrupt);
            assertThatThrownBy(() -> Thread.sleep(Clocks.HOUR_MS)).isInstanceOf(InterruptedException.class);
            return 1;
        });
    }

    @Test
    void actionsHappenAtTheirTimes() throws Exception {
        try (VirtualClock clock = Clocks.open("at")) {
            List<String> seen = new ArrayList<>();
            clock.group("a").call("main", () -> {
                clock.at(2_000_000, () -> seen.add("second"));
                clock.at(1_000_000, () -> seen.add("first"));
                clock.at(2_000_000, () -> seen.add("third"));
                Thread.sleep(1);
                seen.add("after 1");
                Thread.sleep(2);
                return 1;
            });
            assertThat(seen).containsExactly("after 1", "first", "second", "third");
        }
    }

    @Test
    void aFrozenGroupGoesOnLate() throws Exception {
        try (VirtualClock clock = Clocks.open("freeze")) {
            MemberGroup frozen = clock.group("frozen");
            AtomicInteger ticks = new AtomicInteger();
            clock.group("other").call("main", () -> {
                frozen.start("ticks", () -> {
                    try {
                        while (true) {
                            Thread.sleep(1_000);
                            ticks.incrementAndGet();
                        }
                    } catch (InterruptedException e) {
                        ticks.set(-1);
                    }
                });
                Thread.sleep(10_500);
                assertThat(ticks.get()).isEqualTo(10);
                frozen.freeze();
                Thread.sleep(100_000);
                assertThat(ticks.get()).isEqualTo(10);
                frozen.thaw();
                Thread.sleep(100);
                assertThat(ticks.get()).isEqualTo(11);
                Thread.sleep(1_000);
                assertThat(ticks.get()).isEqualTo(12);
                return 1;
            });
        }
    }

    @Test
    void aKilledGroupsThreadsEnd() throws Exception {
        try (VirtualClock clock = Clocks.open("kill")) {
            MemberGroup host = clock.group("db");
            List<Throwable> thrown = new ArrayList<>();
            Runnable sleeper = () -> {
                try {
                    Thread.sleep(Clocks.HOUR_MS);
                } catch (Throwable e) {
                    synchronized (thrown) {
                        thrown.add(e);
                    }
                }
            };
            List<Thread> threads = clock.group("other").call("main", () -> {
                host.start("platform", sleeper);
                host.start("parent", () -> Thread.startVirtualThread(sleeper));
                host.start("waiter", () -> {
                    try {
                        synchronized (sleeper) {
                            sleeper.wait();
                        }
                    } catch (Throwable e) {
                        synchronized (thrown) {
                            thrown.add(e);
                        }
                    }
                });
                Thread.sleep(1_000);
                List<Thread> all = host.threads();
                host.kill();
                for (Thread t : all) {
                    t.join();
                }
                assertThat(clock.nowNs()).isEqualTo(1_000_000_000);
                return all;
            });
            assertThat(threads).hasSize(3).noneMatch(Thread::isAlive);
            assertThat(thrown).hasSize(3).allMatch(VirtualClock::isKilled);
            assertThatThrownBy(() -> host.call("late", () -> {
                Thread.sleep(1);
                return 1;
            })).satisfies(e -> assertThat(VirtualClock.isKilled(e)).isTrue());
        }
    }

    /** Who sleeps or waits outside ends at once; who waits in a pool's queue ends when the pool lets it. */
    @Test
    void anEndedGroupsPoolsRunOut() throws Exception {
        try (VirtualClock clock = Clocks.open("end")) {
            MemberGroup host = clock.group("db");
            Map<String, Throwable> thrown = new ConcurrentHashMap<>();
            var pool = new ThreadPoolExecutor(0, 4, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
            clock.group("other").call("main", () -> {
                host.start("sleeper", told(thrown, () -> Thread.sleep(Clocks.HOUR_MS)));
                host.start("outside", told(thrown, () -> clock.park(VirtualClock.NEVER)));
                host.start("pool", () -> pool.execute(() -> {}));
                host.start("timer", () -> new Timer("a timer", true));
                Thread.sleep(1_000);
                assertThat(host.threads()).anyMatch(t -> t.getName().equals("a timer"));
                host.end();
                Thread.sleep(1);
                assertThat(thrown).containsOnlyKeys("sleeper", "outside");
                assertThat(host.threads()).hasSize(1);
                Thread.sleep(60_000);
                assertThat(host.threads()).isEmpty();
                return 1;
            });
            assertThat(thrown.values()).allMatch(VirtualClock::isKilled);
            assertThat(pool.getPoolSize()).isZero();
        }
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private static Runnable told(Map<String, Throwable> thrown, Wait wait) {
        return () -> {
            try {
                wait.run();
            } catch (Throwable e) {
                thrown.put(Thread.currentThread().getName(), e);
            }
        };
    }

    @Test
    void whoIsLeftIsInterruptedAndBelongsToNobody() throws Exception {
        Thread[] left = new Thread[2];
        CountDownLatch interrupted = new CountDownLatch(2);
        Runnable sleeper = () -> {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                if (VirtualClock.current() == null) {
                    interrupted.countDown();
                }
            }
        };
        try (VirtualClock clock = Clocks.open("left")) {
            clock.group("a").call("main", () -> {
                left[0] = new Thread(sleeper);
                left[0].start();
                left[1] = Thread.startVirtualThread(sleeper);
                Thread.sleep(1_000);
                return 1;
            });
            assertThat(clock.describeMembers()).filteredOn(line -> !line.startsWith("a/main")).hasSize(2)
                    .allMatch(line -> line.startsWith("a/") && line.contains("sleeps"));
        }
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        left[0].join();
        left[1].join();
    }

    @Test
    void theLocalHostIsTheGroups() throws Exception {
        InetAddress own = InetAddress.getByAddress("db", new byte[]{10, 0, 0, 7});
        try (VirtualClock clock = Clocks.open("local")) {
            MemberGroup db = clock.group("db");
            db.localHost(() -> own);
            assertThat(db.call("main", InetAddress::getLocalHost)).isSameAs(own);
            assertThat(InetAddress.getLocalHost()).isNotSameAs(own);
        }
    }

    /** The agent names each class of its boot package; none may be forgotten. */
    @Test
    void allBootClassesAreInTheBootJar() throws IOException {
        Path sources = Path.of(System.getProperty("sluice.root"), "clock-agent/src/boot/java/sluice/clock/boot");
        try (Stream<Path> files = Files.list(sources)) {
            assertThat(files.map(f -> f.getFileName().toString().replace(".java", ""))
                    .filter(n -> !n.equals("package-info"))).isSubsetOf(ClockAgent.BOOT_CLASSES);
        }
    }

    /** Without the agent there is one line that says what to do. */
    @Test
    void withoutTheAgentTheLineToAddIsTold() throws Exception {
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), WithoutAgent.class.getName()).redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains("false").contains("-javaagent:");
    }

    static final class WithoutAgent {
        private WithoutAgent() {}

        public static void main(String[] args) {
            System.out.println(VirtualClock.isAgentPresent());
            try (VirtualClock clock = Clocks.open("none")) {
                System.out.println(clock.nowNs());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}

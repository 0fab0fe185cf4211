package sluice.link.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LinuxWaiterTest {
    @Test
    void waitsAtLeastAsLongAsAsked() {
        try (LinuxWaiter waiter = new LinuxWaiter()) {
            for (long ns : new long[]{0, 100_000, 5_000_000}) {
                long start = System.nanoTime();
                waiter.await(ns, false);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(ns).isLessThan(ns + 2_000_000_000L);
            }
        }
    }

    @Test
    void limitsThatComeNearerAndGoFurtherAreAllKept() {
        try (LinuxWaiter waiter = new LinuxWaiter()) {
            waiter.await(3_000_000, false);
            for (long ns : new long[]{60_000_000, 5_000_000, 30_000_000, 500_000, 20_000_000}) {
                long start = System.nanoTime();
                int returns = 0;
                for (long left = ns; left > 0; left = start + ns - System.nanoTime()) {
                    waiter.await(left, false);
                    returns++;
                }
                assertThat(System.nanoTime() - start).isLessThan(ns + 2_000_000_000L);
                assertThat(returns).as(
                        "an alarm set for an earlier limit rings once at most, and a limit may be met a little early")
                        .isLessThan(10);
            }
        }
    }

    @Test
    void aWakeupBeforeTheWaitEndsItOnce() {
        try (LinuxWaiter waiter = new LinuxWaiter()) {
            waiter.wakeup();
            waiter.wakeup();
            waiter.await(Long.MAX_VALUE, true);
            long start = System.nanoTime();
            waiter.await(3_000_000, false);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(3_000_000);
        }
    }

    @Test
    void noWakeupIsMissed() throws Exception {
        AtomicLong asked = new AtomicLong();
        long count = 20_000;
        try (LinuxWaiter waiter = new LinuxWaiter()) {
            Thread waker = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < count; i++) {
                    asked.incrementAndGet();
                    waiter.wakeup();
                    if ((i & 63) == 0) {
                        LockSupport.parkNanos(1); // lets the other side fall asleep now and then
                    }
                }
            });
            while (asked.get() < count) {
                waiter.await(Long.MAX_VALUE, false); // for ever, if one were missed
            }
            waker.join();
        }
    }

    @Test
    void pinsTheThread() throws Exception {
        BitSet before = LinuxThread.affinity();
        assertThat(before.cardinality()).isPositive();
        int cpu = before.nextSetBit(0);
        BitSet[] inside = new BitSet[1];
        Thread.ofPlatform().start(() -> {
            LinuxThread.pin(cpu);
            inside[0] = LinuxThread.affinity();
        }).join();
        assertThat(inside[0].stream()).containsExactly(cpu);
        assertThat(LinuxThread.affinity()).isEqualTo(before);
    }
}

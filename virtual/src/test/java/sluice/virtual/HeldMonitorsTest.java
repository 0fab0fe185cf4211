package sluice.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import sluice.virtual.junit.Host;
import sluice.virtual.junit.VirtualNetwork;

/** A thread that sleeps with a monitor that another wants: time goes on, and the test fails unless it says it may. */
@Host("app")
class HeldMonitorsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /** Takes an hour, for which one sleeps in {@code synchronized} and the other waits for the monitor. */
    private static void holdAndWant() throws InterruptedException {
        Object monitor = new Object();
        CountDownLatch owned = new CountDownLatch(1);
        Thread owner = new Thread(() -> {
            synchronized (monitor) {
                owned.countDown();
                try {
                    Thread.sleep(HOUR);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }, "sleeps in synchronized");
        owner.start();
        owned.await();
        synchronized (monitor) {
            owner.join();
        }
    }

    @Test
    void failsANetworkThatWasNotToldOfIt() throws Exception {
        try (Network net = Network.builder().host("app").build()) {
            net.host("app").run(HeldMonitorsTest::holdAndWant);
            assertThatExceptionOfType(AssertionError.class).isThrownBy(net::check)
                    .withMessageContaining("\"app\" waits for java.lang.Object")
                    .withMessageContaining("which sleeps in synchronized has")
                    .withMessageContaining("HeldMonitorsTest.holdAndWant");
        }
    }

    @Test
    @VirtualNetwork(heldMonitors = true)
    void passesWhereItMay(Network net) throws Exception {
        net.host("app").run(HeldMonitorsTest::holdAndWant);
        assertThat(net.elapsed()).isGreaterThanOrEqualTo(HOUR);
    }
}

package sluice.virtual.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.clock.ClockSettings;
import sluice.clock.Threads;

/**
 * Each test of the class, or this test, has a simulated network of its own, made of the {@link Host}s and {@link
 * Link}s that stand on the class and on the method; a parameter of type {@link sluice.virtual.Network} is that, one of
 * type {@link sluice.virtual.VirtualHost} with {@link Host} is a host of it. The test's code, with its {@code
 * BeforeEach} and {@code AfterEach} methods, runs in the network's time: {@code Thread.sleep} of an hour takes no time.
 *
 * <p>The test fails also when a started program threw, when a planned {@link sluice.virtual.Fault} met no packet, and
 * when a thread held time still for {@link #stallLimitMs}, slept with a monitor that another wanted, or gave a task to
 * a pool that was made outside the network. What it says then has the seed, the annotation to paste, the ladder of the
 * connection concerned and the path of a capture.
 *
 * <p>On a method it replaces what the class says of seed and threads. {@code -Dsluice.seed=N} replaces both.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(VirtualNetworkExtension.class)
public @interface VirtualNetwork {
    /** What everything random in the network comes from. */
    long seed() default 1;

    /** How threads run: as on any machine, or one at a time in an order drawn from the seed. */
    Threads threads() default Threads.FREE;

    /** Real milliseconds for which a thread may hold time still. */
    long stallLimitMs() default ClockSettings.DEFAULT_STALL_LIMIT_MS;

    /**
     * Whether a thread may sleep or wait for something else while it has a monitor that another wants: time goes on
     * either way, at some real milliseconds for each step. If not, the test fails, and says who waited for whom.
     */
    boolean heldMonitors() default false;

    /**
     * Whether programs may give tasks to a pool that was made outside the network, whose threads run them in the
     * platform's time and on the platform's network. If not, the test fails, and says who gave the task.
     */
    boolean foreignPools() default false;
}

package sluice.virtual.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import sluice.virtual.Network;
import sluice.virtual.Program;

/** How long a hundred requests take, in virtual and in real time. */
final class RealTime {
    /** The first loads classes, and a machine may be busy with others. */
    private static final int MOST_ROUNDS = 8;

    private static final double LIMIT_S = 1;

    private RealTime() {}

    /**
     * Runs {@code hundred} on a host until it took less than a second of real time, and prints what it took each time.
     *
     * @return virtual time of the last round
     */
    static Duration underASecond(String what, Network net, String host, Program hundred) throws Exception {
        StringBuilder all = new StringBuilder();
        Duration virtual = Duration.ZERO;
        double took = LIMIT_S;
        for (int i = 0; i < MOST_ROUNDS && took >= LIMIT_S; i++) {
            Duration before = net.elapsed();
            long start = realMillis();
            net.host(host).run(hundred);
            took = (realMillis() - start) / 1e3;
            virtual = net.elapsed().minus(before);
            all.append(String.format(Locale.ROOT, ", %.2f s", took));
        }
        System.out.printf(Locale.ROOT, "%s: 100 requests in %s of virtual time and%s of real time%n", what,
                Duration.ofMillis(virtual.toMillis()), all.substring(1));
        assertThat(took).as("real seconds of a hundred requests of %s: %s", what, all).isLessThan(LIMIT_S);
        return virtual;
    }

    /** Since the JVM began: no clock that a member's program reads. */
    private static long realMillis() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }
}

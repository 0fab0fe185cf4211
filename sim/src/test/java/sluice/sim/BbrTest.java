package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * BBR on 100 Mbit/s and 40 ms: version 1 does not take random loss for congestion, version 3 does in part (decision 4).
 */
class BbrTest {
    private static double megabitsPerSecond(String algorithm, String impairment, String behind) {
        World w = new World(1).unwatched();
        SimHost a = w.host("sender").set("net.ipv4.tcp_congestion_control", algorithm);
        SimHost r = w.host("router").router();
        SimHost b = w.host("receiver");
        w.link(a, r).from(a).netem("rate 100mbit delay 10ms limit 1000 " + impairment);
        SimLink second = w.link(r, b);
        second.from(r).netem("delay 10ms limit 10000 " + behind);
        second.to(r).netem("delay 20ms");
        World.Pair p = w.connect(a, b, 80);
        new BulkSender(a, p.client(), Long.MAX_VALUE / 4);
        VerifyingSink sink = new VerifyingSink(b, p.server());
        w.advance(15_000);
        return sink.received() * 8.0 / 15_000_000;
    }

    @Test
    void versionOneFillsThePathInSpiteOfLoss() {
        assertThat(megabitsPerSecond("bbr", "", "")).isGreaterThan(92);
        assertThat(megabitsPerSecond("bbr", "loss 1%", "")).isGreaterThan(90);
        assertThat(megabitsPerSecond("bbr", "loss 10%", "")).isGreaterThan(80);
    }

    @Test
    void versionOneFillsThePathInSpiteOfReordering() {
        assertThat(megabitsPerSecond("bbr", "", "reorder 25%")).isGreaterThan(90);
        assertThat(megabitsPerSecond("bbr", "loss 1%", "reorder 25%")).isGreaterThan(75);
    }

    @Test
    void versionThreeFillsThePathBelowItsThreshold() {
        assertThat(megabitsPerSecond("bbr3", "", "")).isGreaterThan(90);
        assertThat(megabitsPerSecond("bbr3", "loss 0.1%", "")).isGreaterThan(85);
        assertThat(megabitsPerSecond("bbr3", "loss 10%", "")).isLessThan(50);
    }

    /**
     * Six losses or more in a round trip of recovery, and more than 2 %: Startup ends long before the bandwidth stops
     * growing.
     */
    @Test
    void versionThreeLeavesStartupForLosses() {
        World w = new World(1).unwatched();
        SimHost a = w.host("sender").set("net.ipv4.tcp_congestion_control", "bbr3");
        SimHost b = w.host("receiver");
        SimLink link = w.link(a, b);
        link.from(a).netem("rate 1gbit delay 20ms limit 10000 loss 8%");
        link.to(a).netem("delay 20ms");
        World.Pair p = w.connect(a, b, 80);
        new BulkSender(a, p.client(), Long.MAX_VALUE / 4);
        new VerifyingSink(b, p.server());
        w.runUntil("Startup is over",
                () -> !p.client().congestion.control().toString().startsWith("bbr3 STARTUP"));
        assertThat(w.nowNs()).as("nanoseconds").isLessThan(5_000_000_000L);
    }
}

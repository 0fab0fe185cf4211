package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.user.TcpInfo;

/** Accurate ECN end to end: every mark of a queue is counted once by the receiver and reported to the sender. */
@ExtendWith(Worlds.class)
class AccEcnTest {
    private static final int PORT = 80;
    private static final int BYTES = 5_000_000;

    /** A sender and a receiver over 20 Mbit/s × 20 ms with a queue that marks. */
    private static World.Pair run(World w, String control, String queue, String netem, int option) {
        SimHost a = w.host("a").set("tcp_ecn", "3").set("tcp_ecn_option", Integer.toString(option))
                .set("tcp_congestion_control", control);
        SimHost b = w.host("b").set("tcp_ecn", "3").set("tcp_ecn_option", Integer.toString(option));
        SimLink l = w.link(a, b).delayMs(10).rate(20_000_000, queue);
        l.from(a).netem(netem);
        World.Pair p = w.connect(a, b, PORT);
        BulkSender sender = new BulkSender(a, p.client(), BYTES);
        new VerifyingSink(b, p.server());
        w.runUntil("done", sender::isDone);
        return p;
    }

    @ParameterizedTest
    @CsvSource({"reno, mark 20, 2", "reno, mark 20, 0", "cubic, codel ecn, 2", "cubic, codel ecn, 1",
        "dctcp, mark 10, 2", "dctcp, mark 10, 0"})
    @Rfc(value = 9768, section = "3.2.2")
    void everyMarkIsReportedAndNothingIsLost(String control, String queue, int option) {
        World w = new World(11);
        World.Pair p = run(w, control, queue, "", option);
        long marked = w.hosts().getFirst().count(Counter.TcpExtTCPDeliveredCE);
        TcpInfo sender = p.client().info(0);
        TcpInfo receiver = p.server().info(0);
        assertThat(sender.ecnMode).isEqualTo(EcnMode.ACCECN);
        assertThat(receiver.receivedCe).isPositive();
        assertThat(sender.deliveredCe).isEqualTo(receiver.receivedCe).isEqualTo(marked);
        assertThat(sender.totalRetrans).isZero();
        if (option == 2) {
            assertThat(sender.deliveredCeBytes).isEqualTo(receiver.receivedCeBytes);
            assertThat(sender.deliveredE0Bytes).isEqualTo(receiver.receivedE0Bytes);
        }
    }

    /** Lost acknowledgments hide marks; with byte counters the sender still knows within a few. */
    @Test
    @Rfc(value = 9768, section = "3.2.2.5")
    void lossAndReorderingLeaveTheCountersCloseTogether(World w) {
        World.Pair p = run(w, "reno", "mark 20", "loss 0.5% reorder 10% delay 5ms", 2);
        long difference = p.client().info(0).deliveredCe - p.server().info(0).receivedCe;
        assertThat(p.server().info(0).receivedCe).isPositive();
        assertThat(Math.abs(difference)).isLessThanOrEqualTo(8);
    }

    @Test
    @Rfc(value = 8257, section = "3.3")
    void dctcpFillsThePathOverAShallowQueueThatMarks(World w) {
        run(w, "dctcp", "mark 10", "", 2);
        assertThat(w.nowMs()).isBetween(2000.0, 2600.0); // 5 MB at 20 Mbit/s is 2 s
    }
}

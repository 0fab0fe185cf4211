package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;

/**
 * Steady bulk transfer allocates nothing: not a byte per segment, in two hosts, two applications and the simulator
 * between them.
 */
class AllocationTest {
    private static final long WARM_SEGMENTS = 150_000;
    private static final long SEGMENTS = 100_000;
    private static final double NOISE_BYTES_PER_SEGMENT = 0.01;

    @ParameterizedTest
    @CsvSource({"'', 0, v4", "'', 0, v6", "'loss 0.5%', 0, v4", "'loss 0.5%', 65535, v4",
        "'delay 1ms 100us loss 0.1% duplicate 0.5%', 0, v4"})
    void bulkTransferAllocatesNothing(String netem, int superSegments, String family) {
        World w = new World(1).unwatched();
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        SimLink link = w.link(a, b).delayMs(1);
        if (superSegments > 0) {
            link.superSegments(superSegments);
        }
        if (!netem.isEmpty()) {
            link.from(a).netem(netem + " limit 10000");
        }
        var listener = b.listen(80);
        TcpSocket c = a.connect(new SocketOptions(), family.equals("v4") ? b.address() : b.address6(), 80);
        w.runUntil("connected", () -> listener.acceptQueueLength() > 0);
        TcpSocket s = b.accept(listener);
        new BulkSender(a, c, Long.MAX_VALUE / 2);
        new VerifyingSink(b, s);
        w.runUntil("warm", () -> c.totals.segmentsOut + s.totals.segmentsOut > WARM_SEGMENTS);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double perSegment = Double.MAX_VALUE;
        // the JIT may still be at work in the first round
        for (int i = 0; i < 8 && perSegment > NOISE_BYTES_PER_SEGMENT; i++) {
            long segments = c.totals.segmentsOut + s.totals.segmentsOut;
            long before = threads.getCurrentThreadAllocatedBytes();
            w.runUntil("measured", () -> c.totals.segmentsOut + s.totals.segmentsOut >= segments + SEGMENTS);
            perSegment = (double) (threads.getCurrentThreadAllocatedBytes() - before) / SEGMENTS;
            System.out.printf("allocation %s %d %s: %.4f bytes per segment, %d retransmitted%n", netem, superSegments,
                    family, perSegment,
                    a.count(Counter.TcpRetransSegs));
        }
        assertThat(perSegment).as("bytes allocated per segment").isLessThanOrEqualTo(NOISE_BYTES_PER_SEGMENT);
    }
}

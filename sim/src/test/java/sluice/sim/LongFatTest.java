package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.user.TcpSocket;
import sluice.observe.record.ConnectionTrace;

/**
 * A path that holds much: 1 Gbit/s × 100 ms (12.5 MB). With -Dsluice.longfat the 10 Gbit/s × 100 ms (125 MB)
 * and 1 GB, which needs about 1 GB of memory. The buffers grow by themselves from Linux's defaults, up to maxima raised
 * to 512 MB.
 */
class LongFatTest {
    private static final boolean LARGE = Boolean.getBoolean("sluice.longfat");
    private static final long RATE = LARGE ? 10_000_000_000L : 1_000_000_000L;
    private static final long BYTES = LARGE ? 1_000_000_000L : 160_000_000L;
    private static final double RTT_MS = 100;
    private static final double BDP_BYTES = RATE / 8.0 * RTT_MS / 1000;

    private record Outcome(double fillSeconds, double utilisation, double queueShare, long dropped, double seconds) {}

    private static Outcome transfer(String algorithm, double bufferBdp) {
        Flows f = new Flows(5, RTT_MS);
        for (SimHost h : f.world.hosts()) {
            h.set("tcp_rmem", "4096 131072 536870912").set("tcp_wmem", "4096 16384 536870912");
        }
        f.bottleneck(RATE, bufferBdp);
        TcpSocket t = f.add(algorithm, BYTES);
        ConnectionTrace trace = f.a.record(t, f.link.from(f.a));
        double start = f.world.nowMs();
        double filled = 0;
        double busyAfterFill = 0;
        double after = 0;
        long delivered = 0;
        while (t.totals.bytesAcked < BYTES && f.world.nowMs() - start < 120_000) {
            f.run(RTT_MS / 1000);
            double rate = (t.congestion.deliveredSegments() - delivered) * 8.0 * Flows.MSS / (RTT_MS / 1000);
            delivered = t.congestion.deliveredSegments();
            if (filled == 0 && rate > 0.9 * RATE * Flows.MSS / 1500) {
                filled = f.world.nowMs() - start;
            } else if (filled > 0 && t.unsentBytes() > BDP_BYTES / 100) {
                busyAfterFill += Math.min(1, rate / (RATE * (double) Flows.MSS / 1500));
                after++;
            }
        }
        double queue = trace.queue().max() / (BDP_BYTES * bufferBdp);
        Outcome o = new Outcome(filled / 1000, after == 0 ? 0 : busyAfterFill / after, queue,
                f.link.from(f.a).dropped(), (f.world.nowMs() - start) / 1000);
        System.out.printf(Locale.ROOT,
                "%-8s buffer %.2f BDP: full after %.1f s, then %.1f %% used, queue at most %.2f of its limit, %d "
                        + "lost, %d retransmitted, all in %.1f s%n",
                algorithm, bufferBdp, o.fillSeconds, o.utilisation * 100, o.queueShare, o.dropped,
                f.a.count(Counter.TcpRetransSegs), o.seconds);
        Plots.keep("long-fat-" + algorithm,
                String.format(Locale.ROOT, "%s, %d Gbit/s × 100 ms, %d MB", algorithm, RATE / 1_000_000_000,
                        BYTES / 1_000_000),
                trace);
        assertThat(t.totals.bytesAcked).isEqualTo(BYTES);
        return o;
    }

    @Test
    @Rfc(value = 9406, section = "4.2")
    void slowStartFillsThePathAndHyStartLimitsTheOvershoot() {
        Outcome plusPlus = transfer("cubic++", 1);
        Outcome cubic = transfer("cubic", 1);
        Outcome reno = transfer("reno", 1);
        for (Outcome o : new Outcome[]{plusPlus, cubic, reno}) {
            assertThat(o.utilisation).as("after slow start").isGreaterThan(0.95);
            assertThat(o.fillSeconds).as("the window doubles in each round trip; buffers do not hold it back")
                    .isLessThan(RTT_MS / 1000 * (2 + Math.log(BDP_BYTES / 14_480) / Math.log(2)) + 0.3);
        }
        assertThat(plusPlus.dropped)
                .as("HyStart++ goes on slowly when the queue grows: that overflows it too, by much less")
                .isLessThan(reno.dropped / 2 + 1);
        assertThat(cubic.dropped).as("Linux's HyStart before it overflows at all").isZero();
    }
}

package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.BulkSender;
import sluice.sim.World;

/** Throughput = window / RTT. */
final class StopAndWait implements Experiment {
    private static final int SEGMENT = 1460;

    @Override
    public About about() {
        return About.of("stop-and-wait", Chapter.WINDOW, "One segment a round trip, or a window full", "停等与滑动窗口").says(
                "A window of one segment sends one segment a round trip: the longer the path, the slower. A window "
                        + "of forty sends forty: throughput = window / RTT.",
                "窗口只有一个报文段时，每个往返只能发送一个：往返时间越长越慢。窗口为四十个时每个往返发送四十个：吞吐量 = 窗口 / RTT。");
    }

    @Override
    public void run(Lab x) {
        for (int segments : new int[]{1, 40}) {
            List<Double> rates = new ArrayList<>();
            List<Double> expected = new ArrayList<>();
            for (double rtt : new double[]{1, 3, 10, 30, 100, 300}) {
                Stage s = x.stage("window of " + segments + ", RTT " + (int) rtt + " ms",
                        "窗口 " + segments + "，RTT " + (int) rtt + " ms").noLadder();
                rates.add(Math.rint(bytesPerSecond(s, rtt, segments * SEGMENT) / 1000));
                expected.add(Math.rint(segments * SEGMENT * 1000 / rtt / 1000));
            }
            x.equal("window of " + segments + ": KB/s at RTT 1, 3, 10, 30, 100, 300 ms",
                    "窗口 " + segments + "：RTT 1、3、10、30、100、300 ms 时的 KB/s", expected, rates);
        }
    }

    private static double bytesPerSecond(Stage s, double rttMs, int window) {
        World w = s.world();
        Duo d = Windows.connect(Windows.plain(s, "sender", "receiver", 1500).delayMs(rttMs / 2), window, true,
                true).reading();
        d.sender().congestion.set(100, 100);
        new BulkSender(d.a(), d.sender(), 40L * window);
        w.advance(2 * rttMs);
        long bytes = d.sender().totals.bytesAcked;
        double start = w.nowMs();
        w.advance(20 * rttMs);
        return (d.sender().totals.bytesAcked - bytes) * 1000.0 / (w.nowMs() - start);
    }
}

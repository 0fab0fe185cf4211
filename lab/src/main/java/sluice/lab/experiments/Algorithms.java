package sluice.lab.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.observe.record.ConnectionTrace;
import sluice.observe.record.TimeSeries;
import sluice.sim.BulkSender;
import sluice.sim.VerifyingSink;

/** Each congestion control on the same path, and two of them beside each other. */
final class Algorithms implements Experiment {
    private static final long RATE = 8_000_000;
    private static final double RTT_MS = 40;
    private static final int QUEUE = (int) (RATE / 8 * RTT_MS / 1000);

    @Override
    public About about() {
        return About.of("algorithms", Chapter.CONGESTION, "Congestion controls on the same path",
                "同一路径上的各种拥塞控制算法").says(
                        "Each algorithm alone on 8 Mbit/s × 40 ms with a drop-tail queue of one bandwidth × "
                                + "delay: all fill "
                                + "the path, and differ in the queue they keep. Two flows of the same kind share "
                                + "it evenly.",
                        "每种算法单独运行在 8 Mbit/s × 40 ms、队列为一个带宽时延积的路径上：都能充满路径，但维持的队列不同。同种算法的两条流平分带宽。");
    }

    @Override
    public void run(Lab x) {
        Map<String, ConnectionTrace> traces = new LinkedHashMap<>();
        Map<String, Long> queues = new LinkedHashMap<>();
        Stage first = null;
        for (String name : List.of("reno", "cubic", "cubic++", "bbr", "bbr3", "dctcp")) {
            Stage s = x.stage(name, name).unwatched();
            double[] share = new double[1];
            ConnectionTrace trace = alone(s, name, share);
            traces.put(name, trace);
            queues.put(name, Math.round(100 * average(trace.queue()) / QUEUE));
            x.between(name + ": share of the path that is used", name + "：路径利用率", 0.85, 1.02, share[0]);
            first = first == null ? s : first;
        }
        if (first != null) {
            first.plot("algorithms", new Text("cwnd of each, segments", "各算法的 cwnd（报文段）"), traces);
        }
        long cubic = queues.getOrDefault("cubic", 0L);
        x.between("the queue that cubic keeps, on average, % of what it holds", "cubic 平均占用的队列，占容量的百分比", 70, 90,
                cubic);
        x.below("bbr3 keeps less: " + queues, "bbr3 占用更少：" + queues, cubic - 10.0,
                queues.getOrDefault("bbr3", 100L));
        for (String name : List.of("reno", "cubic", "bbr")) {
            Stage s = x.stage("two flows of " + name, name + " 的两条流").unwatched();
            x.between("two of " + name + ": Jain's index", name + " 两条流：Jain 公平指数", 0.9, 1, fairness(s, name));
        }
    }

    private static Duo path(Stage s) {
        Duo d = s.duo("sender", "receiver").delayMs(RTT_MS / 2);
        d.link().from(d.a()).rate(RATE, QUEUE);
        d.b().serve(80, t -> new VerifyingSink(d.b(), t));
        return d;
    }

    private static TcpSocket flow(Duo d, String algorithm) {
        SocketOptions o = new SocketOptions();
        o.congestionControl = algorithm;
        TcpSocket t = d.a().connect(o, d.b().address(), 80);
        new BulkSender(d.a(), t, Long.MAX_VALUE / 2);
        return t;
    }

    private static ConnectionTrace alone(Stage s, String algorithm, double[] share) {
        Duo d = path(s);
        TcpSocket t = flow(d, algorithm);
        ConnectionTrace trace = d.a().record(t, d.link().from(d.a()));
        s.world().advance(5000);
        long before = t.totals.bytesAcked;
        s.world().advance(20_000);
        share[0] = (t.totals.bytesAcked - before) * 8 / 20.0 / RATE * 1514 / 1448;
        return trace;
    }

    /** What a series was from its 5th second on, each value for as long as it held. */
    private static double average(TimeSeries t) {
        double sum = 0;
        int first = t.from(t.timeNs(0) + 5_000_000_000L);
        for (int i = first; i + 1 < t.size(); i++) {
            sum += t.value(i) * (t.timeNs(i + 1) - t.timeNs(i));
        }
        return sum / (t.endNs() - t.timeNs(first));
    }

    private static double fairness(Stage s, String algorithm) {
        Duo d = path(s);
        TcpSocket one = flow(d, algorithm);
        s.world().advance(700);
        TcpSocket other = flow(d, algorithm);
        s.world().advance(20_000);
        long[] before = {one.totals.bytesAcked, other.totals.bytesAcked};
        s.world().advance(60_000);
        double a = one.totals.bytesAcked - before[0];
        double b = other.totals.bytesAcked - before[1];
        return (a + b) * (a + b) / (2 * (a * a + b * b));
    }
}

package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.core.tcp.congestion.RecoveryState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.observe.record.ConnectionTrace;
import sluice.sim.BulkSender;
import sluice.sim.Match;
import sluice.sim.World;

/** The sawtooth. */
@Rfc(value = 5681, section = "3")
final class CwndStory implements Experiment {
    /** A point of the story. */
    private record Point(int cwnd, int ssthresh, RecoveryState state) {}

    @Override
    public About about() {
        return About.of("cwnd-story", Chapter.CONGESTION, "The life of a congestion window", "拥塞窗口的一生").says(
                "A sender does not know what the network can carry and feels its way: its congestion window (cwnd, "
                        + "segments that may be on the way) doubles every round trip (slow start) until a router's "
                        + "queue overflows and a segment is lost; it is halved (fast recovery), grows by one segment "
                        + "a round trip, overflows the queue, and so on: the sawtooth. At 20 s the path is cut: a "
                        + "timeout, and slow start again up to half of what it was (ssthresh). What may be sent is "
                        + "swnd = min(cwnd, rwnd); rwnd is what the receiver has room for.",
                "发送方不知道网络能承载多少，只能试探：拥塞窗口（cwnd，允许在途的报文段数）每个往返翻倍（慢启动），直到路由器队列溢出而丢包；随后减半（快速恢复），"
                        + "每个往返增加一个报文段，再次溢出，如此往复，形成锯齿。20 秒时路径中断：超时，"
                        + "再次慢启动，直到原来的一半（ssthresh）。可发送的量是 swnd = min(cwnd, rwnd)，"
                        + "rwnd 是接收方的剩余空间。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Congestions.duo(s, "reno", true);
        d.link().from(d.a()).rate(2_000_000, 20 * (Congestions.MSS + 40)); // 46 segments on the way, 20 in the queue
        ConnectionTrace trace = d.a().record(d.sender(), d.link().from(d.a()));
        List<Point> points = new ArrayList<>();
        int[] beyond = {0};
        d.link().to(d.a()).see(Match.pureAck(), v -> {
            points.add(new Point(d.cwnd(), d.ssthresh(), d.sender().recovery().state()));
            int swnd = Math.min(d.cwnd() * Congestions.MSS, d.sender().snd.wnd);
            boolean open = d.sender().recovery().state() == RecoveryState.OPEN;
            beyond[0] += open && d.sender().sent.inFlight() * Congestions.MSS > swnd + Congestions.MSS ? 1 : 0;
        });
        new BulkSender(d.a(), d.sender(), 20_000_000);
        w.advance(20_000);
        d.link().from(d.a()).cut();
        w.advance(150);
        d.link().from(d.a()).heal();
        w.advance(6000);
        s.plot("cwnd", "cwnd and ssthresh, segments", "cwnd 与 ssthresh（报文段）", trace);
        judge(x, points);
        x.equal("moments at which more than swnd = min(cwnd, rwnd) was in flight", "在途超过 swnd = min(cwnd, rwnd) 的时刻",
                0, beyond[0]);
        x.atLeast("TCPTimeouts", "TCPTimeouts", 1, d.a().count(Counter.TcpExtTCPTimeouts));
        x.atLeast("recovered: cwnd at the end", "恢复：结束时的 cwnd", 31, d.cwnd());
    }

    private static void judge(Lab x, List<Point> points) {
        List<Integer> peaks = new ArrayList<>();
        int halved = 0;
        int troughs = 0;
        int atThreshold = 0;
        int timeouts = 0;
        for (int i = 1; i < points.size(); i++) {
            Point before = points.get(i - 1);
            Point p = points.get(i);
            if (p.state == RecoveryState.RECOVERY && before.state != RecoveryState.RECOVERY
                    && before.state != RecoveryState.LOSS) {
                peaks.add(before.cwnd);
                halved += p.ssthresh == before.cwnd / 2 ? 1 : 0;
            } else if (before.state == RecoveryState.RECOVERY && p.state == RecoveryState.OPEN) {
                troughs++;
                atThreshold += p.cwnd == p.ssthresh && p.cwnd >= 30 ? 1 : 0;
            } else if (p.state == RecoveryState.LOSS && before.state != RecoveryState.LOSS) {
                timeouts++;
            }
        }
        x.holds("it begins in slow start: ssthresh is infinite", "从慢启动开始：ssthresh 无穷大",
                points.getFirst().ssthresh == CongestionControl.INFINITE_SSTHRESH);
        x.atLeast("fast recoveries", "快速恢复次数", 3, peaks.size());
        x.equal("of them with ssthresh = cwnd / 2", "其中 ssthresh = cwnd / 2 的", peaks.size(), halved);
        x.equal("of them that go on at ssthresh", "其中从 ssthresh 继续的", troughs, atThreshold);
        x.atLeast("slow start overshoots what path and queue hold: 66; first peak", "慢启动冲过路径与队列容量 66：第一个峰", 66,
                peaks.getFirst());
        x.between("avoidance finds it: lowest later peak", "拥塞避免找到它：此后最低的峰", 64, 70,
                peaks.stream().skip(1).mapToInt(v -> v).min().orElse(0));
        x.between("highest later peak", "此后最高的峰", 64, 70, peaks.stream().skip(1).mapToInt(v -> v).max().orElse(0));
        x.equal("the cut: timeouts", "中断：超时次数", 1, timeouts);
    }
}

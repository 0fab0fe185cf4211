package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.observe.record.ConnectionTrace;
import sluice.sim.Match;
import sluice.sim.World;

/** Back to one. */
@Rfc(value = 5681, section = "3.1")
final class TimeoutCollapse implements Experiment {
    @Override
    public About about() {
        return About.of("timeout-collapse", Chapter.CONGESTION, "A timeout: back to one segment", "超时：拥塞窗口回到 1").says(
                "The path loses everything and RTO runs out: ssthresh becomes half the flight, cwnd 1, and slow "
                        + "start begins again, up to ssthresh.",
                "路径丢失了一切，重传超时到期：ssthresh 设为在途数据的一半，cwnd 重置为 1，重新慢启动直到 ssthresh。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Congestions.duo(s, "reno", true, "tcp_frto=0");
        ConnectionTrace trace = d.a().record(d.sender());
        d.sender().congestion.set(16, 16);
        d.send(1_000_000);
        double healed = w.nowMs() + 450;
        d.link().from(d.a()).drop(Match.data().and(v -> w.nowMs() < healed));
        w.advance(Congestions.RTT_MS);
        int flight = d.sender().sent.packetsOut();
        x.equal("flight: 16, and one that its ACKs added", "在途：16 加上其确认带来的 1", 17, flight);
        w.advance(300);
        x.equal("TCPTimeouts", "TCPTimeouts", 1, d.a().count(Counter.TcpExtTCPTimeouts));
        x.equal("ssthresh: half the flight", "ssthresh：在途的一半", flight / 2, d.ssthresh());
        x.equal("cwnd", "cwnd", 1, d.cwnd());
        x.equal("in flight: the one that is resent", "在途：重传的那一个", 1, d.sender().sent.inFlight());
        w.runUntil("the path carries again", () -> d.cwnd() > 1);
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            windows.add(d.cwnd());
            w.advance(Congestions.RTT_MS);
        }
        x.equal("slow start again, to ssthresh, then linear: cwnd", "再次慢启动至 ssthresh，然后线性：cwnd", List.of(2, 4, 8, 9,
                10, 11), windows);
        s.plot("cwnd", "cwnd and ssthresh, segments", "cwnd 与 ssthresh（报文段）", trace);
    }
}

package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Rfc;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.observe.record.ConnectionTrace;
import sluice.sim.Match;

/** 8 × 1/8. */
@Rfc(value = 5681, section = "3.1")
@Rfc(value = 9293, section = "3.8.2", req = "MUST-19")
final class CongestionAvoidance implements Experiment {
    @Override
    public About about() {
        return About.of("congestion-avoidance", Chapter.CONGESTION, "Congestion avoidance", "拥塞避免").says(
                "Above ssthresh each ACK adds 1/cwnd: 8 ACKs add 8 × 1/8 = 1. So cwnd grows by one segment a round "
                        + "trip, linearly.",
                "超过慢启动门限 ssthresh 后，每个 ACK 使 cwnd 增加 1/cwnd：8 个 ACK 增加 8 × 1/8 = 1。因此每个往返增加一个报文段，线性增长。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        Duo d = Congestions.duo(s, "reno", true);
        d.sender().congestion.set(8, 8);
        ConnectionTrace trace = d.a().record(d.sender());
        int[] acks = {0};
        d.link().to(d.a()).see(Match.pureAck(), _ -> acks[0]++);
        List<Integer> windows = new ArrayList<>(Congestions.windows(s, d, 1));
        x.equal("8 ACKs add 8 × 1/8 = 1: ACKs, cwnd", "8 个 ACK 增加 8 × 1/8 = 1：ACK 数、cwnd", List.of(8, 9),
                List.of(acks[0], d.cwnd()));
        windows.addAll(Congestions.again(s, d, 7));
        x.equal("cwnd at each round trip", "每个往返的 cwnd", List.of(8, 9, 10, 11, 12, 13, 14, 15), windows);
        x.equal("ssthresh", "ssthresh", 8, d.ssthresh());
        s.plot("cwnd", "cwnd and ssthresh, segments", "cwnd 与 ssthresh（报文段）", trace);
    }
}

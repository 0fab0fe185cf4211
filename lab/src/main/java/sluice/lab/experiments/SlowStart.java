package sluice.lab.experiments;

import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;

/** 1, 2, 4, 8. */
@Rfc(value = 5681, section = "3.1")
@Rfc(value = 6928, section = "2")
final class SlowStart implements Experiment {
    @Override
    public About about() {
        return About.of("slow-start", Chapter.CONGESTION, "Slow start", "慢启动").says(
                "Each ACK adds 1 to cwnd, so that it doubles with every round trip. The documents begin with 1 "
                        + "segment, "
                        + "today's standard with 10.",
                "每收到一个 ACK，拥塞窗口 cwnd 加 1，因此每个往返翻倍。文档从 1 个报文段开始，现行标准从 10 个开始。");
    }

    @Override
    public void run(Lab x) {
        Stage one = x.stage("initial window 1", "初始窗口为 1");
        Duo d = Congestions.duo(one, "reno", true);
        d.sender().congestion.set(1, CongestionControl.INFINITE_SSTHRESH);
        var trace = d.a().record(d.sender());
        int[] acks = {0};
        d.link().to(d.a()).see(Match.pureAck(), _ -> acks[0]++);
        x.equal("cwnd at each round trip", "每个往返的 cwnd", List.of(1, 2, 4, 8, 16, 32),
                Congestions.windows(one, d, 6));
        x.equal("each ACK adds 1 to the 1 of the beginning: ACKs, cwnd", "初始为 1，每个 ACK 加 1：ACK 数、cwnd",
                List.of(63, 64), List.of(acks[0], d.cwnd()));
        x.equal("segments sent with the seventh flight", "到第七批为止共发送的报文段", 127, d.data().size());
        one.plot("cwnd", "cwnd and ssthresh, segments", "cwnd 与 ssthresh（报文段）", trace);
        Stage ten = x.stage("the standard's initial window of 10 (RFC 6928)", "标准的初始窗口 10（RFC 6928）");
        Duo e = Congestions.duo(ten, "cubic", true);
        x.equal("cwnd at each round trip", "每个往返的 cwnd", List.of(10, 20, 40, 80), Congestions.windows(ten, e, 4));
    }
}

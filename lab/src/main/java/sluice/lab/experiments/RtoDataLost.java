package sluice.lab.experiments;

import java.util.List;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.recovery.PathFault;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.World;

/** A segment is lost. */
@Rfc(value = 6298, section = "5")
final class RtoDataLost implements Experiment {
    @Override
    public About about() {
        return About.of("rto-data-lost", Chapter.RETRANSMISSION, "Timeout: the data was lost", "超时重传：数据丢失").says(
                "A segment is lost and nothing follows it that could tell. When the retransmission timeout (RTO) has "
                        + "run out it is sent again, and the timeout doubles.",
                "一个报文段丢失，其后没有其他报文段可以揭示。重传超时（RTO）到期后重发，并将超时加倍。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Retransmissions.duo(s, 500).connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        s.begin();
        d.link().from(d.a()).drop(d.dataAt(1).nth(1));
        double start = w.nowMs();
        d.send(500);
        x.equal("RTO: SRTT 20 ms, and 200 ms for the least variance, ms", "RTO：SRTT 20 ms 加最小方差 200 ms，ms", 220,
                d.sender().rtt.rtoUs() / 1000);
        w.advance(220);
        x.equal("sent, times", "发送次数", 2, d.sent(1).size());
        x.near("again after RTO, ms", "RTO 之后重发，ms", 220, d.sent(1).get(1).ms() - start, 1e-6);
        x.equal("RTO doubled, ms", "RTO 加倍，ms", 440, d.sender().rtt.rtoUs() / 1000);
        w.advance(20);
        x.equal("received", "收到字节", 500, d.sink().received());
        x.equal("ACKs", "确认", List.of(501), d.acks());
        x.equal("RTO is kept until there is a sample (Karn), ms", "在有新样本前保持（Karn），ms", 440,
                d.sender().rtt.rtoUs() / 1000);
        x.equal("TCPTimeouts, RetransSegs", "TCPTimeouts, RetransSegs", List.of(1, 1),
                List.of(d.a().count(Counter.TcpExtTCPTimeouts), d.retransmissions()));
        Retransmissions.diagnosis(x, s, d, 1, 0, 0, 0);
        x.holds("bytes 1–500 are named as lost data", "指明 1–500 字节为数据丢失", Retransmissions.named(s, d,
                PathFault.DATA_LOST, 1, 501));
    }
}

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
import sluice.sim.Match;
import sluice.sim.World;

/** RFC 2883's example: two ACKs are lost. */
@Rfc(value = 2883, section = "5.3")
final class DsackAckLost implements Experiment {
    @Override
    public About about() {
        return About.of("dsack-ack-lost", Chapter.RETRANSMISSION, "D-SACK: the ACKs were lost", "D-SACK：确认丢失").says(
                "Both ACKs for 3000–3499 and 3500–3999 are lost, and the sender resends the first after RTO. The "
                        + "receiver answers ACK 4000 with SACK 3000–3500: so the data was there, and the timeout was "
                        + "not needed.",
                "3000–3499 和 3500–3999 的两个确认都丢失，发送方在 RTO 后重发前者。接收方回 ACK 4000 和 SACK 3000–3500：数据早已到达，这次超时并不需要。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Retransmissions.duo(s, 500).connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        d.send(2999);
        w.advance(50);
        s.begin();
        d.link().from(d.b()).drop(Match.pureAck().first(2));
        d.send(1000);
        w.advance(230);
        x.equal("both ACKs, and the answer", "两个确认和应答", List.of(3500, 4000, 4000), d.acks());
        x.equal("sent, times: 3000–3499, 3500–3999", "发送次数：3000–3499、3500–3999", List.of(2, 1),
                List.of(d.sent(3000).size(), d.sent(3500).size()));
        x.equal("SACK of the answer", "应答的 SACK", List.of(3000, 3500), d.sack(s.segments(d.b()).get(2)));
        w.advance(10);
        x.holds("the sender names it: ACK lost, 3000–3500", "发送方判定：3000–3500 的确认丢失", Retransmissions.named(s, d,
                PathFault.ACK_LOST, 3000, 3500));
        x.equal("TCPDSACKRecv, TCPDSACKOldSent", "TCPDSACKRecv, TCPDSACKOldSent", List.of(1, 1),
                List.of(d.a().count(Counter.TcpExtTCPDSACKRecv), d.b().count(Counter.TcpExtTCPDSACKOldSent)));
        x.equal("the reduction is undone", "窗口缩减被撤销", 1,
                d.a().count(Counter.TcpExtTCPLossUndo) + d.a().count(Counter.TcpExtTCPDSACKUndo));
        Retransmissions.diagnosis(x, s, d, 0, 1, 0, 0);
    }
}

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

/** The original was only late. */
@Rfc(value = 2883, section = "4")
@Rfc(value = 3708, section = "3")
final class DsackDelayed implements Experiment {
    @Override
    public About about() {
        return About.of("dsack-delayed", Chapter.RETRANSMISSION, "D-SACK: the segment was only late",
                "D-SACK：报文段只是延迟").says(
                        "1000–1499 is delayed past its fast retransmission. The late original draws ACK 3000 with SACK "
                                + "1000–1500: nothing was lost, and the sender undoes the reduction of its window.",
                        "1000–1499 被网络延迟，直到快速重传之后才到达。迟到的原报文段引出 ACK 3000 和 SACK 1000–1500：没有丢失，发送方撤销对拥塞窗口的缩减。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Retransmissions.duo(s, 500).connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        d.send(499);
        w.advance(50);
        int cwnd = d.cwnd();
        s.begin();
        d.link().from(d.a()).delay(d.dataAt(1000).nth(1), 45);
        d.send(5 * 500);
        w.advance(21);
        x.equal("fast retransmission: 1000–1499 is sent, times", "快速重传：1000–1499 的发送次数", 2, d.sent(1000).size());
        w.advance(20);
        x.equal("cwnd is reduced (CUBIC: × 0.7)", "拥塞窗口缩减（CUBIC：× 0.7）", (int) (cwnd * 0.7), d.cwnd());
        w.advance(15);
        x.equal("the late original draws ACK", "迟到的原报文段引出确认", 3000, d.acks().getLast());
        x.equal("with SACK", "以及 SACK", List.of(1000, 1500), d.sack(s.segments(d.b()).getLast()));
        w.advance(10);
        x.equal("TCPDSACKUndo: nothing was lost", "TCPDSACKUndo：没有丢失", 1, d.a().count(Counter.TcpExtTCPDSACKUndo));
        x.atLeast("cwnd after it is undone", "撤销之后的 cwnd", cwnd, d.cwnd());
        Retransmissions.diagnosis(x, s, d, 0, 0, 1, 0);
        x.holds("the sender names it: 1000–1500 was delayed", "发送方判定：1000–1500 被延迟", Retransmissions.named(s, d,
                PathFault.DELAYED, 1000, 1500));
    }
}

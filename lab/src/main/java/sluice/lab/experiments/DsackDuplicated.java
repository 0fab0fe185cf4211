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
import sluice.sim.WireSegment;

/** The network doubles. */
@Rfc(value = 2883, section = "4.1")
final class DsackDuplicated implements Experiment {
    @Override
    public About about() {
        return About.of("dsack-duplicated", Chapter.RETRANSMISSION, "D-SACK: the network doubled it",
                "D-SACK：网络重复").says(
                        "The network delivers a segment twice. D-SACK reports it though nothing was "
                                + "retransmitted, so the "
                                + "sender can tell it from the other two: it was the network.",
                        "网络把一个报文段交付了两次。没有任何重传却收到 D-SACK，因此发送方能与另外两种情形区分：是网络复制的。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        Duo d = Retransmissions.duo(s, 500).connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        d.send(499);
        s.world().advance(50);
        s.begin();
        d.link().from(d.a()).duplicate(d.dataAt(1000));
        d.send(5 * 500);
        s.world().advance(1000);
        List<WireSegment> reports = s.segments(d.b()).stream().filter(g -> !g.sack().isEmpty()).toList();
        x.equal("SACK", "SACK", List.of(1000, 1500), d.sack(reports.getFirst()));
        x.equal("RetransSegs", "RetransSegs", 0, d.retransmissions());
        x.equal("TCPDSACKRecv", "TCPDSACKRecv", 1, d.a().count(Counter.TcpExtTCPDSACKRecv));
        Retransmissions.diagnosis(x, s, d, 0, 0, 0, 1);
        x.holds("the sender names it: 1000–1500 was doubled", "发送方判定：1000–1500 被网络重复", Retransmissions.named(s, d,
                PathFault.DUPLICATED, 1000, 1500));
        x.equal("TCP_INFO", "TCP_INFO", 1, d.sender().info(s.world().nowNs()).pathDuplicated);
    }
}

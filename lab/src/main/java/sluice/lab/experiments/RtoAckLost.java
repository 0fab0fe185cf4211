package sluice.lab.experiments;

import java.util.List;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.World;

/** Its acknowledgment is lost. */
@Rfc(value = 6298, section = "5")
final class RtoAckLost implements Experiment {
    @Override
    public About about() {
        return About.of("rto-ack-lost", Chapter.RETRANSMISSION, "Timeout: the ACK was lost", "超时重传：确认丢失").says(
                "The data arrived, its ACK did not. The sender cannot know and resends after RTO; the receiver drops "
                        + "the duplicate, acknowledges again, and a D-SACK block says so.",
                "数据已到达，确认却丢失。发送方无从得知，RTO 之后重发；接收方丢弃重复数据并再次确认，同时用 D-SACK 说明。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Retransmissions.duo(s, 500).connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        s.begin();
        d.link().from(d.b()).drop(Match.pureAck().nth(1));
        double start = w.nowMs();
        d.send(500);
        w.advance(220);
        x.equal("received at the first", "首次即收到，字节", 500, d.sink().received());
        x.equal("sent, times", "发送次数", 2, d.sent(1).size());
        x.near("again after RTO, ms", "RTO 之后重发，ms", 220, d.sent(1).get(1).ms() - start, 1e-6);
        w.advance(1000);
        x.equal("the duplicate is dropped: received", "重复数据被丢弃：收到字节", 500, d.sink().received());
        x.equal("and acknowledged again", "并再次确认", List.of(501, 501), d.acks());
        x.equal("D-SACK", "D-SACK", List.of(1, 501), d.sack(s.segments(d.b()).getLast()));
        x.equal("DelayedACKLost of the receiver", "接收方 DelayedACKLost", 1, d.b().count(Counter.TcpExtDelayedACKLost));
        Retransmissions.diagnosis(x, s, d, 0, 1, 0, 0);
    }
}

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
import sluice.sim.World;

/** The third duplicate. */
@Rfc(value = 5681, section = "3.2")
@Rfc(value = 6675, section = "5")
final class FastRetransmit implements Experiment {
    @Override
    public About about() {
        return About.of("fast-retransmit", Chapter.RETRANSMISSION, "Fast retransmit", "快速重传").says(
                "Five segments, the second is lost: each that arrives behind it draws an ACK for the same number. "
                        + "The third "
                        + "duplicate has the sender resend segment 2 at once, long before the timeout.",
                "发送五个报文段，第二个丢失：其后到达的每个报文段都引出同一个确认号。第三个重复 ACK 使发送方立即重传报文段 2，远早于重传超时。");
    }

    @Override
    public void run(Lab x) {
        for (boolean sack : new boolean[]{false, true}) {
            Stage s = x.stage(sack ? "with SACK" : "without SACK", sack ? "启用 SACK" : "不用 SACK");
            Duo d = Retransmissions.duo(s, 500, sack ? "tcp_sack=1" : "tcp_sack=0");
            d.connect(Retransmissions.sending(), Retransmissions.quick()).reading();
            s.begin();
            World w = s.world();
            d.link().from(d.a()).drop(d.dataAt(501).nth(1));
            double start = w.nowMs();
            d.send(5 * 500);
            w.advance(20);
            x.equal("ACKs: 2, 2, 2, 2 (in bytes)", "确认：2, 2, 2, 2（字节序号）", List.of(501, 501, 501, 501), d.acks());
            x.equal("segment 2 was sent, times", "报文段 2 的发送次数", 2, d.sent(501).size());
            x.near("resent after, ms", "重传发生于，ms", 20, d.sent(501).get(1).ms() - start, 1e-9);
            x.below("RTO would be, ms: that is before it, ms", "早于 RTO，ms", 220, d.sent(501).get(1).ms() - start);
            w.advance(20);
            x.equal("then ACK 6", "随后确认 6", 2501, d.acks().getLast());
            x.equal("TCPFastRetrans", "TCPFastRetrans", 1, d.a().count(Counter.TcpExtTCPFastRetrans));
            x.equal("RetransSegs", "RetransSegs", 1, d.retransmissions());
            x.equal("TCPTimeouts", "TCPTimeouts", 0, d.a().count(Counter.TcpExtTCPTimeouts));
            x.equal(sack ? "TCPSackRecovery" : "TCPRenoRecovery", sack ? "TCPSackRecovery" : "TCPRenoRecovery", 1,
                    d.a().count(sack ? Counter.TcpExtTCPSackRecovery : Counter.TcpExtTCPRenoRecovery));
        }
        twoAreNotEnough(x);
        lostAgain(x, x.stage("the retransmission is lost, too", "重传也丢失"));
    }

    private static void lostAgain(Lab x, Stage s) {
        Duo d = Retransmissions.duo(s, 500).connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        s.begin();
        d.link().from(d.a()).drop(d.dataAt(501).first(2));
        d.send(5 * 500);
        s.world().advance(1000);
        x.equal("segment 2 was sent, times", "报文段 2 的发送次数", 3, d.sent(501).size());
        x.equal("received", "收到字节", 2500, d.sink().received());
        x.equal("TCPLostRetransmit, TCPTimeouts", "TCPLostRetransmit, TCPTimeouts", List.of(1, 1),
                List.of(d.a().count(Counter.TcpExtTCPLostRetransmit), d.a().count(Counter.TcpExtTCPTimeouts)));
    }

    private static void twoAreNotEnough(Lab x) {
        Stage s = x.stage("two duplicates are reordering", "两个重复 ACK 只是乱序");
        Duo d = Retransmissions.duo(s, 500).connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        s.begin();
        d.link().from(d.a()).delay(d.dataAt(501).nth(1), 3);
        d.send(4 * 500);
        s.world().advance(30);
        x.equal("ACKs when two overtake segment 2", "报文段 2 被两个超越时的确认", List.of(501, 501, 501, 2001), d.acks());
        x.equal("nothing is resent", "不重传", 0, d.retransmissions());
    }
}

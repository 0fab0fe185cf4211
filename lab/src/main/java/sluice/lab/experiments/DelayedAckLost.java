package sluice.lab.experiments;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.recovery.PathFault;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.sim.Match;
import sluice.sim.World;

/** Three counters. */
@Rfc(value = 9293, section = "3.8.6.3", req = {"MUST-40", "SHLD-18"})
final class DelayedAckLost implements Experiment {
    @Override
    public About about() {
        return About.of("delayed-ack-lost", Chapter.RETRANSMISSION, "DelayedACKs, DelayedACKLocked, DelayedACKLost",
                "DelayedACKs 等三个计数器").says(
                        "A delayed ACK waits 40 ms for data to ride on. When it is lost, or comes later than the "
                                + "sender "
                                + "waits, the data comes again: the receiver answers that at once and counts "
                                + "DelayedACKLost.",
                        "延迟确认最多等待 40 ms，以便搭数据的便车。若它丢失，或晚于发送方的等待时间，数据会再次到来：接收方立即确认并计入 DelayedACKLost。");
    }

    @Override
    public Text gap() {
        return new Text("DelayedACKLocked counts nothing here: a connection is never locked by its application while "
                + "a timer runs out.",
                "DelayedACKLocked 在此恒为 0：计时器到期时连接不会被应用锁住。");
    }

    @Override
    public void run(Lab x) {
        lost(x, x.stage("the delayed ACK is lost", "延迟确认丢失"));
        late(x, x.stage("a sender whose RTO is 45 ms: it comes too late", "发送方 RTO 为 45 ms：确认来得太晚"));
    }

    /** As on Linux what ends with PSH is acknowledged at once when it is read at once: this application waits. */
    private static Duo duo(Stage s, long fixedRtoUs) {
        SocketOptions o = Retransmissions.sending();
        o.fixedRtoUs = fixedRtoUs;
        Duo d = Retransmissions.duo(s, 500).connect(o, new SocketOptions()).reading();
        d.sink().slowly(1 << 20, 5000);
        return d;
    }

    private static void lost(Lab x, Stage s) {
        World w = s.world();
        Duo d = duo(s, 0);
        for (int i = 0; i < 40; i++) { // until the receiver is no longer in quick mode
            d.send(500);
            w.advance(100);
        }
        s.begin();
        long delayed = d.b().count(Counter.TcpExtDelayedACKs);
        double start = w.nowMs();
        d.send(500);
        w.advance(100);
        x.near("the ACK leaves after the segment came, ms", "报文段到达后多久发出确认，ms", 40,
                s.segments(d.b()).getFirst().ms() - start - 10, 0.01);
        x.equal("DelayedACKs moves by", "DelayedACKs 增加", 1, d.b().count(Counter.TcpExtDelayedACKs) - delayed);
        x.equal("DelayedACKLost", "DelayedACKLost", 0, d.b().count(Counter.TcpExtDelayedACKLost));
        d.link().from(d.b()).drop(Match.pureAck().nth(1));
        d.send(500);
        w.advance(600);
        x.equal("one is lost: DelayedACKs moves by", "丢失一个：DelayedACKs 增加", 2,
                d.b().count(Counter.TcpExtDelayedACKs) - delayed);
        x.equal("DelayedACKLost: the peer repeated its data", "DelayedACKLost：对端重复了数据", 1,
                d.b().count(Counter.TcpExtDelayedACKLost));
        x.equal("DelayedACKLocked: nothing locks a connection here", "DelayedACKLocked：这里没有锁住连接的调用", 0,
                d.b().count(Counter.TcpExtDelayedACKLocked));
        Retransmissions.diagnosis(x, s, d, 0, 1, 0, 0);
    }

    private static void late(Lab x, Stage s) {
        Duo d = duo(s, 45_000);
        for (int i = 0; i < 40; i++) {
            d.send(500);
            s.world().advance(100);
        }
        x.atLeast("DelayedACKLost: ACKs later than the sender's timeout", "DelayedACKLost：确认晚于发送方的超时", 1,
                d.b().count(Counter.TcpExtDelayedACKLost));
        x.equal("data lost", "数据丢失", 0, d.sender().recovery().diagnosis().segments(PathFault.DATA_LOST));
    }
}

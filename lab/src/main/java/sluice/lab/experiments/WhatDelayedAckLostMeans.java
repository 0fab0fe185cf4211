package sluice.lab.experiments;

import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.recovery.PathFault;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;

/** The counter that the second document's author met at work. */
final class WhatDelayedAckLostMeans implements Experiment {
    @Override
    public About about() {
        return About.of("what-delayed-ack-lost-means", Chapter.QUESTIONS, "What does DelayedACKLost mean?",
                "delayAckLost 是什么意思？").says(
                        "It counts data that came although it was received before: the sender did not see our "
                                + "ACK in time. "
                                + "An ACK that was lost is one cause; on a path that loses nothing, a sender that "
                                + "retransmits too early is another.",
                        "它统计“已收到过却又到来”的数据：发送方没有及时看到我们的 ACK。原因之一是 ACK 丢失；在不丢包的路径上，则可能是发送方重传过早。");
    }

    @Override
    public void run(Lab x) {
        count(x, x.stage("nothing is lost", "没有丢失"), 0, 0, 0);
        count(x, x.stage("five ACKs are lost", "丢失五个确认"), 5, 0, 5);
        count(x, x.stage("nothing is lost, RTO is fixed at 15 ms for a round trip of 20",
                "没有丢失，往返 20 ms 而 RTO 固定为 15 ms"), 0, 15_000, 10);
    }

    private static void count(Lab x, Stage s, int lost, long fixedRtoUs, int expected) {
        SocketOptions o = Retransmissions.sending();
        o.fixedRtoUs = fixedRtoUs;
        o.congestionControl = "fixed:1";
        Duo d = Retransmissions.duo(s, 500).connect(o, Retransmissions.quick()).reading();
        s.begin();
        for (int i = 0; i < 10; i++) {
            if (i < lost) {
                d.link().from(d.b()).drop(Match.pureAck().nth(1));
            }
            d.send(500);
            d.untilAcknowledged();
            s.world().advance(1000);
        }
        x.equal("DelayedACKLost", "DelayedACKLost", expected, d.b().count(Counter.TcpExtDelayedACKLost));
        x.equal("received: each byte once", "收到：每个字节一次", 5000, d.sink().received());
        x.equal("segments that were lost", "丢失的数据报文段", 0,
                d.sender().recovery().diagnosis().segments(PathFault.DATA_LOST));
    }
}

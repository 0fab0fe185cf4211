package sluice.lab.experiments;

import java.util.List;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.World;

/** An application that does not read. */
final class WindowZeroThenSilence implements Experiment {
    @Override
    public About about() {
        return About.of("window-zero-then-silence", Chapter.QUESTIONS, "Window zero, then silence", "零窗口，然后沉默").says(
                "The sender's data is stuck and the network is well: the receiver's application does not read. "
                        + "Probes go on at longer and longer intervals, and when the receiver dies too they end as "
                        + "tcp_retries2 says.",
                "发送方的数据停滞，而网络正常：是接收方的应用不读取数据。窗口探测间隔越来越长；若接收方也死了，则按 tcp_retries2 结束。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Windows.plain(s, "sender", "receiver", 1500).connect(new SocketOptions(), Windows.receiving(10_000,
                true));
        s.begin();
        d.send(50_000);
        w.advance(600_000);
        x.equal("received and not read: six segments, a seventh does not fit", "已收到但未读取：六个报文段，第七个放不下", 8760,
                d.receiver().available());
        x.equal("advertised", "通告窗口", 0, d.advertised());
        x.atLeast("probes in ten minutes", "十分钟内的探测次数", 8, d.a().count(Counter.TcpExtTCPWinProbe));
        x.equal("lost on the way: RetransSegs", "途中丢失：RetransSegs", 0, d.retransmissions());
        x.equal("who is slow is told by the queues: Recv-Q there, unsent here", "谁慢由队列看出：对端 Recv-Q、本端未发送",
                List.of(8760, 41_240), List.of(d.receiver().available(), d.sender().unsentBytes()));
        x.equal("and still connected", "连接仍在", TcpState.ESTABLISHED, d.sender().state());
        d.link().cut();
        double since = w.nowMs();
        w.runFor(3_600_000, () -> d.sender().state() == TcpState.CLOSED);
        x.equal("the receiver dies: what the sender sees", "接收方死亡：发送方看到", Errno.ETIMEDOUT, d.sender().takeError());
        x.between("after, minutes: 15 probes of 2 minutes at most", "经过，分钟：15 次、每次最多 2 分钟", 10, 34,
                (w.nowMs() - since) / 60_000);
    }
}

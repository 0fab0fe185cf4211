package sluice.lab.experiments;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.World;

/** The peer is well. */
@Rfc(value = 9293, section = "3.8.4", req = {"MUST-26", "MUST-28"})
final class KeepaliveAlive implements Experiment {
    @Override
    public About about() {
        return About.of("keepalive-alive", Chapter.KEEPALIVE, "Keepalive: the peer is well", "保活：对端正常").says(
                "After two idle hours a probe goes out, an empty segment of a number already acknowledged. The peer "
                        + "answers, and the timer starts over.",
                "空闲两小时后发出一个探测：序列号为已确认字节的空报文段。对端应答后，保活计时器重新开始。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Keepalives.idle(s, new SocketOptions());
        double since = Keepalives.since(s);
        w.runFor(Keepalives.DAY_MS, () -> !Keepalives.probes(s, d).isEmpty());
        x.near("first probe after, s", "首次探测于，秒", 7200, (Keepalives.probes(s, d).getFirst().ms() - since) / 1000,
                0.001);
        x.equal("bytes in it", "其中的数据字节", 0, Keepalives.probes(s, d).getFirst().payload());
        w.settle();
        double answered = w.nowMs();
        x.equal("answers", "应答", 1, s.segments(d.b()).size() - 1);
        w.runFor(Keepalives.DAY_MS, () -> Keepalives.probes(s, d).size() == 2);
        x.near("the next, after the answer, s", "应答之后的下一次，秒", 7200, (Keepalives.probes(s,
                d).get(1).ms() - answered) / 1000, 0.001);
        w.advance(200 * 3600 * 1000.0);
        x.equal("after 200 hours", "200 小时后", TcpState.ESTABLISHED, d.sender().state());
        x.equal("every probe was answered: TCPKeepAlive", "每次探测都得到应答：TCPKeepAlive", s.segments(d.b()).size() - 1,
                d.a().count(Counter.TcpExtTCPKeepAlive));
    }
}

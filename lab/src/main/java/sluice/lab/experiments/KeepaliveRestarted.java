package sluice.lab.experiments;

import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.sim.World;

/** The peer has forgotten. */
final class KeepaliveRestarted implements Experiment {
    @Override
    public About about() {
        return About.of("keepalive-restarted", Chapter.KEEPALIVE, "Keepalive: the peer came back", "保活：对端崩溃后重启").says(
                "The server crashed and came back while nothing was sent: it knows nothing of the connection. The "
                        + "probe is answered by RST, and read() fails with \"connection reset\".",
                "服务端在空闲期间崩溃并重启，已不记得这个连接。探测报文得到 RST，read() 失败并返回“connection reset”。");
    }

    @Override
    public Text gap() {
        return new Text("The crash is a connection aborted while the link is cut: nobody hears of it, and nothing is "
                + "left of it.",
                "崩溃以链路断开时中止连接来模拟：没有人得知，也不留任何状态。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Keepalives.idle(s, new SocketOptions());
        double since = Keepalives.since(s);
        d.link().cut(); // what it was doing when it crashed, nobody hears
        d.receiver().abort(w.nowNs());
        w.settle();
        d.link().heal();
        w.runFor(Keepalives.DAY_MS, () -> !Keepalives.probes(s, d).isEmpty());
        x.near("probe after, s", "探测于，秒", 7200, (w.nowMs() - since) / 1000, 0.001);
        x.equal("until then the client believes", "在此之前客户端认为", TcpState.ESTABLISHED, d.sender().state());
        w.settle();
        x.equal("the answer", "应答", "R", s.segments(d.b()).getLast().letters());
        x.equal("the client", "客户端", TcpState.CLOSED, d.sender().state());
        x.equal("read() says", "read() 返回", "Connection reset by peer", Keepalives.read(d));
    }
}

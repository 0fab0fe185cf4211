package sluice.lab.experiments;

import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.World;

/** The peer never closes. */
final class FinWait2Timeout implements Experiment {
    @Override
    public About about() {
        return About.of("fin-wait-2-timeout", Chapter.CLOSING, "FIN-WAIT-2 ends", "FIN-WAIT-2 超时").says(
                "The client has closed and the server never does. Nobody owns the client's end any more, so the "
                        + "kernel ends it after tcp_fin_timeout.",
                "客户端已关闭，服务端始终不关闭。客户端这一端已没有应用程序持有（孤儿连接），内核在 tcp_fin_timeout 后结束它。");
    }

    @Override
    public void run(Lab x) {
        for (int seconds : new int[]{60, 5}) {
            Stage s = x.stage("tcp_fin_timeout=" + seconds, "tcp_fin_timeout=" + seconds);
            World w = s.world();
            Duo d = (seconds == 60 ? s.duo("client", "server") : s.duo("client", "server",
                    "tcp_fin_timeout=5")).connect();
            s.begin();
            d.sender().close(w.nowNs());
            w.advance(20);
            x.equal("client", "客户端", TcpState.FIN_WAIT_2, d.sender().state());
            double since = w.nowMs();
            w.runFor(120_000, () -> d.a().host().tcp().tableSize() == 0);
            x.near("the orphan lasts, s", "孤儿连接持续，秒", seconds, (w.nowMs() - since) / 1000, 0.001);
            x.equal("the server still", "服务端仍处于", TcpState.CLOSE_WAIT, d.receiver().state());
        }
    }
}

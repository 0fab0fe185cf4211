package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.World;

/** Four segments, and a minute. */
@Rfc(value = 9293, section = "3.6", req = "MUST-13")
final class FourWayClose implements Experiment {
    @Override
    public About about() {
        return About.of("four-way-close", Chapter.CLOSING, "The four-way close", "四次挥手").says(
                "Each direction is closed by a FIN and its ACK; the server may take its time between the two. "
                        + "Only the side that closes first has TIME-WAIT, for 2·MSL = 60 s.",
                "每个方向各需要一个 FIN 和一个 ACK，服务端的 ACK 与 FIN 之间可以间隔任意时间。只有主动关闭的一方进入 TIME-WAIT，持续 2·MSL = 60 秒。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = s.duo("client", "server").connect();
        d.sender().close(w.nowNs());
        w.settle();
        x.equal("client after its FIN was acknowledged", "FIN 被确认后的客户端", TcpState.FIN_WAIT_2, d.sender().state());
        x.equal("server", "服务端", TcpState.CLOSE_WAIT, d.receiver().state());
        x.equal("server's read(): end of the stream", "服务端 read() 返回：流结束", -1, d.b().read(d.receiver(), 1));
        w.advance(50);
        d.receiver().close(w.nowNs());
        w.advance(10);
        double since = w.nowMs();
        w.settle();
        x.equal("client's states", "客户端状态", List.of(TcpState.SYN_SENT, TcpState.ESTABLISHED, TcpState.FIN_WAIT_1,
                TcpState.FIN_WAIT_2, TcpState.TIME_WAIT), w.log().states(d.a()));
        x.equal("server's states", "服务端状态", List.of(TcpState.SYN_RECEIVED, TcpState.ESTABLISHED,
                TcpState.CLOSE_WAIT, TcpState.LAST_ACK, TcpState.CLOSED), w.log().states(d.b()));
        List<String> closing = new ArrayList<>();
        s.segments(d.a()).stream().skip(2).forEach(seg -> closing.add("client " + seg.letters()));
        s.segments(d.b()).stream().skip(1).forEach(seg -> closing.add("server " + seg.letters()));
        x.equal("segments of the close", "挥手的报文段", List.of("client F.", "client .", "server .", "server F."), closing);
        x.equal("TIME-WAITs: client", "TIME-WAIT 数：客户端", 1, d.a().host().tcp().timeWaitCount());
        x.equal("TIME-WAITs: server", "TIME-WAIT 数：服务端", 0, d.b().host().tcp().timeWaitCount());
        w.runFor(120_000, () -> d.a().host().tcp().tableSize() == 0);
        x.near("TIME-WAIT lasts, s", "TIME-WAIT 持续时间，秒", 60, (w.nowMs() - since) / 1000, 0.001);
        x.equal("left in both tables", "两端连接表剩余", 0, d.a().host().tcp().tableSize() + d.b().host().tcp().tableSize());
    }
}

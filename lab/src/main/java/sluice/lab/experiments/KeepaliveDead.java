package sluice.lab.experiments;

import java.util.List;
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

/** The peer is gone. */
@Rfc(value = 9293, section = "3.8.4", req = {"MUST-24", "MUST-27", "MUST-29"})
final class KeepaliveDead implements Experiment {
    @Override
    public About about() {
        return About.of("keepalive-dead", Chapter.KEEPALIVE, "Keepalive: the peer is gone", "保活：对端不可达").says(
                "Nine probes, 75 s apart, stay without an answer: 2 h 11 min 15 s after the last sign of life the "
                        + "connection ends with \"connection timed out\". The three values can be set for a host and "
                        + "for a socket.",
                "每隔 75 秒一次、共九次探测都没有应答：在最后一次活动后 2 小时 11 分 15 秒，连接以“connection timed out”结束。三个参数可按主机或按套接字设置。");
    }

    @Override
    public void run(Lab x) {
        dead(x, x.stage("Linux's defaults", "Linux 默认值"), new SocketOptions(), new int[]{7200, 75, 9});
        x.equal("that is 2 h 11 min 15 s, s", "即 2 小时 11 分 15 秒，秒", 7875, 2 * 3600 + 11 * 60 + 15);
        SocketOptions o = new SocketOptions();
        o.keepIdleSeconds = 60;
        o.keepIntervalSeconds = 10;
        o.keepCount = 5;
        dead(x, x.stage("TCP_KEEPIDLE 60, TCP_KEEPINTVL 10, TCP_KEEPCNT 5",
                "TCP_KEEPIDLE 60，TCP_KEEPINTVL 10，TCP_KEEPCNT 5"), o, new int[]{60, 10, 5});
        dead(x, x.stage("tcp_keepalive_time=20 intvl=2 probes=4", "tcp_keepalive_time=20 intvl=2 probes=4"),
                new SocketOptions(), new int[]{20, 2, 4}, "tcp_keepalive_time=20", "tcp_keepalive_intvl=2",
                "tcp_keepalive_probes=4");
    }

    private static void dead(Lab x, Stage s, SocketOptions o, int[] values, String... settings) {
        World w = s.world();
        Duo d = Keepalives.idle(s, o, settings);
        double since = Keepalives.since(s);
        d.link().cut();
        w.runFor(Keepalives.DAY_MS, () -> d.sender().state() == TcpState.CLOSED);
        List<Double> at = Keepalives.probes(s, d).stream().map(p -> Math.rint((p.ms() - since) / 10) / 100).toList();
        x.equal("probes", "探测次数", values[2], at.size());
        x.equal("first probe, s", "首次探测，秒", values[0], at.getFirst());
        x.equal("between probes, s", "探测间隔，秒", values[1], at.get(1) - at.get(0));
        x.near("given up after " + values[0] + " + " + values[2] + " × " + values[1] + ", s",
                "放弃于 " + values[0] + " + " + values[2] + " × " + values[1] + "，秒", values[0] + values[2] * values[1],
                (w.nowMs() - since) / 1000, 0.001);
        x.equal("TCPKeepAlive", "TCPKeepAlive", values[2], d.a().count(Counter.TcpExtTCPKeepAlive));
        x.equal("read() says", "read() 返回", "Connection timed out", Keepalives.read(d));
    }
}

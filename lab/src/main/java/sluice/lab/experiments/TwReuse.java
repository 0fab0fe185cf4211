package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.Path;
import sluice.sim.World;
import sluice.wire.Packet;

/** A port in TIME-WAIT is taken again. */
@Rfc(value = 6191, section = "2")
final class TwReuse implements Experiment {
    private static final String ONE_PORT = "ip_local_port_range=40000 40000";

    @Override
    public About about() {
        return About.of("tw-reuse", Chapter.CLOSING, "tcp_tw_reuse", "复用 TIME-WAIT：tcp_tw_reuse").says(
                "With tcp_tw_reuse=1 and timestamps the connecting side may take a port that has been in TIME-WAIT "
                        + "for more than a second. Old segments are then known by their timestamps (PAWS); without "
                        + "timestamps the setting has no effect.",
                "tcp_tw_reuse=1 且启用时间戳时，连接发起方可以复用处于 TIME-WAIT 超过 1 秒的端口。旧报文段由时间戳识别（PAWS）；关闭时间戳时该设置无效。");
    }

    @Override
    public void run(Lab x) {
        reused(x, x.stage("tcp_tw_reuse=1, tcp_timestamps=1", "tcp_tw_reuse=1，tcp_timestamps=1"));
        for (String[] off : new String[][]{{"tcp_tw_reuse=1", "tcp_timestamps=0"}, {"tcp_tw_reuse=0",
            "tcp_timestamps=1"}}) {
            Stage s = x.stage(String.join(", ", off), String.join("，", off)).noLadder();
            TimeWaits t = TimeWaits.of(s, off[0], off[1], ONE_PORT);
            t.openAndClose();
            s.world().advance(30_000);
            x.equal("connecting after 30 s", "30 秒后连接", Errno.EADDRNOTAVAIL, t.connectError());
        }
    }

    private static void reused(Lab x, Stage s) {
        World w = s.world();
        TimeWaits t = TimeWaits.of(s, "tcp_tw_reuse=1", "tcp_timestamps=1", ONE_PORT);
        Path path = w.links().getFirst().from(t.client());
        List<Packet> old = new ArrayList<>();
        path.see(Match.pureAck().first(1), v -> old.add(Packets.copy(v.packet())));
        TcpSocket before = t.openAndClose();
        int last = s.segments(t.client(), Match.fin()).getFirst().seq();
        x.equal("TIME-WAITs", "TIME-WAIT 数", 1, t.timeWaits());
        x.equal("connecting at once", "立即连接", Errno.EADDRNOTAVAIL, t.connectError());
        w.advance(990);
        x.equal("after less than a second", "不到一秒", Errno.EADDRNOTAVAIL, t.connectError());
        w.advance(20);
        s.begin();
        TcpSocket c = t.client().connect(t.server(), 80);
        w.settle();
        x.equal("after more than a second", "超过一秒", TcpState.ESTABLISHED, c.state());
        x.equal("from the same port", "相同端口", before.localPort(), c.localPort());
        x.equal("TWRecycled: client, server", "TWRecycled：客户端、服务端", List.of(1, 0),
                List.of(t.client().count(Counter.TcpExtTWRecycled), t.server().count(Counter.TcpExtTWRecycled)));
        x.equal("TIME-WAITs left", "剩余 TIME-WAIT", 0, t.timeWaits());
        x.atLeast("new numbers are beyond the old ones by", "新序列号超出旧序列号", 65_536,
                Integer.toUnsignedLong(s.segments(t.client()).getFirst().seq() - last));
        t.client().write(c, 100);
        w.settle();
        path.inject(old.getFirst()); // which the network kept
        w.settle();
        x.equal("PAWSEstab: an old segment is dropped", "PAWSEstab：旧报文段被丢弃", 1,
                t.server().count(Counter.TcpExtPAWSEstab));
    }
}

package sluice.lab.experiments;

import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.World;

/** Both at once. */
@Rfc(value = 9293, section = "3.5", req = "MUST-10")
final class SimultaneousOpen implements Experiment {
    @Override
    public About about() {
        return About.of("simultaneous-open", Chapter.CONNECTING, "Both connect at once", "同时打开").says(
                "Both ends connect to each other and their SYNs cross. Both go through SYN-RECEIVED, and there is "
                        + "one connection, not two.",
                "双方同时向对方发起连接，两个 SYN 在途中交叉。双方都经过 SYN-RECEIVED，最终只有一个连接。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        SimHost a = s.host("a");
        SimHost b = s.host("b");
        s.link(a, b).delayMs(10);
        TcpSocket ta = a.connect(new SocketOptions(), 5000, b.address(), 6000);
        TcpSocket tb = b.connect(new SocketOptions(), 6000, a.address(), 5000);
        w.settle();
        for (SimHost h : List.of(a, b)) {
            x.equal("states of " + h, h + " 的状态", List.of(TcpState.SYN_SENT, TcpState.SYN_RECEIVED,
                    TcpState.ESTABLISHED), w.log().states(h));
            x.equal("connections of " + h, h + " 的连接数", 1, h.host().tcp().tableSize());
        }
        x.equal("SYNs of a, SYN-ACKs of b", "a 的 SYN 数，b 的 SYN-ACK 数", List.of(1, 1), List.of(s.segments(a,
                Match.syn()).size(), s.segments(b, Match.synAck()).size()));
        a.write(ta, 5000);
        b.write(tb, 5000);
        w.advance(500);
        x.equal("bytes both ways", "双向字节数", List.of(5000, 5000), List.of(a.read(ta, 10_000), b.read(tb, 10_000)));
    }
}

package sluice.lab.experiments;

import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.SimHost;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** Both FINs cross. */
@Rfc(value = 9293, section = "3.6")
final class SimultaneousClose implements Experiment {
    @Override
    public About about() {
        return About.of("simultaneous-close", Chapter.CLOSING, "Both close at once", "同时关闭").says(
                "Both ends close at once and their FINs cross. Both pass through CLOSING, and both have TIME-WAIT.",
                "双方同时关闭，两个 FIN 在途中交叉。双方都经过 CLOSING，也都进入 TIME-WAIT。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = s.duo("a", "b").connect();
        s.begin();
        d.sender().close(w.nowNs());
        d.receiver().close(w.nowNs());
        w.settle();
        for (SimHost h : List.of(d.a(), d.b())) {
            List<TcpState> states = w.log().states(h);
            x.equal("last states of " + h, h + " 的最后几个状态", List.of(TcpState.FIN_WAIT_1, TcpState.CLOSING,
                    TcpState.TIME_WAIT), states.subList(states.size() - 3, states.size()));
            x.equal("segments of " + h + ": a FIN and an ACK", h + " 的报文段：一个 FIN 和一个 ACK", List.of("F.", "."),
                    s.segments(h).stream().map(WireSegment::letters).toList());
            x.equal("TIME-WAITs of " + h, h + " 的 TIME-WAIT 数", 1, h.host().tcp().timeWaitCount());
        }
        w.advance(60_001);
        x.equal("left after 60 s", "60 秒后剩余", 0, d.a().host().tcp().tableSize() + d.b().host().tcp().tableSize());
    }
}

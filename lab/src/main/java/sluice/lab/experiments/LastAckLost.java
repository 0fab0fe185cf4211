package sluice.lab.experiments;

import java.util.List;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** Why the active closer waits: its last ACK may be lost. */
@Rfc(value = 9293, section = "3.10.7.4", req = "MUST-13")
final class LastAckLost implements Experiment {
    @Override
    public About about() {
        return About.of("last-ack-lost", Chapter.CLOSING, "The last ACK is lost", "最后一个 ACK 丢失").says(
                "The server's FIN is repeated because its ACK was lost. A client in TIME-WAIT acknowledges it again "
                        + "and starts 2·MSL anew; one without TIME-WAIT answers with RST, and the server sees an "
                        + "error.",
                "最后的 ACK 丢失，服务端重发 FIN。处于 TIME-WAIT 的客户端再次确认，并重新开始 2·MSL；没有 TIME-WAIT 的客户端回 RST，服务端看到错误。");
    }

    @Override
    public void run(Lab x) {
        Stage with = x.stage("with TIME-WAIT", "有 TIME-WAIT");
        Duo d = lost(with, false);
        World w = with.world();
        x.equal("client has TIME-WAIT", "客户端处于 TIME-WAIT", 1, d.a().host().tcp().timeWaitCount());
        w.runUntil("the server is done", () -> d.receiver().state() == TcpState.CLOSED);
        double again = w.nowMs() - 10;
        List<WireSegment> fins = with.segments(d.b(), Match.fin());
        x.equal("the server's FIN is sent, times", "服务端 FIN 的发送次数", 2, fins.size());
        x.equal("the same one", "同一个 FIN", fins.getFirst().seq(), fins.getLast().seq());
        x.holds("the server sees no error", "服务端没有错误", d.receiver().takeError() == null);
        x.equal("it knows that an ACK was lost, not the FIN", "服务端知道丢失的是 ACK，而不是 FIN", 1,
                d.b().count(Counter.SluicePathAckLost));
        w.runFor(120_000, () -> d.a().host().tcp().tableSize() == 0);
        x.near("2·MSL starts anew: TIME-WAIT after the second FIN, s", "2·MSL 重新计时：第二个 FIN 之后的 TIME-WAIT，秒", 60,
                (w.nowMs() - again) / 1000, 0.002);
        Stage without = x.stage("2·MSL forced to 0", "2·MSL 强制为 0");
        Duo e = lost(without, true);
        x.equal("entries of the client", "客户端连接表条目", 0, e.a().host().tcp().tableSize());
        without.world().advance(2000);
        x.equal("the second FIN is answered with", "第二个 FIN 得到的回应", "R", without.segments(e.a()).getLast().letters());
        x.equal("the server", "服务端", TcpState.CLOSED, e.receiver().state());
        x.equal("what it sees", "服务端看到的错误", Errno.ECONNRESET, e.receiver().takeError());
    }

    private static Duo lost(Stage s, boolean noTimeWait) {
        World w = s.world();
        Duo d = s.duo("client", "server").connect();
        if (noTimeWait) {
            d.a().host().tcp().timeWaitNs(0);
        }
        s.begin();
        d.sender().close(w.nowNs());
        w.settle();
        d.link().from(d.a()).drop(Match.pureAck().nth(1));
        d.receiver().shutdownWrite(w.nowNs());
        w.settle();
        return d;
    }
}

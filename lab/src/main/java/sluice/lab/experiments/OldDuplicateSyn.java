package sluice.lab.experiments;

import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Held;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** RFC 9293's figure 8. */
@Rfc(value = 9293, section = "3.5")
final class OldDuplicateSyn implements Experiment {
    @Override
    public About about() {
        return About.of("old-duplicate-syn", Chapter.CONNECTING, "An old SYN overtakes the new one",
                "旧的 SYN 先于新的 SYN 到达").says(
                        "A SYN of an earlier attempt arrives before the present one, and the server answers it. "
                                + "The client "
                                + "sees a wrong ACK number, resets that, and the new SYN connects (RFC 9293 figure 8).",
                        "早先一次尝试的 SYN 先到达，服务端对它作出应答。客户端发现确认号不对，发送 RST；随后新的 SYN 建立连接（RFC 9293 图 8）。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        SimHost client = s.host("client");
        SimHost server = s.host("server");
        SimLink link = s.link(client, server).delayMs(10);
        TcpListener l = server.listen(80);
        Held old = link.from(client).hold(Match.syn().first(1));
        Held fresh = link.from(client).hold(Match.syn());
        TcpSocket first = client.connect(new SocketOptions(), 5000, server.address(), 80);
        w.advance(50);
        first.abort(w.nowNs());
        TcpSocket second = client.connect(new SocketOptions(), 5000, server.address(), 80);
        w.advance(1);
        old.release();
        w.settle();
        List<WireSegment> up = s.segments(client);
        WireSegment synAck = s.segments(server).getFirst();
        WireSegment rst = up.get(2);
        x.equal("the server answers the old SYN: ACK − its ISN", "服务端应答旧 SYN：确认号 − 旧 ISN", 1,
                synAck.ack() - up.get(0).seq());
        x.equal("for the new one that is right", "对新 SYN 而言正确", false, synAck.ack() == up.get(1).seq() + 1);
        x.equal("the client answers with", "客户端回应", "R", rst.letters());
        x.equal("RST's SEQ − that ACK", "RST 的序列号 − 该确认号", 0, rst.seq() - synAck.ack());
        x.equal("the client goes on waiting", "客户端继续等待", TcpState.SYN_SENT, second.state());
        x.equal("half-opens left at the server", "服务端剩余半连接", 0, l.synQueueLength());
        fresh.release();
        w.settle();
        x.equal("then the new SYN connects", "随后新 SYN 建立连接", TcpState.ESTABLISHED, second.state());
        x.equal("connections at the server", "服务端连接数", 1, server.host().tcp().tableSize());
    }
}

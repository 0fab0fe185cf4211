package sluice.lab.experiments;

import java.util.HashSet;
import java.util.Set;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.BulkSender;
import sluice.sim.World;

/** One direction is over, the other goes on. */
@Rfc(value = 9293, section = "3.6")
final class HalfClose implements Experiment {
    private static final int BYTES = 200_000;

    @Override
    public About about() {
        return About.of("half-close", Chapter.CLOSING, "Half-close", "半关闭").says(
                "The client shuts down its sending side and goes on receiving in FIN-WAIT-2. The server's read() "
                        + "says end-of-stream only after all data that was queued before the FIN.",
                "客户端关闭自己的发送方向，在 FIN-WAIT-2 状态继续接收。服务端的 read() 在读完 FIN 之前排队的全部数据后才返回流结束。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = s.duo("client", "server").connect();
        d.send(3000);
        d.sender().shutdownWrite(w.nowNs());
        w.advance(120);
        x.equal("client", "客户端", TcpState.FIN_WAIT_2, d.sender().state());
        x.equal("server reads what was queued before the FIN", "服务端读到 FIN 之前的数据", 3000, d.b().read(d.receiver(),
                10_000));
        x.equal("and then the end of the stream", "然后读到流结束", -1, d.b().read(d.receiver(), 1));
        new BulkSender(d.b(), d.receiver(), BYTES);
        int received = 0;
        Set<TcpState> during = new HashSet<>();
        while (received < BYTES) {
            w.advance(1);
            int n = d.a().read(d.sender(), BYTES);
            if (n > 0) {
                received += n;
                during.add(d.sender().state());
            }
        }
        x.equal("the client still receives every byte", "客户端仍收到每个字节", BYTES, received);
        x.equal("in", "所处状态", Set.of(TcpState.FIN_WAIT_2), during);
        d.receiver().close(w.nowNs());
        w.settle();
        x.equal("after the server's FIN", "服务端 FIN 之后", TcpState.TIME_WAIT, w.log().states(d.a()).getLast());
        x.equal("TCPAbortOnData", "TCPAbortOnData", 0, d.a().count(Counter.TcpExtTCPAbortOnData));
    }
}

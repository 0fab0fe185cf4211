package sluice.lab.experiments;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.World;

/** The document's two conditions, and a third. */
final class WhenTwReuse implements Experiment {
    private static final String ONE_PORT = "ip_local_port_range=40000 40000";

    @Override
    public About about() {
        return About.of("when-may-tcp-tw-reuse-be-used", Chapter.QUESTIONS, "When may tcp_tw_reuse be used?",
                "什么时候可以用 tcp_tw_reuse？").says(
                        "It is safe where timestamps tell old segments from new ones: on the side that connects, "
                                + "after a "
                                + "second, and with tcp_timestamps=1. It does nothing for the server that closed "
                                + "first: a "
                                + "new SYN of the client is what ends that TIME-WAIT.",
                        "在时间戳能区分新旧报文段时才安全：只对连接发起方有效、超过一秒、且 tcp_timestamps=1。对主动关闭的服务端不起作用：是客户端的新 SYN 结束了它的 TIME-WAIT。");
    }

    @Override
    public void run(Lab x) {
        for (int reuse : new int[]{0, 1}) {
            for (int timestamps : new int[]{0, 1}) {
                String words = "tcp_tw_reuse=" + reuse + ", tcp_timestamps=" + timestamps;
                Stage s = x.stage(words, words).noLadder();
                TimeWaits t = TimeWaits.of(s, "tcp_tw_reuse=" + reuse, "tcp_timestamps=" + timestamps, ONE_PORT);
                t.openAndClose();
                s.world().advance(500);
                x.equal(words + ": after 0.5 s", words + "：0.5 秒后", "EADDRNOTAVAIL", said(t.connectError()));
                s.world().advance(1000);
                x.equal(words + ": after 1.5 s", words + "：1.5 秒后",
                        reuse * timestamps == 1 ? "connects" : "EADDRNOTAVAIL", said(t.connectError()));
            }
        }
        server(x, x.stage("the server closed first: TIME-WAIT is on its side", "服务端先关闭：TIME-WAIT 在服务端"));
    }

    private static String said(@Nullable Errno e) {
        return e == null ? "connects" : e.name();
    }

    private static void server(Lab x, Stage s) {
        World w = s.world();
        Duo d = s.duo("client", "server", ONE_PORT);
        TcpListener l = d.b().listen(80);
        TcpSocket c = d.a().connect(d.b(), 80);
        w.settle();
        d.b().accept(l).close(w.nowNs());
        w.settle();
        c.close(w.nowNs());
        w.settle();
        x.equal("TIME-WAITs: client, server", "TIME-WAIT：客户端、服务端", List.of(0, 1),
                List.of(d.a().host().tcp().timeWaitCount(), d.b().host().tcp().timeWaitCount()));
        w.advance(100);
        TcpSocket again = d.a().connect(d.b(), 80);
        w.settle();
        x.equal("the same port again at once", "立即用同一端口", TcpState.ESTABLISHED, again.state());
        x.equal("TIME-WAITs of the server: the new SYN ended it", "服务端 TIME-WAIT：被新 SYN 结束", 0,
                d.b().host().tcp().timeWaitCount());
        x.equal("TWRecycled of the server: tcp_tw_reuse has no part in it", "服务端 TWRecycled：与 tcp_tw_reuse 无关", 0,
                d.b().count(Counter.TcpExtTWRecycled));
    }
}

package sluice.lab.experiments;

import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.observe.print.SocketTable;
import sluice.sim.SimHost;
import sluice.sim.World;

/** A pool of workers that wait for something else. */
final class NodeFullOfCloseWait implements Experiment {
    private static final int BACKLOG = 50;

    @Override
    public About about() {
        return About.of("a-node-full-of-close-wait", Chapter.QUESTIONS, "A node full of CLOSE-WAIT",
                "节点上堆满 CLOSE-WAIT").says(
                        "A server hangs and accepts nothing. Clients give up and close: their connections sit in "
                                + "the accept "
                                + "queue in CLOSE-WAIT, until it is full and no client gets in. When the server "
                                + "goes on it "
                                + "serves people who left long ago.",
                        "服务端卡住，不再 accept。客户端放弃并关闭：连接以 CLOSE-WAIT 停留在 accept 队列里，直到队列满、谁也进不来。服务端恢复后，服务的是早已离开的人。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().noLadder();
        World w = s.world();
        SimHost server = s.host("server", "tcp_syncookies=0");
        SimHost client = s.host("client");
        s.link(client, server).delayMs(10);
        TcpListener l = server.listen(new SocketOptions(), 80, BACKLOG);
        for (int i = 0; i < 200; i++) {
            TcpSocket c = client.connect(server, 80);
            w.advance(50);
            c.close(w.nowNs());
        }
        w.advance(100);
        long closeWaits = SocketTable.snapshot(server.host(),
                server.nowNs()).stream().filter(r -> r.state() == TcpState.CLOSE_WAIT).count();
        x.equal("CLOSE-WAITs: the accept queue and one", "CLOSE-WAIT：accept 队列长度加一", BACKLOG + 1, closeWaits);
        x.equal("accept queue", "accept 队列", BACKLOG + 1, l.acceptQueueLength());
        x.atLeast("ListenOverflows", "ListenOverflows", 100, server.count(Counter.TcpExtListenOverflows));
        int gone = 0;
        for (TcpSocket t = l.accept(); t != null; t = l.accept()) {
            gone += server.read(t, 1) < 0 ? 1 : 0;
            t.close(w.nowNs());
        }
        w.settle();
        x.equal("when it goes on: connections whose client has left", "恢复后：客户端已离开的连接", BACKLOG + 1, gone);
        x.equal("CLOSE-WAITs once it closes", "关闭之后的 CLOSE-WAIT", 0, SocketTable.snapshot(server.host(),
                server.nowNs()).stream().filter(r -> r.state() == TcpState.CLOSE_WAIT).count());
        x.note("Look for CLOSE-WAIT with a receive queue and without a process in ss -tnp: nobody has accepted it.",
                "在 ss -tnp 中寻找没有进程、Recv-Q 不为零的 CLOSE-WAIT：它还没有被 accept。");
    }
}

package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.SimHost;
import sluice.sim.World;

/** Slow clients, not attackers. */
final class SynQueueFull implements Experiment {
    @Override
    public About about() {
        return About.of("syn-queue-full", Chapter.QUESTIONS, "The SYN queue is full, and nobody attacks",
                "SYN 队列满了，却没有攻击").says(
                        "Many clients from far away connect in the same second: half-opens live for a round "
                                + "trip, and a "
                                + "small SYN queue overflows. Their SYNs are dropped, and each client waits a "
                                + "second before "
                                + "it tries again.",
                        "许多远方客户端在同一秒内连接：半连接要存活一个往返，较小的 SYN 队列因此溢出。SYN 被丢弃，每个客户端要等一秒才重试。");
    }

    @Override
    public void run(Lab x) {
        for (int backlog : new int[]{32, 1024}) {
            Stage s = x.stage("tcp_max_syn_backlog=" + backlog, "tcp_max_syn_backlog=" + backlog).noLadder();
            World w = s.world();
            SimHost server = s.host("server", "tcp_max_syn_backlog=" + backlog, "tcp_syncookies=0");
            SimHost client = s.host("client");
            s.link(client, server).delayMs(100);
            TcpListener l = server.listen(new SocketOptions(), 80, 4096);
            List<TcpSocket> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(client.connect(server, 80));
            }
            w.advance(400);
            long first = all.stream().filter(TcpSocket::isEstablished).count();
            boolean small = backlog == 32;
            x.equal("connected after 0.4 s: three quarters of the queue, and one", "0.4 秒后已连接：队列的四分之三加一",
                    small ? 25 : 100, first);
            x.equal("ListenDrops", "ListenDrops", small ? 75 : 0, server.count(Counter.TcpExtListenDrops));
            w.advance(20_000);
            x.equal("connected after 20 s: the repeated SYNs got in", "20 秒后已连接：重发的 SYN 进入", 100,
                    all.stream().filter(TcpSocket::isEstablished).count());
            x.equal("accept queue", "accept 队列", 100, l.acceptQueueLength());
        }
    }
}

package sluice.lab.experiments;

import java.util.List;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.World;

/** Nobody calls accept(). */
final class AcceptQueueOverflow implements Experiment {
    @Override
    public About about() {
        return About.of("accept-queue-overflow", Chapter.CONNECTING, "The accept queue is full", "accept 队列溢出").says(
                "The accept queue holds min(backlog, somaxconn) connections (as on Linux, one more). With "
                        + "tcp_abort_on_overflow=0 the last ACK of the next one is ignored and SYN-ACK is sent "
                        + "again; with 1 it is reset.",
                "accept 队列长度为 min(backlog, somaxconn)（与 Linux 一样，实际多一个）。tcp_abort_on_overflow=0 时，下一个连接的最后一个 ACK 被忽略，"
                        + "SYN-ACK 会重发；为 1 时回 RST。");
    }

    @Override
    public void run(Lab x) {
        ignored(x, x.stage("tcp_abort_on_overflow=0", "tcp_abort_on_overflow=0"));
        aborted(x, x.stage("tcp_abort_on_overflow=1", "tcp_abort_on_overflow=1"));
    }

    /** Fills the queue, then two more at once: the first fits. */
    private static List<TcpSocket> overflow(Lab x, Stage s, SimHost client, SimHost server, TcpListener l) {
        for (int i = 0; i < l.backlog(); i++) {
            client.connect(server, 80);
        }
        s.world().advance(100);
        x.equal("accept queue", "accept 队列", l.backlog(), l.acceptQueueLength());
        List<TcpSocket> two = List.of(client.connect(server, 80), client.connect(server, 80));
        s.ladder(client, server, two.get(1).localPort(), 80);
        s.world().advance(35);
        x.holds("both clients believe they are connected", "两个客户端都认为已连接",
                two.stream().allMatch(TcpSocket::isEstablished));
        x.equal("ListenOverflows, ListenDrops", "ListenOverflows, ListenDrops", List.of(1, 1),
                List.of(server.count(Counter.TcpExtListenOverflows), server.count(Counter.TcpExtListenDrops)));
        return two;
    }

    private static void ignored(Lab x, Stage s) {
        World w = s.world();
        SimHost client = s.host("client");
        SimHost server = s.host("server", "somaxconn=3", "tcp_syncookies=0");
        s.link(client, server).delayMs(10);
        x.equal("min(backlog 2, somaxconn 3)", "min(backlog 2, somaxconn 3)", 2, server.listen(new SocketOptions(),
                81, 2).backlog());
        TcpListener l = server.listen(new SocketOptions(), 80, 100);
        x.equal("min(backlog 100, somaxconn 3)", "min(backlog 100, somaxconn 3)", 3, l.backlog());
        List<TcpSocket> two = overflow(x, s, client, server, l);
        int answers = s.segments(server, Match.synAck()).size();
        w.advance(1000);
        x.equal("the ACK was ignored: SYN-ACK again", "ACK 被忽略：重发 SYN-ACK", 1, s.segments(server,
                Match.synAck()).size() - answers);
        x.equal("resets", "RST 数", 0, s.segments(server, Match.rst()).size());
        client.connect(server, 80);
        w.advance(20);
        x.equal("a SYN that finds it full is dropped: ListenOverflows", "队列已满时到达的 SYN 被丢弃：ListenOverflows", 3,
                server.count(Counter.TcpExtListenOverflows));
        server.accept(l);
        server.accept(l);
        w.advance(5000);
        x.equal("room again: the late ones come in", "腾出空间后，迟到者进入队列", 4, l.acceptQueueLength());
        x.holds("the two are connected", "那两个保持连接", two.stream().allMatch(TcpSocket::isEstablished));
    }

    private static void aborted(Lab x, Stage s) {
        SimHost client = s.host("client");
        SimHost server = s.host("server", "tcp_abort_on_overflow=1", "tcp_syncookies=0");
        s.link(client, server).delayMs(10);
        TcpListener l = server.listen(new SocketOptions(), 80, 2);
        List<TcpSocket> two = overflow(x, s, client, server, l);
        s.world().advance(20);
        x.equal("resets", "RST 数", 1, s.segments(server, Match.rst()).size());
        x.equal("what the client's read() says", "客户端 read() 返回", Errno.ECONNRESET, two.get(1).error);
        x.holds("the first is well", "第一个正常", two.get(0).isEstablished());
    }
}

package sluice.lab.experiments;

import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.SimLink;

/** Half-opens beyond the limit. */
final class SynQueueOverflow implements Experiment {
    @Override
    public About about() {
        return About.of("syn-queue-overflow", Chapter.CONNECTING, "The SYN queue is full", "SYN 队列溢出").says(
                "Half-open connections beyond tcp_max_syn_backlog are refused while cookies are off: the SYN is "
                        + "dropped and counted. As on Linux the last quarter is kept for peers that are known.",
                "关闭 cookie 时，超过 tcp_max_syn_backlog 的半连接被拒绝：SYN 被丢弃并计数。与 Linux 一样，最后四分之一留给已知的对端。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().noLadder();
        SimHost server = s.host("server", "tcp_max_syn_backlog=16", "tcp_syncookies=0");
        SimLink link = s.link(s.host("strangers"), server).delayMs(10);
        TcpListener l = server.listen(new SocketOptions(), 80, 128);
        s.world().advance(1);
        for (int n = 0; n < 50; n++) {
            link.to(server).inject(Packets.spoofedSyn(n, server));
        }
        s.world().advance(50);
        x.equal("SYN queue of tcp_max_syn_backlog=16: three quarters, and one",
                "tcp_max_syn_backlog=16 的 SYN 队列：四分之三加一", 13, l.synQueueLength());
        x.equal("ListenDrops of 50 SYNs", "50 个 SYN 中的 ListenDrops", 37, server.count(Counter.TcpExtListenDrops));
        x.equal("SYN-ACKs", "SYN-ACK 数", 13, s.segments(server, Match.synAck()).size());
    }
}

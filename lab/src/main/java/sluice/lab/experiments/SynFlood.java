package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.PacketView;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.World;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/** Spoofed SYNs. */
@Rfc(value = 4987, section = "3.6")
final class SynFlood implements Experiment {
    private static final int HONEST = 10;

    @Override
    public About about() {
        return About.of("syn-flood", Chapter.CONNECTING, "A SYN flood, and cookies", "SYN 攻击与 SYN cookie").says(
                "SYNs with invented sender addresses fill the server's queue of half-open connections (the SYN "
                        + "queue): nobody answers its SYN-ACKs. Without cookies honest clients then cannot connect. "
                        + "With them the server keeps nothing for a SYN that finds the queue full: what it has to "
                        + "know is hidden in the sequence number of its SYN-ACK (the cookie), and an honest client's "
                        + "ACK brings it back.",
                "源地址伪造的 SYN 填满服务端的半连接队列（SYN 队列）：没有人应答它的 SYN-ACK。不用 cookie 时，正常客户端便无法连接。启用后，"
                        + "队列已满时服务端不为 SYN 保存任何状态：所需信息藏在 SYN-ACK 的序列号中（即 cookie），正常客户端的 ACK 会把它带回来。");
    }

    @Override
    public void run(Lab x) {
        without(x, x.stage("tcp_syncookies=0", "tcp_syncookies=0"));
        with(x, x.stage("tcp_syncookies=1", "tcp_syncookies=1"));
        withoutTimestamps(x, x.stage("cookies, clients without timestamps", "cookie，客户端不用时间戳"));
    }

    private static TcpListener flooded(Lab x, Stage s, SimHost client, SimHost server, int mtu) {
        s.ladder(client, server);
        SimLink link = s.link(client, server).delayMs(10).mtu(mtu);
        TcpListener l = server.listen(new SocketOptions(), 80, 128);
        Packets.flood(s.world(), link, server);
        s.world().advance(500);
        x.equal("SYN queue: full, half-open connections", "SYN 队列：已满，半连接数", 128, l.synQueueLength());
        return l;
    }

    private static List<TcpSocket> honest(SimHost client, SimHost server) {
        List<TcpSocket> all = new ArrayList<>();
        for (int i = 0; i < HONEST; i++) {
            all.add(client.connect(server, 80));
        }
        return all;
    }

    private static void without(Lab x, Stage s) {
        SimHost client = s.host("client");
        SimHost server = s.host("server", "tcp_syncookies=0");
        flooded(x, s, client, server, 1500);
        List<TcpSocket> clients = honest(client, server);
        s.world().advance(150_000);
        x.equal("honest clients that time out", "超时失败的正常客户端", HONEST,
                clients.stream().filter(c -> c.error == Errno.ETIMEDOUT).count());
        x.atLeast("TCPReqQFullDrop (a counter): SYNs dropped: the queue is full", "TCPReqQFullDrop（计数器）：因队列已满丢弃的 SYN",
                1, server.count(Counter.TcpExtTCPReqQFullDrop));
        x.atLeast("ListenDrops (a counter): SYNs and ACKs dropped by the listener", "ListenDrops（计数器）：监听端丢弃的 SYN 与 ACK",
                1, server.count(Counter.TcpExtListenDrops));
        x.equal("SyncookiesSent (a counter): cookies sent", "SyncookiesSent（计数器）：发出的 cookie", 0,
                server.count(Counter.TcpExtSyncookiesSent));
    }

    private static void with(Lab x, Stage s) {
        World w = s.world();
        SimHost client = s.host("client");
        SimHost server = s.host("server", "tcp_syncookies=1");
        TcpListener l = flooded(x, s, client, server, 1340);
        List<TcpSocket> clients = honest(client, server);
        w.advance(25);
        x.equal("entries in the table: the queue's only, nothing for cookies", "连接表条目：只有队列中的，cookie 不占", 128,
                server.host().tcp().tableSize());
        w.advance(500);
        x.equal("honest clients that connect", "连接成功的正常客户端", HONEST,
                clients.stream().filter(TcpSocket::isEstablished).count());
        x.equal("accept queue", "accept 队列", HONEST, l.acceptQueueLength());
        TcpSocket t = server.accept(l);
        x.equal("MSS survives in the cookie", "MSS 保存在 cookie 中", 1300, t.agreed.peerMss);
        x.equal("window scale survives in the timestamp", "窗口扩大因子保存在时间戳中", 10, t.agreed.peerShift);
        x.holds("SACK and timestamps survive", "SACK 与时间戳保留",
                t.agreed.timestamps && t.agreed.windowScaling && t.agreed.sackPermitted);
        x.atLeast("SyncookiesSent (a counter): cookies sent", "SyncookiesSent（计数器）：发出的 cookie", HONEST,
                server.count(Counter.TcpExtSyncookiesSent));
        x.equal("SyncookiesRecv: cookies that came back", "SyncookiesRecv：返回的 cookie", HONEST,
                server.count(Counter.TcpExtSyncookiesRecv));
        Packet forged = Packets.spoofedSyn(5000, server);
        Tcp.setFlags(forged.memory, forged.start + 20, Tcp.ACK);
        Tcp.setAck(forged.memory, forged.start + 20, 12_345);
        new PacketView().of(forged).fixChecksum();
        w.links().getFirst().to(server).inject(forged);
        w.advance(50);
        x.equal("SyncookiesFailed: an ACK with no cookie of ours", "SyncookiesFailed：确认号不是我们的 cookie", 1,
                server.count(Counter.TcpExtSyncookiesFailed));
        TcpSocket c = clients.stream().filter(o -> o.localPort() == t.remotePort()).findFirst().orElseThrow();
        client.write(c, 20_000);
        server.write(t, 20_000);
        w.advance(2000);
        x.equal("data flows both ways, bytes", "双向数据，字节", List.of(20_000, 20_000), List.of(server.read(t, 100_000),
                client.read(c, 100_000)));
    }

    private static void withoutTimestamps(Lab x, Stage s) {
        SimHost client = s.host("client", "tcp_timestamps=0");
        SimHost server = s.host("server");
        TcpListener l = flooded(x, s, client, server, 1500);
        client.connect(server, 80);
        s.world().advance(100);
        TcpSocket t = server.accept(l);
        x.equal("MSS survives", "MSS 保留", 1460, t.agreed.peerMss);
        x.equal("window scale or SACK survive: no place to keep them", "窗口扩大或 SACK 保留：没有地方存放", false,
                t.agreed.windowScaling || t.agreed.sackPermitted);
    }
}

package sluice.lab.experiments;

import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.SimHost;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** Three segments. */
@Rfc(value = 9293, section = "3.5")
final class Handshake implements Experiment {
    @Override
    public About about() {
        return About.of("handshake", Chapter.CONNECTING, "The three-way handshake", "三次握手").says(
                "Before any data, three segments (TCP's word for packets): SYN, SYN-ACK, ACK. With them each end tells "
                        + "the other from which number it counts its bytes (its initial sequence number, ISN) and "
                        + "learns that the other got it. The client's connect() returns with the second segment, the "
                        + "server's accept() with the third.",
                "传输数据之前先交换三个报文段：SYN、SYN-ACK、ACK。双方借此告知对方自己的字节从哪个编号开始（初始序列号 ISN），并得知对方已收到。客户端的 connect() 在第二个报文段到达时返回，"
                        + "服务端的 accept() 在第三个到达时返回。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        SimHost client = s.host("client");
        SimHost server = s.host("server");
        s.link(client, server).delayMs(10);
        TcpListener l = server.listen(80);
        x.equal("server before the first segment", "服务端初始状态", TcpState.LISTEN, l.state());
        TcpSocket c = client.connect(server, 80);
        double[] returned = {-1, -1};
        client.on(c, () -> returned[0] = returned[0] < 0 && c.isEstablished() ? w.nowMs() : returned[0]);
        server.on(l, () -> returned[1] = returned[1] < 0 && l.acceptQueueLength() > 0 ? w.nowMs() : returned[1]);
        client.on(c, () -> {
            if (c.isEstablished() && c.sendBuffer.end() == 0) {
                client.write(c, 100);
            }
        });
        w.advance(15);
        boolean[] half = {false};
        server.host().tcp().forEachEndpoint(
                e -> half[0] |= e instanceof HalfOpen && e.state() == TcpState.SYN_RECEIVED);
        x.holds("half open after the first (SYN-RECEIVED)", "收到第一个后处于半连接（SYN-RECEIVED）", half[0]);
        w.settle();
        x.equal("client's states", "客户端状态", List.of(TcpState.SYN_SENT, TcpState.ESTABLISHED),
                w.log().states(client));
        x.equal("server's states", "服务端状态", List.of(TcpState.SYN_RECEIVED, TcpState.ESTABLISHED),
                w.log().states(server));
        x.equal("connect() returns when the second segment is there, ms", "connect() 在第二个报文段到达时返回，ms", 20, returned[0]);
        x.equal("accept() returns when the third is there, ms", "accept() 在第三个报文段到达时返回，ms", 30, returned[1]);
        WireSegment syn = s.segments(client).get(0);
        WireSegment synAck = s.segments(server).get(0);
        WireSegment third = s.segments(client).get(1);
        x.equal("flags, as tcpdump writes them: S SYN, . ACK, P PSH", "标志位（tcpdump 写法：S SYN，. ACK，P PSH）",
                List.of("S", "S.", "P."), List.of(syn.letters(), synAck.letters(), third.letters()));
        x.equal("second's acknowledgment number − client's ISN", "第二个的确认号 − 客户端 ISN", 1, synAck.ack() - syn.seq());
        x.equal("third's acknowledgment number − server's ISN", "第三个的确认号 − 服务端 ISN", 1, third.ack() - synAck.seq());
        x.equal("data on the first two, bytes", "前两个携带的数据，字节", 0, syn.payload() + synAck.payload());
        x.equal("data on the third: it may, bytes", "第三个可以携带数据，字节", 100, third.payload());
        TcpSocket a = server.accept(l);
        x.equal("read at the server, bytes", "服务端读到，字节", 100, server.read(a, 1000));
    }
}

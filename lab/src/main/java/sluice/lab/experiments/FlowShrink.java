package sluice.lab.experiments;

import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.sim.Held;
import sluice.sim.Match;
import sluice.sim.World;

/** The buffer is cut before the sender knows. */
@Rfc(value = 9293, section = "3.8.6", req = {"SHLD-14", "MUST-34", "SHLD-15", "SHLD-16", "SHLD-17"})
final class FlowShrink implements Experiment {
    @Override
    public About about() {
        return About.of("flow-shrink", Chapter.FLOW, "A receiver that shrinks its window", "接收方收缩窗口").says(
                "140 bytes wait in a buffer of 360 and the system cuts it by 120 before the sender knows. A receiver "
                        + "that shrinks its window drops what is on the way; the real stack never moves the right "
                        + "edge left, and drops nothing.",
                "360 字节的缓冲区里有 140 字节未读，系统在发送方得知之前把缓冲区减少 120。收缩窗口的接收方会丢掉途中的数据；真实协议栈从不把窗口右沿左移，什么也不丢。");
    }

    @Override
    public void run(Lab x) {
        lesson(x, x.stage("a receiver that shrinks its window (the wrong way)", "收缩窗口的接收方（错误做法）").lesson());
        real(x, x.stage("the real stack", "真实协议栈"));
    }

    private static void lesson(Lab x, Stage s) {
        World w = s.world();
        SocketOptions r = Windows.receiving(360, true);
        r.shrinksWindow = true;
        r.sillyWindows = true;
        Duo d = Windows.plain(s, "client", "server", 1500).connect(Retransmissions.sending(), r);
        s.begin();
        d.send(140);
        x.equal("client sends 140: usable", "客户端发送 140：可用窗口", 220, d.usable());
        w.advance(9);
        d.receiver().change(o -> o.receiveBufferBytes = 240, w.nowNs());
        w.advance(2);
        x.equal("server advertises", "服务端通告", 100, d.advertised());
        d.send(180);
        d.windows("the client has sent 180 more", "客户端又发送了 180");
        x.equal("the client, who does not know yet, sends 180: usable", "客户端尚不知情，发送 180：可用窗口", 40, d.usable());
        w.advance(9.5);
        d.windows("the client learns of the window of 100", "客户端得知窗口为 100");
        x.equal("it learns: SND.WND, usable", "得知后：SND.WND、可用窗口", List.of(100, -80), List.of(d.sender().snd.wnd,
                d.usable()));
        w.advance(1);
        x.differs(new Text("of the 180 bytes the server drops", "服务端丢弃 180 字节中的"), 180, 80,
                320 - d.receiver().receiveBuffer.available(),
                new Text("The document drops the whole packet; RFC 9293 (3.10.7.4) takes the part that fits the "
                        + "window. What does not fit is lost either way.",
                        "文档丢弃整个报文段；RFC 9293（3.10.7.4）接收窗口内的部分。装不下的部分无论如何都丢了。"));
        d.b().read(d.receiver(), 1000);
        w.advance(3000);
        x.atLeast("it has to be sent again: RetransSegs", "必须重传：RetransSegs", 1, d.retransmissions());
        x.equal("the sender got over it: received in all", "发送方恢复：共收到", 320, d.rcvNxt() - 1);
    }

    private static void real(Lab x, Stage s) {
        World w = s.world();
        Duo d = Windows.duo(s, "client", "server", 360, Windows.SMALL_MTU);
        s.begin();
        Held acks = d.link().from(d.b()).hold(Match.pureAck());
        d.send(140);
        w.advance(10);
        d.receiver().change(o -> o.receiveBufferBytes = 240, w.nowNs());
        d.send(180);
        x.equal("client sends 180: usable", "客户端发送 180：可用窗口", 40, d.usable());
        w.advance(10);
        acks.release();
        w.advance(15);
        d.windows("the server keeps its promise", "服务端信守承诺");
        x.equal("nothing is dropped: in the buffer", "没有丢弃：缓冲区中", 320, d.receiver().receiveBuffer.available());
        x.equal("360 stays the right edge: advertised, usable", "右沿仍为 360：通告、可用", List.of(40, 40),
                List.of(d.advertised(), d.usable()));
        d.link().from(d.b()).untap();
        d.send(40);
        w.settle();
        x.equal("the window is lowered first", "先降低窗口", 0, d.advertised());
        d.b().read(d.receiver(), 1000);
        w.settle();
        x.equal("the buffer later: all is read, advertised", "再缩小缓冲区：全部读走后通告", 240, d.advertised());
        x.equal("RetransSegs", "RetransSegs", 0, d.retransmissions());
    }
}

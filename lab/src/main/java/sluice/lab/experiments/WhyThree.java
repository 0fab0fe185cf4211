package sluice.lab.experiments;

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
import sluice.sim.World;

/** Both numbers have to be known, and old SYNs refused. */
final class WhyThree implements Experiment {
    @Override
    public About about() {
        return About.of("why-three-and-not-two", Chapter.QUESTIONS, "Why three segments and not two?",
                "为什么是三次握手而不是两次？").says(
                        "After two segments the server has not heard that its own number arrived, and could not "
                                + "tell a SYN "
                                + "of today from one of yesterday. Here the SYN is an old one and its sender is "
                                + "gone: with "
                                + "three segments nothing is left of it.",
                        "两个报文段之后，服务端不知道自己的序列号是否送达，也分不清今天的 SYN 和昨天的 SYN。这里到达的是旧 SYN，其发送者早已不在：有了第三个报文段，服务端不会留下任何东西。");
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
        TcpSocket gone = client.connect(server, 80);
        w.advance(1);
        gone.abort(w.nowNs());
        w.settle();
        old.release(); // its sender wants nothing any more
        w.advance(15);
        x.equal("an old SYN arrives: half-opens", "旧 SYN 到达：半连接", 1, l.synQueueLength());
        x.equal("connections the application gets of two segments", "仅两个报文段后应用得到的连接", 0, l.acceptQueueLength());
        w.settle();
        x.equal("the third segment of one who knows nothing of it", "一无所知的客户端发出的第三个报文段", "R",
                s.segments(client).getLast().letters());
        x.equal("left at the server", "服务端剩余", 0, server.host().tcp().tableSize());
    }
}

package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.sim.Held;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.World;

/** What a server would be that opens a connection for each SYN. */
final class TwoWayCounterfactual implements Experiment {
    @Override
    public About about() {
        return About.of("two-way-counterfactual", Chapter.CONNECTING, "What two segments would cost", "假如只有两次握手").says(
                "A SYN is stuck and repeated four times, then all five arrive. The real stack makes one connection "
                        + "of them; a server that opened one for each SYN would have five, four of them dead.",
                "SYN 在网络中滞留并重发四次，随后五个一起到达。真实协议栈只建立一个连接；若每个 SYN 都建立连接，就会有五个，其中四个是无效的。");
    }

    @Override
    public Text gap() {
        return new Text("The server that opens a connection for each SYN is a model that counts SYNs: no stack does "
                + "that.",
                "为每个 SYN 建立连接的服务端只是一个计数 SYN 的模型：没有协议栈这样做。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        SimHost client = s.host("client");
        SimHost server = s.host("server");
        SimLink link = s.link(client, server).delayMs(10);
        TcpListener l = server.listen(80);
        List<Integer> model = new ArrayList<>(); // (b): a connection for each SYN
        link.from(client).see(Match.syn(), v -> model.add(v.seq()));
        Held held = link.from(client).hold(Match.syn().first(5));
        TcpSocket c = client.connect(server, 80);
        w.advance(4500);
        x.equal("SYNs on the way: one and four repeats", "滞留的 SYN：一个加四次重发", 5, held.size());
        held.release();
        w.advance(500);
        x.equal("the client", "客户端", TcpState.ESTABLISHED, c.state());
        x.equal("(a) three segments: connections", "(a) 三次握手：连接数", 1, server.host().tcp().tableSize());
        x.equal("(a) accept queue", "(a) accept 队列", 1, l.acceptQueueLength());
        x.equal("(b) two segments: connections", "(b) 两次握手：连接数", 5, model.size());
        x.equal("(b) all but one dead", "(b) 其中无效的", 4, model.size() - new HashSet<>(model).size());
    }
}

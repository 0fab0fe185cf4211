package sluice.lab.experiments;

import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.BulkSender;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.VerifyingSink;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** What fits a packet. */
@Rfc(value = 9293, section = "3.7.1", req = {"MUST-14", "MUST-16", "SHLD-6"})
@Rfc(value = 1191, section = "3")
final class Mss implements Experiment {
    private static final int TIMESTAMPS = 12;

    @Override
    public About about() {
        return About.of("mss", Chapter.CONNECTING, "MSS: what fits a packet", "MSS：一个包能装下的数据").says(
                "Each end announces MTU − 40 (IPv4) or − 60 (IPv6), and sends at most what the other announced and "
                        + "what the path carries. So no IP fragment appears.",
                "双方各自通告 MTU − 40（IPv4）或 − 60（IPv6），发送时不超过对方的通告和路径的承载能力。因此不会出现 IP 分片。");
    }

    @Override
    public void run(Lab x) {
        for (boolean v6 : new boolean[]{false, true}) {
            Stage s = x.stage(v6 ? "IPv6" : "IPv4", v6 ? "IPv6" : "IPv4");
            int headers = v6 ? 60 : 40;
            SimHost client = s.host("client");
            SimHost server = s.host("server");
            SimHost router = s.host("router").router();
            s.link(client, router).delayMs(5);
            s.link(router, server).delayMs(5).mtu(1400);
            TcpListener l = server.listen(80);
            TcpSocket c = client.connect(new SocketOptions(), v6 ? server.address6() : server.address(), 80);
            s.world().runUntil("connected", () -> l.acceptQueueLength() > 0);
            TcpSocket t = server.accept(l);
            x.equal("MSS offered, MTU 1500", "通告的 MSS，MTU 1500", 1500 - headers, s.segments(client).getFirst().mss());
            x.equal("MSS offered, MTU 1400", "通告的 MSS，MTU 1400", 1400 - headers, s.segments(server).getFirst().mss());
            client.write(c, 10_000);
            server.write(t, 10_000);
            s.world().advance(2000);
            x.equal("delivered both ways", "双向交付字节", List.of(10_000, 10_000), List.of(client.read(c, 20_000),
                    server.read(t, 20_000)));
            x.equal("largest payload of the client (less 12 for timestamps)", "客户端最大负载（减去时间戳 12）",
                    1400 - headers - TIMESTAMPS, largest(s, client));
            x.equal("largest payload of the server", "服务端最大负载", 1400 - headers - TIMESTAMPS, largest(s, server));
            x.equal("IP fragments", "IP 分片", 0, s.world().hosts().stream().mapToInt(h -> s.world().log().sent(h,
                    Match.fragment())).sum());
        }
        narrow(x, x.stage("a narrower link in the middle (MTU 1300)", "中间有更窄的链路（MTU 1300）"));
    }

    private static int largest(Stage s, SimHost h) {
        return s.segments(h, Match.data()).stream().mapToInt(WireSegment::payload).max().orElse(0);
    }

    private static void narrow(Lab x, Stage s) {
        SimHost client = s.host("client");
        SimHost server = s.host("server");
        SimHost r1 = s.host("r1").router();
        SimHost r2 = s.host("r2").router();
        s.link(client, r1).delayMs(5);
        s.link(r1, r2).delayMs(5).mtu(1300);
        s.link(r2, server).delayMs(5);
        World.Pair p = s.world().connect(client, server, 80);
        new BulkSender(client, p.client(), 50_000);
        VerifyingSink sink = new VerifyingSink(server, p.server());
        s.world().runUntil("all there", () -> sink.received() == 50_000);
        x.equal("neither end knows: MSS offered", "两端都不知道：通告的 MSS", 1460, s.segments(client,
                Match.syn()).getFirst().mss());
        x.equal("path MTU discovery finds it: payload", "路径 MTU 发现后：负载", 1300 - 40 - TIMESTAMPS, p.client().sendMss);
        x.equal("fragments that arrive", "到达的分片", 0, s.world().log().arrived(server, Match.fragment()));
    }
}

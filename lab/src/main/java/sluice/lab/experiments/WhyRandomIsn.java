package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Entropy;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.PacketView;
import sluice.sim.World;
import sluice.wire.Packet;
import sluice.wire.Tcp;

/** Who cannot see cannot guess. */
final class WhyRandomIsn implements Experiment {
    private static final int GUESSES = 10_000;

    @Override
    public About about() {
        return About.of("why-a-random-isn", Chapter.QUESTIONS, "Why a random initial sequence number?",
                "为什么初始序列号要随机？").says(
                        "A stranger who sees no packet of the connection sends 10,000 data segments with guessed "
                                + "numbers. Of "
                                + "2^32 numbers a window of 64 KB is one part in 65,536, and the ACK number has "
                                + "to fit too: "
                                + "none is taken.",
                        "一个看不到连接报文的攻击者，用猜测的序号发送一万个数据报文段。64 KB 的窗口只占 2^32 的 1/65536，而且确认号也必须吻合：没有一个被接受。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().noLadder();
        World w = s.world();
        Duo d = s.duo("client", "server", "tcp_timestamps=0").connect();
        List<Packet> sample = new ArrayList<>();
        d.link().from(d.a()).see(Match.data(), v -> sample.add(Packets.copy(v.packet())));
        d.send(100);
        w.settle();
        Packet forged = sample.getFirst();
        Entropy guess = w.random("a stranger");
        for (int i = 0; i < GUESSES; i++) {
            Tcp.setSeq(forged.memory, forged.start + 20, (int) guess.nextLong());
            Tcp.setAck(forged.memory, forged.start + 20, (int) guess.nextLong());
            new PacketView().of(forged).fixChecksum();
            d.link().to(d.b()).inject(forged);
        }
        w.advance(1000);
        x.equal("bytes the server has, of the client's own", "服务端的字节数（均来自客户端）", 100,
                d.receiver().available() + d.receiver().reassembly.bytes());
        x.equal("they are the right ones", "内容正确", 100, d.b().read(d.receiver(), 1000));
        x.equal("the connection", "连接状态", TcpState.ESTABLISHED, d.receiver().state());
        d.send(100);
        w.settle();
        x.equal("and it goes on", "连接继续可用", 100, d.b().read(d.receiver(), 1000));
    }
}

package sluice.lab.experiments;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import sluice.base.Counter;
import sluice.core.MtuDiscovery;
import sluice.core.udp.UdpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** 4,000 bytes in one datagram and in a stream. */
final class Fragmentation implements Experiment {
    @Override
    public About about() {
        return About.of("fragmentation", Chapter.SEGMENTS, "IP fragments and TCP segments", "IP 分片与 TCP 分段").says(
                "4,000 bytes in one UDP datagram are split by IP into 3 fragments: one of them lost, all is lost. "
                        + "TCP cuts at its MSS, and resends the one segment that was lost.",
                "一个 4000 字节的 UDP 数据报被 IP 分成 3 片：丢一片即全部作废。TCP 按 MSS 分段，只重传丢失的那一个报文段。");
    }

    @Override
    public void run(Lab x) {
        udp(x, x.stage("UDP", "UDP").noLadder());
        Stage s = x.stage("TCP", "TCP");
        Duo d = s.duo("sender", "receiver", "tcp_timestamps=0").connect().reading();
        s.begin();
        d.link().from(d.a()).drop(Match.data().nth(2));
        d.send(4000);
        s.world().runUntil("all there", () -> d.sink().received() == 4000);
        x.equal("TCP: segments; the last is the lost one again", "TCP：报文段长度，最后一个是对丢失者的重传", List.of(1460, 1460, 1080,
                1460), d.data().stream().map(WireSegment::payload).toList());
        x.equal("it is the second", "正是第二个", d.seq(d.data().get(1)), d.seq(d.data().get(3)));
        x.equal("RetransSegs", "RetransSegs", 1, d.retransmissions());
        x.equal("IP fragments of TCP", "TCP 的 IP 分片数", 0, s.world().log().sent(d.a(), Match.fragment()));
    }

    private static void udp(Lab x, Stage s) {
        World w = s.world();
        Duo d = s.duo("sender", "receiver");
        MemorySegment buffer = Arena.ofAuto().allocate(65_536, 64);
        UdpSocket receiver = d.b().udp(53);
        UdpSocket sender = d.a().udp(0);
        sender.options().mtuDiscovery = MtuDiscovery.DONT;
        sender.send(buffer, 0, 4000, d.b().address(), 53, w.nowNs());
        w.settle();
        x.equal("UDP: IP splits 4,000 bytes into", "UDP：IP 把 4000 字节分成", 3, w.log().sent(d.a(), Match.fragment()));
        x.equal("FragCreates", "FragCreates", 3, d.a().count(Counter.IpFragCreates));
        x.holds("all there: the datagram is delivered", "全部到达：数据报交付", receiver.receive(buffer, 0, 65_536) != null);
        d.link().from(d.a()).drop(Match.fragment().nth(2));
        sender.send(buffer, 0, 4000, d.b().address(), 53, w.nowNs());
        double start = w.nowMs();
        w.runFor(60_000, () -> d.b().count(Counter.IpReasmTimeout) > 0);
        x.near("one fragment lost: reassembly times out after, s", "丢一片：重组超时于，秒", 30, (w.nowMs() - start) / 1000, 1.1);
        x.holds("and all of it is lost", "整个数据报作废", receiver.receive(buffer, 0, 65_536) == null);
    }
}

package sluice.lab.experiments;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.BulkSender;
import sluice.sim.SimHost;
import sluice.sim.World;
import sluice.wire.Tcp;
import sluice.wire.Udp;

/** The same megabyte by both protocols. */
final class UdpVsTcp implements Experiment {
    private static final int TOTAL = 1_000_000;
    private static final int MESSAGE = 1000;
    private static final String CLEAN = "delay 10ms 3ms limit 100000";
    private static final String BAD = "delay 10ms 3ms loss 2% duplicate 2% limit 100000";

    @Override
    public About about() {
        return About.of("udp-vs-tcp", Chapter.SEGMENTS, "UDP and TCP over the same bad path",
                "同一条劣质链路上的 UDP 与 TCP").says(
                        "A path that loses, reorders and doubles packets carries 1 MB. TCP delivers it whole, in "
                                + "order and "
                                + "once, and slows down; UDP keeps messages and its rate, and loses, reorders "
                                + "and repeats.",
                        "一条会丢包、乱序、重复的路径传输 1 MB。TCP 完整、按序、不重复地交付，但会减速；UDP 保持消息边界和发送速率，但会丢失、乱序和重复。");
    }

    @Override
    public void run(Lab x) {
        double clean = tcp(x, x.stage("TCP, no loss", "TCP，无丢包"), CLEAN);
        double lossy = tcp(x, x.stage("TCP, 2 % lost, 2 % doubled, reordered", "TCP，丢包 2 %、重复 2 %、乱序"), BAD);
        x.atLeast("TCP slows down under loss: time over time without", "TCP 在丢包时减速：与无丢包耗时之比", 2, lossy / clean);
        udp(x, x.stage("UDP over the same", "UDP，同样的路径").noLadder());
        manyPeers(x, x.stage("one UDP socket, ten peers", "一个 UDP 套接字，十个对端").noLadder());
        x.equal("header, bytes: UDP, TCP", "首部字节数：UDP、TCP", new int[]{8, 20}, new int[]{Udp.HEADER_LENGTH,
            Tcp.MIN_HEADER_LENGTH});
    }

    private static double tcp(Lab x, Stage s, String netem) {
        Duo d = s.noLadder().duo("sender", "receiver").delayMs(5).connect().reading();
        d.link().from(d.a()).netem(netem);
        double start = s.world().nowMs();
        new BulkSender(d.a(), d.sender(), TOTAL).thenClose();
        s.world().runUntil("delivered whole, in order, once", d.sink()::hasEnded);
        x.equal("TCP delivers whole, in order, once, bytes", "TCP 完整、按序、不重复交付，字节", TOTAL, d.sink().received());
        return s.world().nowMs() - start;
    }

    private static void udp(Lab x, Stage s) {
        World w = s.world();
        Duo d = s.duo("sender", "receiver").delayMs(5);
        d.link().from(d.a()).netem(BAD);
        MemorySegment buffer = Arena.ofAuto().allocate(65_536, 64);
        UdpSocket receiver = d.b().udp(53);
        receiver.options().setReceiveBufferBytes(8 << 20);
        UdpSocket sender = d.a().udp(0);
        sender.options().setSendBufferBytes(8 << 20);
        double start = w.nowMs();
        for (int i = 0; i < TOTAL / MESSAGE; i++) {
            buffer.set(ValueLayout.JAVA_INT, 0, i);
            sender.send(buffer, 0, MESSAGE, d.b().address(), 53, w.nowNs());
            w.advance(0.1);
        }
        w.settle();
        x.below("UDP does not slow down: 1,000 messages at one each 0.1 ms, ms", "UDP 不减速：每 0.1 ms 一条共 1000 条，ms",
                150, w.nowMs() - start);
        int got = 0;
        int late = 0;
        int last = -1;
        int whole = 0;
        Set<Integer> seen = new HashSet<>();
        for (UdpReceived r = receiver.receive(buffer, 0, 65_536); r != null; r = receiver.receive(buffer, 0, 65_536)) {
            int number = buffer.get(ValueLayout.JAVA_INT, 0);
            got++;
            whole += r.length == MESSAGE ? 1 : 0;
            seen.add(number);
            late += number < last ? 1 : 0;
            last = Math.max(last, number);
        }
        x.equal("messages that kept their boundaries", "保持边界的消息", got, whole);
        x.between("of 1,000 some are lost: different ones that came", "1000 条中有丢失：到达的不同消息", 950, 995, seen.size());
        x.between("some come twice", "有的到达两次", 5, 40, got - seen.size());
        x.atLeast("some come out of order", "有的乱序到达", 1, late);
    }

    private static void manyPeers(Lab x, Stage s) {
        World w = s.world();
        SimHost server = s.host("server");
        SimHost hub = s.host("hub").router();
        s.link(server, hub).delayMs(1);
        UdpSocket socket = server.udp(53);
        MemorySegment buffer = Arena.ofAuto().allocate(2000, 64);
        List<UdpSocket> peers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            SimHost c = s.host("c" + i);
            s.link(c, hub).delayMs(1);
            UdpSocket u = c.udp(0);
            u.send(buffer, 0, 100 + i, server.address(), 53, w.nowNs());
            peers.add(u);
        }
        w.settle();
        for (UdpReceived r = socket.receive(buffer, 0, 2000); r != null; r = socket.receive(buffer, 0, 2000)) {
            socket.send(buffer, 0, r.length, r.source(), r.sourcePort, w.nowNs());
        }
        w.settle();
        int answered = 0;
        for (int i = 0; i < 10; i++) {
            UdpReceived r = peers.get(i).receive(buffer, 0, 2000);
            answered += r != null && r.length == 100 + i ? 1 : 0;
        }
        x.equal("one UDP socket talks to, peers", "一个 UDP 套接字与之通信的对端数", 10, answered);
    }
}

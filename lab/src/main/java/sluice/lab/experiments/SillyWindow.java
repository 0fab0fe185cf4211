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
import sluice.sim.Match;
import sluice.sim.SlowReader;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** 1 of every 3 bytes. */
@Rfc(value = 9293, section = "3.8.6.2", req = {"MUST-38", "MUST-39"})
final class SillyWindow implements Experiment {
    @Override
    public About about() {
        return About.of("silly-window", Chapter.FLOW, "Silly windows", "糊涂窗口综合症").says(
                "A reader takes 1 of every 3 bytes of a buffer of 360. Without avoidance segments shrink to a few "
                        + "bytes with 40 bytes of header each; with it the receiver says 0 until min(MSS, buffer/2) "
                        + "is free, and the sender waits.",
                "缓冲区 360 字节，应用每收到 3 字节只读 1 字节。不加避免时，报文段缩小到几个字节，而每个都有 40 字节首部；加以避免时，接收方在 min(MSS, 缓冲区/2) 空闲之前一直通告 0，"
                        + "发送方也等待。");
    }

    @Override
    public void run(Lab x) {
        lesson(x, x.stage("no avoidance at either end (the wrong way)", "两端都不避免（错误做法）").lesson());
        real(x, x.stage("the real stack", "真实协议栈"));
    }

    private static void readsAThird(Duo d) {
        int[] consumed = {0};
        d.b().on(d.receiver(), () -> {
            int may = (d.rcvNxt() - 1) / 3 - consumed[0];
            consumed[0] += may > 0 ? d.b().read(d.receiver(), may) : 0;
        });
    }

    private static void lesson(Lab x, Stage s) {
        SocketOptions sending = Retransmissions.sending();
        sending.sillyWindows = true;
        SocketOptions r = Windows.receiving(360, true);
        r.sillyWindows = true;
        Duo d = Windows.plain(s, "sender", "receiver", 1500).connect(sending, r);
        readsAThird(d);
        s.begin();
        d.send(12_000);
        s.world().advance(200);
        List<Integer> sizes = d.data().stream().map(WireSegment::payload).toList();
        x.equal("segments", "报文段大小", List.of(360, 120, 40, 13), sizes.subList(0, 4));
        x.below("the smallest of them, bytes with 40 of header each", "最小的一个，字节（首部 40 字节）", 5,
                sizes.stream().mapToInt(v -> v).min().orElse(0));
    }

    private static void real(Lab x, Stage s) {
        World w = s.world();
        Duo d = Windows.connect(Windows.plain(s, "sender", "receiver", 1500), 360, false, false);
        readsAThird(d);
        s.begin();
        d.send(12_000);
        w.advance(50);
        x.equal("received, in the buffer", "收到、在缓冲区中", List.of(360, 240), List.of(d.rcvNxt() - 1,
                d.receiver().available()));
        d.windows("120 are free", "空闲 120");
        x.equal("120 are free, less than min(MSS, buffer/2) = 180: advertised", "空闲 120，小于 min(MSS, 缓冲区/2) = 180：通告",
                0, d.advertised());
        w.advance(20);
        d.b().read(d.receiver(), 59);
        w.advance(20);
        x.equal("179 are free: advertised", "空闲 179：通告", 0, d.advertised());
        d.b().read(d.receiver(), 1);
        w.advance(5);
        d.windows("180 are free", "空闲 180");
        x.equal("180 are free: advertised", "空闲 180：通告", 180, d.advertised());
        w.advance(20);
        new SlowReader(d.b(), d.receiver(), 20, 10);
        w.advance(1500);
        x.atLeast("smallest segment, bytes", "最小的报文段，字节", 180,
                d.data().stream().mapToInt(WireSegment::payload).min().orElse(0));
        x.holds("every window that is told is 0 or 180 at least", "通告的窗口要么为 0，要么不小于 180", s.segments(d.b(),
                Match.pureAck()).stream().allMatch(g -> g.window() == 0 || g.window() >= 180));
    }
}

package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.sim.Match;
import sluice.sim.WireSegment;
import sluice.sim.World;
import sluice.wire.Tcp;

/** The update is lost. */
@Rfc(value = 9293, section = "3.8.6.1", req = {"MUST-35", "MUST-36", "MUST-37", "SHLD-29", "SHLD-30"})
final class ZeroWindowDeadlock implements Experiment {
    @Override
    public About about() {
        return About.of("zero-window-deadlock", Chapter.FLOW, "The window update is lost", "窗口更新丢失与死锁").says(
                "The window is zero, the application reads, and the ACK that says so is lost. Without a persist "
                        + "timer both ends wait for ever; with it a probe after one RTO, and ever more rarely, finds "
                        + "the window open.",
                "窗口为零，应用读走数据，而通告新窗口的 ACK 丢失。没有持续计时器时双方永远等待；有了它，一个 RTO 之后（并逐渐变稀）的窗口探测会发现窗口已打开。");
    }

    @Override
    public void run(Lab x) {
        without(x, x.stage("without a persist timer (the wrong way)", "没有持续计时器（错误做法）").lesson());
        with(x, x.stage("with the persist timer", "有持续计时器"));
        forEver(x, x.stage("a receiver that goes on answering \"0\"", "接收方一直回答“0”"));
    }

    /** Closes the window, and opens it with an update that is lost. */
    private static Duo lost(Lab x, Stage s, boolean persist) {
        SocketOptions sending = Retransmissions.sending();
        sending.noPersistTimer = !persist;
        Duo d = Windows.plain(s, "sender", "receiver", Windows.SMALL_MTU).connect(sending, Windows.receiving(360,
                true));
        s.begin();
        d.send(600);
        s.world().advance(50);
        d.windows("the window is closed", "窗口已关闭");
        x.equal("advertised, SND.WND, bytes that wait", "通告、SND.WND、等待的字节", List.of(0, 0, 240),
                List.of(d.advertised(), d.sender().snd.wnd, d.sender().unsentBytes()));
        d.link().from(d.b()).drop(v -> v.has(Tcp.ACK) && v.window() > 0 && v.payload() == 0);
        d.b().read(d.receiver(), 1000);
        s.world().advance(1);
        d.link().from(d.b()).untap();
        d.windows("the application has read; the update is lost", "应用已读取；窗口更新丢失");
        x.equal("the update says, the sender believes", "更新通告的窗口，发送方认为的窗口", List.of(360, 0), List.of(d.advertised(),
                d.sender().snd.wnd));
        return d;
    }

    private static void without(Lab x, Stage s) {
        Duo d = lost(x, s, false);
        int before = s.segments(d.a()).size() + s.segments(d.b()).size();
        s.world().advance(3_600_000);
        x.equal("segments in the next hour", "随后一小时内的报文段", 0,
                s.segments(d.a()).size() + s.segments(d.b()).size() - before);
        x.equal("the sender still has, the receiver still waits after", "发送方仍有，接收方仍停在", List.of(240, 360),
                List.of(d.sender().unsentBytes(), d.rcvNxt() - 1));
    }

    private static void with(Lab x, Stage s) {
        Duo d = lost(x, s, true);
        d.reading();
        x.holds("the persist timer runs", "持续计时器在运行", d.sender().timers.isSet(TimerKind.PERSIST));
        int before = s.segments(d.a()).size();
        s.world().advance(1000);
        WireSegment probe = s.segments(d.a()).get(before);
        x.equal("a probe: bytes, SEQ", "探测：字节、SEQ", List.of(0, 360), List.of(probe.payload(), d.seq(probe)));
        x.equal("TCPWinProbe", "TCPWinProbe", 1, d.a().count(Counter.TcpExtTCPWinProbe));
        x.equal("it finds the window open: received", "发现窗口已打开：收到", 600, d.rcvNxt() - 1);
        x.equal("the persist timer runs", "持续计时器在运行", false, d.sender().timers.isSet(TimerKind.PERSIST));
    }

    private static void forEver(Lab x, Stage s) {
        World w = s.world();
        Duo d = Windows.duo(s, "sender", "receiver", 360, Windows.SMALL_MTU);
        s.begin();
        d.send(600);
        w.advance(50);
        List<Double> times = new ArrayList<>();
        d.link().from(d.a()).see(Match.pureAck(), v -> times.add(w.nowMs()));
        w.advance(2 * 3_600_000);
        double rto = d.sender().rtt.rtoUs() / 1000.0;
        int backingOff = 0;
        for (int i = 1; i < times.size(); i++) {
            double wait = Math.min(rto * Math.pow(2, i), 120_000);
            double gap = times.get(i) - times.get(i - 1); // the timer starts anew with each answer
            backingOff += gap >= wait - 0.01 && gap <= wait + 20.01 ? 1 : 0;
        }
        x.equal("RTO, ms", "RTO，ms", 220, rto);
        x.equal("probes that come after twice the wait before, 120 s at most", "间隔逐次加倍（最多 120 秒）的探测",
                times.size() - 1, backingOff);
        x.differs(new Text("probes before the connection is given up", "放弃连接之前的探测次数"), 3, "never given up",
                d.sender().state() == TcpState.ESTABLISHED && times.size() > 60 ? "never given up" : times.size()
                        + " probes",
                new Text("“3 probes of 30–60 s, then RST” is one implementation's choice: a receiver that keeps "
                        + "answering is never given up (RFC 9293 3.8.6.1).",
                        "“探测 3 次、每次 30–60 秒，然后 RST”是某些实现的选择：只要接收方一直应答，就永不放弃（RFC 9293 3.8.6.1）。"));
        d.reading();
        w.advance(130_000);
        x.equal("when it reads at last: received", "终于读取后：收到", 600, d.rcvNxt() - 1);
    }
}

package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Rfc;
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
import sluice.wire.Tcp;

/** The four parts of the sender's stream. */
@Rfc(value = 9293, section = "3.3.1")
final class SendWindow implements Experiment {
    @Override
    public About about() {
        return About.of("send-window", Chapter.WINDOW, "The sender's window", "发送窗口").says(
                "Bytes 1–31 are acknowledged, 32–45 sent, 46–51 may be sent, 52… may not. usable = SND.WND − "
                        + "(SND.NXT − SND.UNA); an ACK of 5 bytes lets the window slide by 5.",
                "1–31 字节已确认，32–45 已发送，46–51 可以发送，52 以后不可发送。可用窗口 = SND.WND − (SND.NXT − SND.UNA)；确认 5 个字节，窗口向右滑动 5。");
    }

    @Override
    public Text gap() {
        return new Text("A tap writes 20 into every window: a real receiver would not open its window by 5 "
                + "(silly-window avoidance).",
                "链路把每个窗口改写为 20：真实接收方不会把窗口打开 5 字节（糊涂窗口避免）。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Windows.plain(s, "sender", "receiver", 1500);
        // The receiver always says 20: its own silly-window avoidance would not open a window by 5.
        d.link().from(d.b()).rewrite(v -> v.has(Tcp.ACK), v -> Tcp.setWindow(v.packet().memory, v.transportOffset(),
                20));
        d.connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        d.send(11);
        w.settle();
        d.send(20);
        w.settle();
        s.begin();
        pointers(x, d, "bytes 1–31 are acknowledged", "1–31 字节已确认", 32, 32, 20, 20);
        Held acks = d.link().from(d.b()).hold(Match.pureAck());
        d.send(5);
        w.advance(0.001);
        d.send(9);
        w.advance(15);
        pointers(x, d, "32–45 are sent, 46–51 may be", "32–45 已发送，46–51 可发送", 32, 46, 20, 6);
        d.send(6);
        w.advance(1);
        pointers(x, d, "all is sent", "全部发出", 32, 52, 20, 0);
        d.send(5);
        w.advance(1);
        pointers(x, d, "52–56 have to wait", "52–56 必须等待", 32, 52, 20, 0);
        x.equal("bytes that wait", "等待发送的字节", 5, d.sender().unsentBytes());
        acks.releaseNext();
        List<Integer> slid = new ArrayList<>();
        d.link().from(d.a()).see(Match.data(), v -> slid.addAll(List.of(d.una(), v.seq() - d.sender().snd.iss,
                v.payload())));
        w.advance(10.5);
        x.equal("ACK of 32–36: SND.UNA 37, and 52–56 go: 5 bytes from 52",
                "确认 32–36：SND.UNA 37，随即发送 52–56：自 52 起 5 字节", List.of(37, 52, 5), slid);
        pointers(x, d, "the window slid by 5", "窗口滑动了 5", 37, 57, 20, 0);
    }

    private static void pointers(Lab x, Duo d, String en, String zh, int... expected) {
        d.windows(en, zh);
        x.equal(en + ": SND.UNA, SND.NXT, SND.WND, usable", zh + "：SND.UNA、SND.NXT、SND.WND、可用", expected,
                new int[]{d.una(), d.nxt(), d.sender().snd.wnd, d.usable()});
    }
}

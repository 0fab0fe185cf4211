package sluice.lab.experiments;

import sluice.base.Rfc;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Held;
import sluice.sim.Match;
import sluice.sim.World;

/** The documents' table of a window of 200. */
@Rfc(value = 9293, section = "3.3.1")
final class Flow200 implements Experiment {
    @Override
    public About about() {
        return About.of("flow-200", Chapter.FLOW, "A window of 200 bytes", "200 字节的窗口").says(
                "The server sends from SEQ 241 into a window of 200 bytes. What it sends makes the usable window "
                        + "smaller, "
                        + "what is acknowledged makes it larger again.",
                "服务端从 SEQ 241 起向 200 字节的窗口发送数据。发送使可用窗口变小，确认使其恢复。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        Duo d = Windows.duo(s, "server", "client", 200, Windows.SMALL_MTU).reading();
        for (int i = 0; i < 2; i++) {
            d.send(120);
            w.settle();
        }
        s.begin();
        step(x, d, "the server begins", "服务端开始发送", 200, 241);
        Held acks = d.link().from(d.b()).hold(Match.pureAck());
        d.send(80);
        step(x, d, "sends 80", "发送 80 字节", 120, 321);
        d.send(120);
        step(x, d, "sends 120", "发送 120 字节", 0, 441);
        w.advance(12);
        x.equal("client's RCV.NXT", "客户端 RCV.NXT", 441, d.rcvNxt());
        release(w, acks, 2);
        x.equal("SND.UNA after the ACK of the 80", "80 字节被确认后的 SND.UNA", 321, d.una());
        step(x, d, "the ACK of the 80", "80 字节被确认", 80, 441);
        release(w, acks, 3);
        x.equal("SND.UNA after the ACK of the 120", "120 字节被确认后的 SND.UNA", 441, d.una());
        step(x, d, "the ACK of the 120", "120 字节被确认", 200, 441);
        d.send(160);
        step(x, d, "sends 160", "发送 160 字节", 40, 601);
        w.advance(12);
        release(w, acks, 4);
        step(x, d, "the ACK of the 160", "160 字节被确认", 200, 601);
        x.equal("nothing is retransmitted", "没有重传", 0, d.retransmissions());
    }

    private static void step(Lab x, Duo d, String en, String zh, int usable, int nxt) {
        d.windows(en, zh);
        x.equal(en + ": usable, SND.NXT", zh + "：可用窗口，SND.NXT", new int[]{usable, nxt},
                new int[]{d.usable(), d.nxt()});
    }

    private static void release(World w, Held acks, int n) {
        for (int i = 0; i < n; i++) {
            acks.releaseNext();
        }
        w.advance(10.001);
    }
}

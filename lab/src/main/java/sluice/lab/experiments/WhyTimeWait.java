package sluice.lab.experiments;

import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Held;
import sluice.sim.Match;
import sluice.sim.World;

/** Once for the last ACK, once for the FIN that comes again. */
final class WhyTimeWait implements Experiment {
    @Override
    public About about() {
        return About.of("why-time-wait-and-2-msl", Chapter.QUESTIONS, "Why TIME-WAIT, and why 2·MSL?",
                "为什么需要 TIME-WAIT？为什么是 2·MSL？").says(
                        "The last ACK may live for one MSL and be lost at the very end; the FIN that comes again "
                                + "for it may "
                                + "take another. After both nothing of the connection can be on the way, in "
                                + "either direction.",
                        "最后的 ACK 最多存活一个 MSL 才丢失，因此而重发的 FIN 又可能走一个 MSL。两者过后，两个方向上都不会再有这个连接的报文段。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage("the FIN comes again after 29 s: MSL is 30 s", "FIN 在 29 秒后再次到达：MSL 为 30 秒");
        World w = s.world();
        Duo d = s.duo("client", "server").connect();
        s.begin();
        d.sender().close(w.nowNs());
        w.settle();
        d.link().from(d.a()).drop(Match.pureAck().nth(1));
        Held again = d.link().from(d.b()).hold(Match.fin().nth(2)); // the first one is answered by an ACK that is lost
        d.receiver().close(w.nowNs());
        w.advance(29_000);
        x.equal("the client after 29 s: TIME-WAITs", "29 秒后客户端的 TIME-WAIT", 1, d.a().host().tcp().timeWaitCount());
        int acks = s.segments(d.a(), Match.pureAck()).size();
        again.release();
        w.settle();
        x.equal("an old FIN is acknowledged again", "旧 FIN 再次被确认", 1, s.segments(d.a(), Match.pureAck()).size() - acks);
        x.equal("resets of the client", "客户端的 RST", 0, s.segments(d.a(), Match.rst()).size());
        x.holds("the server has closed without an error", "服务端正常关闭", d.receiver().takeError() == null);
        x.equal("TIME-WAIT lasts 2·MSL, s", "TIME-WAIT 持续 2·MSL，秒", 60,
                d.a().host().tcp().timeWaitNs() / 1_000_000_000L);
    }
}

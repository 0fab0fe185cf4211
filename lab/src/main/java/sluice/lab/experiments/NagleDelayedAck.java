package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** Two that wait for each other. */
@Rfc(value = 1122, section = "4.2.3.4")
final class NagleDelayedAck implements Experiment {
    private static final int ROUNDS = 20;

    @Override
    public About about() {
        return About.of("nagle-delayed-ack", Chapter.FLOW, "Nagle meets the delayed ACK", "Nagle 算法遇上延迟确认").says(
                "A client writes a header, writes a body, and reads the answer. Nagle holds the body back until the "
                        + "header is acknowledged, and the server delays that ACK for 40 ms: each round takes 80 ms "
                        + "instead of 20.",
                "客户端先写首部、再写正文、然后读应答。Nagle 扣住正文直到首部被确认，而服务端把这个 ACK 推迟 40 ms：每轮 80 ms，而不是 20 ms。");
    }

    @Override
    public void run(Lab x) {
        round(x, x.stage("write, write, read", "写、写、读"), false, false, 0, 80);
        round(x, x.stage("avoided by TCP_NODELAY", "用 TCP_NODELAY 避免"), false, true, 0, 20);
        round(x, x.stage("avoided by one write (MSG_MORE)", "用一次写（MSG_MORE）避免"), false, false, TcpSocket.FLAG_MORE, 20);
        round(x, x.stage("avoided by TCP_QUICKACK at the server", "服务端用 TCP_QUICKACK 避免"), true, false, 0, 40);
    }

    private static void round(Lab x, Stage s, boolean quickAck, boolean noDelay, int flagsOfTheFirst, double ms) {
        World w = s.world();
        Duo d = Windows.connect(Windows.plain(s, "client", "server", 1500), 20_000, quickAck, noDelay);
        d.b().on(d.receiver(), () -> {
            while (d.receiver().available() >= 200) {
                d.b().read(d.receiver(), 200);
                d.b().write(d.receiver(), 50);
            }
        });
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            if (i == ROUNDS - 2) {
                s.begin();
            }
            double start = w.nowMs();
            d.a().write(d.sender(), 100, flagsOfTheFirst);
            w.advance(0);
            d.a().write(d.sender(), 100);
            w.runUntil("answered", () -> d.sender().available() >= 50);
            d.a().read(d.sender(), 50);
            times.add(Math.rint((w.nowMs() - start) * 10) / 10);
        }
        x.equal("a round takes, ms (of the last five)", "每轮耗时，ms（最后五轮）", Collections.nCopies(5, ms),
                times.subList(ROUNDS - 5, ROUNDS));
        if (ms == 80) {
            List<WireSegment> last = s.segments(d.a(), Match.data());
            double arrived = last.get(last.size() - 2).ms() + 10;
            x.near("the stall: the server's ACK of the first write comes after, ms", "停顿：服务端对第一次写的 ACK 迟到，ms", 40,
                    s.segments(d.b(), Match.pureAck()).getLast().ms() - arrived, 0.1);
            x.atLeast("DelayedACKs", "DelayedACKs", 5, d.b().count(Counter.TcpExtDelayedACKs));
        }
    }
}

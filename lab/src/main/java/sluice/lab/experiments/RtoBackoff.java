package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** The path goes dark. */
@Rfc(value = 6298, section = "5.5")
@Rfc(value = 9293, section = "3.8.3", req = {"MUST-20", "MUST-21", "SHLD-11"})
final class RtoBackoff implements Experiment {
    @Override
    public About about() {
        return About.of("rto-backoff", Chapter.RETRANSMISSION, "The timeout doubles", "超时间隔加倍").says(
                "The path carries nothing any more. Each timeout doubles RTO, up to 120 s, and the connection gives "
                        + "up as tcp_retries2 says: 15 means 924.6 s at the least.",
                "路径完全中断。每次超时 RTO 加倍，最多 120 秒；按 tcp_retries2 放弃连接：15 表示至少 924.6 秒。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage("tcp_retries2=15, the default", "tcp_retries2=15（默认）");
        Duo d = dark(s, "tcp_retries2=15");
        double start = s.world().nowMs();
        d.send(500);
        s.world().runUntil("given up", () -> d.sender().state() == TcpState.CLOSED);
        List<Double> waits = new ArrayList<>();
        for (int i = 1; i < d.sent(1).size(); i++) {
            waits.add(Math.rint((d.sent(1).get(i).ms() - d.sent(1).get(i - 1).ms()) / 100) / 10);
        }
        x.equal("waits, s", "等待间隔，秒", List.of(0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 120, 120, 120,
                120, 120, 120), waits);
        x.near("tcp_retries2 = 15 means, s", "tcp_retries2 = 15 相当于，秒", 924.6,
                waits.stream().mapToDouble(v -> v).sum(), 0.1);
        x.near("the first timeout after that ends it, s", "此后的首次超时结束连接，秒", 1044.6,
                (s.world().nowMs() - start) / 1000, 0.1);
        x.equal("what the application sees", "应用看到的错误", Errno.ETIMEDOUT, d.sender().takeError());
        Stage three = x.stage("tcp_retries2=3", "tcp_retries2=3");
        Duo e = dark(three, "tcp_retries2=3");
        double began = three.world().nowMs();
        e.send(500);
        three.world().runUntil("given up", () -> e.sender().state() == TcpState.CLOSED);
        x.equal("sent, times", "发送次数", 5, e.sent(1).size());
        x.near("given up after 0.2 + 0.4 + 0.8 + 1.6 + 3.2 s, s", "放弃于 0.2 + 0.4 + 0.8 + 1.6 + 3.2，秒", 6.2,
                (three.world().nowMs() - began) / 1000, 0.001);
    }

    private static Duo dark(Stage s, String retries) {
        Duo d = Retransmissions.duo(s, 500, retries).delayMs(0).connect(Retransmissions.sending(),
                Retransmissions.quick()).reading();
        s.begin();
        d.link().from(d.a()).cut();
        return d;
    }
}

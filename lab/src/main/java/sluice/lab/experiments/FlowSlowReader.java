package sluice.lab.experiments;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** 260, 80, 0. */
@Rfc(value = 9293, section = "3.8.6")
final class FlowSlowReader implements Experiment {
    @Override
    public About about() {
        return About.of("flow-slow-reader", Chapter.FLOW, "A slow reader closes the window", "读取缓慢使窗口关闭").says(
                "A buffer of 360: 140 arrive and 40 are read, 180 arrive and none are read, 80 arrive and none are "
                        + "read. The receiver advertises 260, 80, 0: the window closes.",
                "缓冲区 360 字节：到达 140 读取 40，到达 180 不读取，到达 80 不读取。接收方依次通告 260、80、0：窗口关闭。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        Duo d = Windows.duo(s, "client", "server", 360, Windows.SMALL_MTU);
        boolean[] read = {false};
        d.b().on(d.receiver(), () -> {
            if (!read[0] && d.receiver().available() == 140) {
                read[0] = d.b().read(d.receiver(), 40) == 40;
            }
        });
        s.begin();
        step(x, s, d, 140, 220, 260);
        step(x, s, d, 180, 80, 80);
        step(x, s, d, 80, 0, 0);
        x.equal("TCPToZeroWindowAdv", "TCPToZeroWindowAdv", 1, d.b().count(Counter.TcpExtTCPToZeroWindowAdv));
        x.equal("RetransSegs", "RetransSegs", 0, d.retransmissions());
    }

    private static void step(Lab x, Stage s, Duo d, int bytes, int usable, int advertised) {
        d.send(bytes);
        x.equal("client sends " + bytes + ": usable", "客户端发送 " + bytes + "：可用窗口", usable, d.usable());
        s.world().settle();
        d.windows("the server got " + bytes, "服务端收到 " + bytes);
        x.equal("server advertises; the client's SND.WND", "服务端通告；客户端 SND.WND", new int[]{advertised, advertised},
                new int[]{d.advertised(), d.sender().snd.wnd});
    }
}

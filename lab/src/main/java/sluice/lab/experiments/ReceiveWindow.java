package sluice.lab.experiments;

import sluice.base.Rfc;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** Data waits for the application. */
@Rfc(value = 9293, section = "3.8.6")
final class ReceiveWindow implements Experiment {
    private static final int BUFFER = 400;
    /** What arrives, and what the application reads after it. */
    private static final int[][] STEPS = {{140, 0}, {120, 80}, {80, 60}, {40, 0}, {160, 120}, {100, 240}};

    @Override
    public About about() {
        return About.of("receive-window", Chapter.WINDOW, "The receiver's window", "接收窗口").says(
                "What was received in order and not yet read takes room in the buffer; what is left is advertised: "
                        + "MaxRcvBuffer − ((NextByteExpected − 1) − LastByteRead).",
                "按序收到但应用尚未读取的数据占用缓冲区，剩余空间就是通告窗口：MaxRcvBuffer − ((NextByteExpected − 1) − LastByteRead)。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        Duo d = Windows.duo(s, "sender", "receiver", BUFFER, Windows.SMALL_MTU);
        TcpSocket r = d.receiver();
        x.equal("RCV.WND of an empty buffer", "空缓冲区的 RCV.WND", BUFFER, r.rcv.wnd);
        s.begin();
        int arrived = 0;
        int read = 0;
        for (int[] step : STEPS) {
            d.send(step[0]);
            s.world().settle();
            arrived += step[0];
            int left = BUFFER - (arrived - read);
            d.windows(step[0] + " bytes arrive", "到达 " + step[0] + " 字节");
            x.equal(step[0] + " arrive: RCV.NXT, advertised, RCV.WND, SND.WND of the sender",
                    "到达 " + step[0] + "：RCV.NXT、通告窗口、RCV.WND、发送方 SND.WND",
                    new int[]{1 + arrived, left, left, left}, new int[]{d.rcvNxt(), d.advertised(), r.rcv.wnd,
                        d.sender().snd.wnd});
            x.equal("the application reads", "应用读取", step[1], d.b().read(r, step[1]));
            read += step[1];
        }
    }
}

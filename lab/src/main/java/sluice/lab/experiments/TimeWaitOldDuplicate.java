package sluice.lab.experiments;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.sim.Held;
import sluice.sim.Match;
import sluice.sim.SimFailure;
import sluice.sim.World;

/** Why 2·MSL: an old segment and the same four-tuple again. */
@Rfc(value = 9293, section = "3.6.1", req = "MUST-13")
@Rfc(value = 7323, section = "5")
final class TimeWaitOldDuplicate implements Experiment {
    private static final int PORT = 5000;

    @Override
    public About about() {
        return About.of("time-wait-old-duplicate", Chapter.CLOSING, "An old segment in a new connection",
                "旧连接的报文段闯入新连接").says(
                        "The network holds a data segment back until its connection is closed and a new one is opened "
                                + "between the same addresses and ports (the same four-tuple). That is why the end "
                                + "that closed first stays in TIME-WAIT for 2·MSL, twice the longest time a segment "
                                + "may be on the way, here 60 s: until then it opens no such connection. Without "
                                + "TIME-WAIT the old bytes stand in the new stream, unless timestamps give them away "
                                + "as old (PAWS).",
                        "网络把一个数据报文段扣留到连接关闭之后，而相同的地址和端口之间（同一四元组）又打开了新连接。正因如此，先关闭的一端要在 TIME-WAIT 停留 2·MSL，"
                                + "即报文段在网络中最长存活时间的两倍，此处为 60 秒：在此之前不会再打开这样的连接。没有 TIME-WAIT，旧字节会混入新的字节流，"
                                + "除非时间戳识别出它们是旧的（PAWS）。");
    }

    @Override
    public Text gap() {
        return new Text("So that the old segment fits the new stream the path takes 10 µs: ISNs move on by one in 4 "
                + "µs, and on slower paths they alone keep most old segments out.",
                "为使旧报文段落入新的字节流，路径时延只有 10 µs：ISN 每 4 µs 加一，在较慢的路径上仅此一点就能挡住大多数旧报文段。");
    }

    @Override
    public void run(Lab x) {
        with(x, x.stage("TIME-WAIT of 60 s", "TIME-WAIT 为 60 秒"), true);
        with(x, x.stage("the same, tcp_rfc1337=0: TIME-WAIT assassination", "同上，tcp_rfc1337=0：TIME-WAIT 被刺杀"), false);
        without(x, x.stage("2·MSL forced to 0, no timestamps", "2·MSL 强制为 0，无时间戳"), false);
        without(x, x.stage("2·MSL forced to 0, timestamps", "2·MSL 强制为 0，有时间戳"), true);
        x.note("TIME-WAIT assassination (RFC 1337), the second part: the old segment makes the client in TIME-WAIT "
                + "answer with an ACK; the server knows nothing of the connection any more and answers that with a "
                + "RST; and with tcp_rfc1337=0 the RST ends TIME-WAIT, 30 s too early. With tcp_rfc1337=1 it is "
                + "ignored.",
                "TIME-WAIT 被刺杀（RFC 1337），即第二部分：旧报文段使处于 TIME-WAIT 的客户端回复 ACK；服务端已不知道这个连接，回复 RST；"
                        + "tcp_rfc1337=0 时这个 RST 会使 TIME-WAIT 提前 30 秒结束，tcp_rfc1337=1 时则忽略它。");
    }

    /** What is still on the way, and its number. */
    private record Old(Held held, int seq) {}

    /** A connection whose segment at {@code seq} stays on the way while it is sent again and all is closed. */
    private static Old first(Stage s, Duo d, int seq) {
        World w = s.world();
        d.delayMs(0.01);
        SocketOptions o = new SocketOptions();
        o.noDelay = true;
        TcpListener l = d.b().listen(o, 80, 10);
        TcpSocket c = d.a().connect(new SocketOptions(), PORT, d.b().address(), 80);
        w.settle();
        TcpSocket t = d.b().accept(l);
        request(d, c, t);
        int iss = t.snd.iss;
        Held old = d.link().from(d.b()).hold(Match.data().and(v -> v.seq() - iss == seq).nth(1));
        d.b().write(t, seq - 1);
        w.settle();
        for (int i = 0; i < 5; i++) {
            d.b().write(t, 100);
            w.advance(0);
        }
        w.settle();
        int got = d.a().read(c, 100_000);
        c.close(w.nowNs());
        w.settle();
        t.close(w.nowNs());
        w.settle();
        if (got != seq - 1 + 500) {
            throw new IllegalStateException("the first connection brought " + got);
        }
        return new Old(old, iss + seq);
    }

    private static Duo duo(Stage s, boolean timestamps, boolean rfc1337) {
        return s.duo("client", "server", timestamps ? "tcp_timestamps=1" : "tcp_timestamps=0",
                rfc1337 ? "tcp_rfc1337=1" : "tcp_rfc1337=0");
    }

    private static @Nullable Errno connectError(Duo d) {
        try {
            d.a().connect(new SocketOptions(), PORT, d.b().address(), 80);
            return null;
        } catch (ErrnoException e) {
            return e.errno();
        }
    }

    /** What a client asks for: old acknowledgments lie among those of the new connection. */
    private static void request(Duo d, TcpSocket client, TcpSocket server) {
        d.a().write(client, 200);
        d.stage().world().settle();
        d.b().read(server, 1000);
    }

    /** The old segment draws an ACK, and that the RST of a server that knows nothing: Linux lets it end TIME-WAIT. */
    private static void with(Lab x, Stage s, boolean rfc1337) {
        World w = s.world();
        Duo d = duo(s, false, rfc1337);
        Held old = first(s, d, 301).held;
        double closed = w.nowMs();
        x.equal("segments on the way when all is closed: SEQ 301", "关闭时仍在途中的报文段：SEQ 301", 1, old.size());
        x.equal("connecting again at once", "立即重新连接", Errno.EADDRINUSE, connectError(d));
        w.advance(30_000);
        old.release();
        w.settle();
        x.equal("connections when it arrives after MSL = 30 s", "它在 MSL = 30 秒后到达时的连接数", 0,
                d.a().host().tcp().connections().size());
        w.runFor(60_000, () -> d.a().host().tcp().timeWaitCount() == 0);
        x.near("the four-tuple is free after, s", "四元组释放于，秒", rfc1337 ? 60 : 30, (w.nowMs() - closed) / 1000, 0.01);
        x.holds("then connecting again works", "此后可以重新连接", connectError(d) == null);
    }

    private static void without(Lab x, Stage s, boolean timestamps) {
        World w = s.world();
        Duo d = duo(s, timestamps, false);
        d.a().host().tcp().timeWaitNs(0);
        Old old = first(s, d, timestamps ? 3001 : 301);
        w.advance(timestamps ? 5 : 0);
        x.holds("the same four-tuple is opened again", "同一四元组再次打开", connectError(d) == null);
        w.settle();
        TcpSocket c = d.a().host().tcp().connections().getFirst();
        TcpSocket t = d.b().host().tcp().connections().getFirst();
        request(d, c, t);
        d.b().write(t, old.seq - t.snd.nxt); // the new stream has just reached the number of the old segment
        w.settle();
        int before = c.available();
        old.held.release();
        w.settle();
        x.equal("bytes of the old segment that were taken", "被接受的旧报文段字节数", timestamps ? 0 : 100,
                c.available() - before);
        d.b().write(t, 1000);
        w.settle();
        String wrong = "right bytes";
        try {
            d.a().read(c, 10_000);
        } catch (SimFailure e) { // the checker at the application knows every byte
            wrong = "wrong byte";
        }
        x.equal("what the client reads in the new stream", "客户端在新的字节流中读到", timestamps ? "right bytes" : "wrong byte",
                wrong);
        x.equal("PAWSEstab (a counter): segments dropped by their timestamps", "PAWSEstab（计数器）：因时间戳被丢弃的报文段",
                timestamps ? 1 : 0,
                d.a().count(Counter.TcpExtPAWSEstab));
    }
}

package sluice.lab.experiments;

import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.World;
import sluice.wire.Tcp;

/** RST instead of FIN. */
@Rfc(value = 9293, section = "3.10.5")
final class LingerZero implements Experiment {
    @Override
    public About about() {
        return About.of("linger-zero", Chapter.CLOSING, "SO_LINGER with 0 seconds", "SO_LINGER 设为 0 秒").says(
                "close() sends RST instead of FIN: no TIME-WAIT, and the peer's read fails with \"connection "
                        + "reset\". What was not sent or not read is lost, and neither end is told how much.",
                "close() 发送 RST 而不是 FIN：没有 TIME-WAIT，对端 read 失败并返回“connection reset”。尚未发送或尚未读取的数据丢失，双方都不知道丢了多少。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        SocketOptions o = new SocketOptions();
        o.lingerSeconds = 0;
        Duo d = s.duo("client", "server").connect(o, new SocketOptions());
        s.begin();
        int written = 0;
        for (int n = d.a().write(d.sender(), 100_000); n > 0; n = d.a().write(d.sender(), 100_000)) {
            written += n;
        }
        w.advance(11);
        d.sender().close(w.nowNs());
        x.equal("client", "客户端", TcpState.CLOSED, d.sender().state());
        w.settle();
        x.equal("resets of the connection (others answer ACKs that were on the way)", "连接的 RST（其余是对在途 ACK 的回应）", 1,
                s.segments(d.a(), v -> v.has(Tcp.RST | Tcp.ACK)).size());
        x.equal("TCPAbortOnData (a counter)", "TCPAbortOnData（计数器）", 1, d.a().count(Counter.TcpExtTCPAbortOnData));
        x.equal("FINs", "FIN 数", 0, s.segments(d.a(), Match.fin()).size());
        x.equal("TIME-WAITs", "TIME-WAIT 数", 0, d.a().host().tcp().timeWaitCount());
        x.equal("entries of both", "双方连接表条目", 0, d.a().host().tcp().tableSize() + d.b().host().tcp().tableSize());
        int read = 0;
        Errno seen = null;
        try {
            read = Math.max(0, d.b().read(d.receiver(), written));
            d.b().read(d.receiver(), 1);
        } catch (ErrnoException e) {
            seen = e.errno();
        }
        x.equal("the server's read() says", "服务端 read() 返回", "Connection reset by peer",
                seen == null ? "–" : seen.text());
        x.atLeast("bytes written and never read: lost", "写入但未被读到的字节：丢失", 1, written - read);
        x.equal("buffer memory of the client, bytes", "客户端缓冲内存，字节", 0, d.a().host().pool().inUseBytes());
    }
}

package sluice.lab.experiments;

import java.util.function.IntSupplier;
import sluice.base.ErrnoException;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.SimHost;
import sluice.sim.World;

/** What each socket call does: to the state, on the wire, and to whoever calls. */
final class SocketCalls implements Experiment {
    @Override
    public About about() {
        return About.of("socket-calls", Chapter.TOOLS, "The socket calls, one by one", "逐个看 socket 调用").says(
                "listen() and accept() send nothing: the stack does the handshake by itself, and the connection waits "
                        + "in the accept queue. write() and read() only copy to and from buffers; shutdown() sends "
                        + "the FIN, and close() gives the socket back.",
                "listen() 和 accept() 不发送任何报文：握手由协议栈自己完成，连接在全连接队列中等待。write() 和 read() 只是与缓冲区之间的拷贝；"
                        + "shutdown() 发送 FIN，close() 归还套接字。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        World w = s.world();
        SimHost client = s.host("client");
        SimHost server = s.host("server");
        s.link(client, server).delayMs(10);
        TcpListener l = server.listen(new SocketOptions(), 80, 4);
        x.equal("listen(): segments", "listen()：报文段数", 0, s.segments(server).size());
        x.equal("listen() on the same port again", "在同一端口再次 listen()", "Address already in use",
                error(() -> server.listen(80).localPort()));
        TcpSocket c = client.connect(server, 80);
        x.equal("connect() does not wait here; the state", "connect() 在此不等待，状态", TcpState.SYN_SENT, c.state());
        w.advance(40);
        x.equal("client, before accept() was called", "accept() 调用之前，客户端", TcpState.ESTABLISHED, c.state());
        x.equal("connections that wait for accept()", "等待 accept() 的连接数", 1, l.acceptQueueLength());
        int before = s.segments(server).size();
        TcpSocket accepted = server.accept(l);
        w.settle();
        x.equal("accept(): segments", "accept()：报文段数", 0, s.segments(server).size() - before);
        data(x, w, client, server, c, accepted);
        closing(x, w, client, server, c, accepted);
        l.close(w.nowNs());
    }

    private static void data(Lab x, World w, SimHost client, SimHost server, TcpSocket c, TcpSocket accepted) {
        x.equal("read() with nothing there", "没有数据时 read()", 0, server.read(accepted, 100));
        x.equal("write(1000) returns at once", "write(1000) 立即返回", 1000, client.write(c, 1000));
        x.equal("and read() at the server meanwhile", "此时服务端 read()", 0, server.read(accepted, 100));
        w.advance(11);
        x.equal("read(600) after 11 ms, then read(600)", "11 毫秒后 read(600)，再 read(600)", "600, 400",
                server.read(accepted, 600) + ", " + server.read(accepted, 600));
        w.settle();
    }

    private static void closing(Lab x, World w, SimHost client, SimHost server, TcpSocket c, TcpSocket accepted) {
        accepted.shutdownWrite(w.nowNs());
        w.advance(11);
        x.equal("shutdown(SHUT_WR) at the server: read() at the client", "服务端 shutdown(SHUT_WR)：客户端 read()", -1,
                client.read(c, 1));
        x.equal("write() after shutdown()", "shutdown() 之后 write()", "Broken pipe",
                error(() -> server.write(accepted, 1)));
        x.equal("the client may still write", "客户端仍可写", 10, client.write(c, 10));
        w.advance(11);
        x.equal("and the server read", "服务端仍可读", 10, server.read(accepted, 100));
        c.close(w.nowNs());
        x.equal("close() at the client, which had the FIN: state", "客户端（已收到 FIN）close()：状态", TcpState.LAST_ACK,
                c.state());
        w.advance(11);
        accepted.close(w.nowNs());
        w.settle();
        x.equal("TIME-WAITs at the server, which closed first", "先关闭的服务端的 TIME-WAIT 数", 1,
                server.host().tcp().timeWaitCount());
    }

    /** What a call fails with. */
    private static String error(IntSupplier call) {
        try {
            return "no error: " + call.getAsInt();
        } catch (ErrnoException e) {
            return e.errno().text();
        }
    }
}

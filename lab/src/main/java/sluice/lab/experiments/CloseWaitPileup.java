package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.observe.diagnose.Cause;
import sluice.observe.diagnose.Diagnosis;
import sluice.observe.diagnose.Finding;
import sluice.observe.diagnose.SnapshotText;
import sluice.observe.print.NetstatPrinter;
import sluice.observe.print.SocketRow;
import sluice.observe.print.SocketTable;
import sluice.observe.print.SsPrinter;
import sluice.sim.World;

/** A server that does not close. */
final class CloseWaitPileup implements Experiment {
    private static final int CLIENTS = 100;

    @Override
    public About about() {
        return About.of("close-wait-pileup", Chapter.CLOSING, "CLOSE-WAIT piles up", "大量 CLOSE-WAIT").says(
                "Clients close, and the server (a) is slow or (b) forgets close(): its connections stay in "
                        + "CLOSE-WAIT, (a) for as long as it takes and (b) for ever. No timer of TCP ends "
                        + "CLOSE-WAIT: only close() does.",
                "客户端已关闭，而服务端 (a) 处理缓慢，或 (b) 忘记 close()：连接停留在 CLOSE-WAIT，(a) 直到处理完，(b) 永远。TCP 没有任何定时器会结束 CLOSE-WAIT，"
                        + "只有 close() 可以。");
    }

    @Override
    public Text gap() {
        return new Text("Which thread accepted a socket is not known in virtual time; that belongs to ./sluice "
                + "diagnose on a running stack.",
                "虚拟时间里没有线程，无法给出接受套接字的线程；这属于运行中协议栈上的 ./sluice diagnose。");
    }

    @Override
    public void run(Lab x) {
        Stage slow = x.stage("(a) a server that takes 2 s for each", "(a) 每个连接要处理 2 秒的服务端").noLadder();
        Duo d = slow.duo("client", "server");
        pile(slow, d, 2000);
        x.equal("CLOSE-WAITs just after", "刚结束时的 CLOSE-WAIT", CLIENTS, count(d, TcpState.CLOSE_WAIT));
        slow.world().advance(2200);
        x.equal("CLOSE-WAITs 2.2 s later", "2.2 秒后的 CLOSE-WAIT", 0, count(d, TcpState.CLOSE_WAIT));
        Stage forgets = x.stage("(b) a server that forgets close()", "(b) 忘记 close() 的服务端").noLadder();
        Duo e = forgets.duo("client", "server");
        List<TcpSocket> held = pile(forgets, e, 0);
        World w = forgets.world();
        w.advance(600_000);
        x.equal("CLOSE-WAITs after ten minutes", "十分钟后的 CLOSE-WAIT", CLIENTS, count(e, TcpState.CLOSE_WAIT));
        x.equal("entries of the client: its orphans gave up after tcp_fin_timeout",
                "客户端条目：孤儿连接在 tcp_fin_timeout 后放弃", 0, e.a().host().tcp().tableSize());
        List<SocketRow> rows = SocketTable.snapshot(e.b().host(), e.b().nowNs()).stream()
                .filter(r -> r.state() == TcpState.CLOSE_WAIT).toList();
        x.equal("netstat shows them, all of the listener's port", "netstat 列出它们，均属监听端口", CLIENTS,
                rows.stream().filter(r -> r.localPort() == 80).count());
        x.atLeast("the youngest's age, s", "最年轻者的年龄，秒", 600,
                held.stream().mapToLong(t -> (w.nowNs() - t.establishedNs) / 1_000_000_000L).min().orElse(0));
        Finding named = Diagnosis.of(SnapshotText.parse(SsPrinter.print(rows, true, true, true, null))).findings()
                .getFirst();
        x.equal("the diagnosis", "诊断结论", Cause.CLOSE_WAIT.title(), named.cause().title());
        x.equal("names the listener's port and the peer", "指出监听端口和对端", CLIENTS + " × port 80 with 10.0.0.1",
                named.evidence().getLast());
        String table = NetstatPrinter.print(rows.subList(0, 2), "server");
        x.note("netstat -napt, two of them: " + String.join(" | ", table.lines().toList()),
                "netstat -napt 中的两行：" + String.join(" | ", table.lines().toList()));
        x.note("Which thread accepted them is what ./sluice diagnose tells of a running stack.",
                "是哪个线程接受了它们，由 ./sluice diagnose 在运行中的协议栈上给出。");
        held.forEach(t -> t.close(w.nowNs()));
        w.advance(100);
        x.equal("CLOSE-WAITs once it closes", "close() 之后的 CLOSE-WAIT", 0, count(e, TcpState.CLOSE_WAIT));
    }

    private static List<TcpSocket> pile(Stage s, Duo d, double thinksMs) {
        World w = s.world();
        List<TcpSocket> held = new ArrayList<>();
        d.b().serve(80, t -> {
            held.add(t);
            if (thinksMs > 0) {
                w.after(thinksMs, () -> t.close(w.nowNs()));
            }
        });
        for (int i = 0; i < CLIENTS; i++) {
            TcpSocket c = d.a().connect(d.b(), 80);
            w.advance(1);
            w.after(21, () -> c.close(w.nowNs()));
        }
        w.advance(100);
        return held;
    }

    private static long count(Duo d, TcpState state) {
        return d.b().host().tcp().connections().stream().filter(t -> t.state() == state).count();
    }
}

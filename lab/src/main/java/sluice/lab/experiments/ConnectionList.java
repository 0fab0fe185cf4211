package sluice.lab.experiments;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.observe.diagnose.Diagnosis;
import sluice.observe.diagnose.Finding;
import sluice.observe.diagnose.SnapshotText;
import sluice.observe.print.NetstatPrinter;
import sluice.observe.print.SocketRow;
import sluice.observe.print.SocketTable;
import sluice.observe.print.SsPrinter;
import sluice.sim.SimHost;
import sluice.sim.World;

/** What {@code netstat -napt} shows, and what stands out in it. */
final class ConnectionList implements Experiment {
    @Override
    public About about() {
        return About.of("connection-list", Chapter.TOOLS, "netstat -napt", "netstat -napt").says(
                "The list of connections has their states and queues. Of twelve clients five were forgotten after they "
                        + "closed (CLOSE-WAIT), four were closed by the server first (TIME-WAIT), and one sent what "
                        + "nobody reads (Recv-Q).",
                "连接列表显示状态和队列。十二个客户端里，五个关闭后被服务端遗忘（CLOSE-WAIT），四个由服务端先关闭（TIME-WAIT），一个发来的数据没有人读（Recv-Q）。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().noLadder();
        World w = s.world();
        SimHost server = s.host("server");
        SimHost client = s.host("client");
        s.link(client, server).delayMs(5);
        TcpListener l = server.listen(new SocketOptions(), 80, 16);
        for (int i = 0; i < 12; i++) {
            TcpSocket c = client.connect(server, 80);
            w.advance(20);
            TcpSocket accepted = server.accept(l);
            if (i < 5) {
                c.close(w.nowNs());
            } else if (i < 9) {
                accepted.close(w.nowNs());
                w.advance(20);
                c.close(w.nowNs());
            } else if (i == 9) {
                client.write(c, 1000);
            }
            w.advance(20);
        }
        List<SocketRow> rows = SocketTable.snapshot(server.host(), server.nowNs());
        x.equal("connections by state", "各状态的连接数", "{CLOSE_WAIT=5, ESTABLISHED=3, LISTEN=1, TIME_WAIT=4}",
                rows.stream().collect(Collectors.groupingBy(r -> String.valueOf(r.state()), TreeMap::new,
                        Collectors.counting())).toString());
        String list = NetstatPrinter.print(rows, "4711/server");
        x.equal("Recv-Q of the one that nobody reads", "没有人读的连接的 Recv-Q", 1L,
                list.lines().filter(line -> line.matches("tcp +1000 +0 .* ESTABLISHED .*")).count());
        x.equal("lines that name the owner", "标明所有者的行数", 13L,
                list.lines().filter(line -> line.endsWith(" 4711/server")).count());
        String ss = SsPrinter.print(rows, true, true, true, null);
        x.equal("timers of those in TIME-WAIT (ss -o)", "TIME-WAIT 的定时器（ss -o）", 4L,
                ss.lines().filter(line -> line.contains("TIME-WAIT") && line.contains("timer:(timewait,")).count());
        Finding first = Diagnosis.of(SnapshotText.parse(ss)).findings().getFirst();
        x.equal("what stands out (./sluice diagnose)", "突出的异常（./sluice diagnose）",
                "5 in CLOSE-WAIT of 8 connections that are open", first.evidence().getFirst());
        x.note(list.strip(), list.strip());
    }
}

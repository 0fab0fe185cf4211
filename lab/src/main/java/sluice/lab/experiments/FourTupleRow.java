package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.SimHost;
import sluice.sim.World;

/** Many clients, one port. */
final class FourTupleRow implements Experiment {
    private static final int HOSTS = 20;
    private static final int EACH = 50;

    @Override
    public About about() {
        return About.of("four-tuple", Chapter.SEGMENTS, "What tells connections apart: the four-tuple",
                "四元组唯一确定一个连接").says(
                        "A thousand connections to one port, from the same ports of twenty hosts: the server "
                                + "tells them "
                                + "apart by addresses and ports of both ends. How many there can be is a matter "
                                + "of memory, "
                                + "not of ports.",
                        "二十台主机用相同的源端口与同一个监听端口建立一千个连接：服务端靠双方的地址和端口区分它们。连接数的上限取决于内存，而不是端口。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().noLadder();
        World w = s.world();
        SimHost server = s.host("server");
        SimHost hub = s.host("hub").router();
        s.link(server, hub).delayMs(1);
        TcpListener l = server.listen(new SocketOptions(), 80, 4000);
        Map<FourTuple, SimHost> clients = new HashMap<>();
        List<TcpSocket> theirs = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            SimHost c = s.host("c" + i);
            s.link(c, hub).delayMs(1);
            for (int k = 0; k < EACH; k++) {
                TcpSocket t = c.connect(new SocketOptions(), 40_000 + k, server.address(), 80);
                clients.put(t.tuple(), c);
                theirs.add(t);
            }
        }
        w.runUntil("all connected", () -> l.acceptQueueLength() == HOSTS * EACH);
        theirs.forEach(t -> Objects.requireNonNull(clients.get(t.tuple())).write(t, 10 + t.localPort() % 50));
        w.settle();
        Set<FourTuple> tuples = new HashSet<>();
        int right = 0;
        for (TcpSocket t = l.accept(); t != null; t = l.accept()) {
            tuples.add(t.tuple());
            right += t.localPort() == 80 && server.read(t, 1000) == 10 + t.remotePort() % 50 ? 1 : 0;
        }
        x.equal("different four-tuples", "不同的四元组", HOSTS * EACH, tuples.size());
        x.equal("local ports of the server", "服务端本地端口数", 1,
                tuples.stream().map(FourTuple::localPort).distinct().count());
        x.equal("connections that read what their own peer sent", "读到自己对端数据的连接", HOSTS * EACH, right);
        w.advance(1000);
        x.equal("ring memory of idle connections, bytes", "空闲连接占用的缓冲内存，字节", 0, server.host().pool().inUseBytes());
        x.equal("theory for IPv4: 2^32 addresses × 2^16 ports", "IPv4 理论值：2^32 个地址 × 2^16 个端口", 1L << 48,
                (1L << 32) * (1L << 16));
        x.between("memory of an idle connection and end, bytes (measured)", "每个空闲连接每端的内存，字节（实测）", 500, 4000,
                bytesPerIdleConnection());
    }

    /** How much the heap grows with 2,000 more connections, both ends in it. */
    private static long bytesPerIdleConnection() {
        World w = new World(1).unwatched();
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        w.link(a, b);
        TcpListener l = b.listen(new SocketOptions(), 80, 4096);
        int n = 2000;
        List<TcpSocket> keep = new ArrayList<>();
        long grown = 0;
        for (int round = 0; round < 2; round++) {
            long before = Heap.used();
            for (int i = 0; i < n; i++) {
                keep.add(a.connect(b, 80));
                w.settle();
                keep.add(Objects.requireNonNull(l.accept()));
            }
            grown = Heap.used() - before;
        }
        return keep.size() == 4 * n ? grown / (2L * n) : 0;
    }
}

package sluice.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.management.ObjectName;
import sluice.base.Counter;
import sluice.core.Setting;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.sim.SimHost;
import sluice.sim.World;

/**
 * What an idle connection costs in heap: connections between two simulated hosts are opened, each carries a byte in
 * each direction and is left alone; later keepalive asks for all of them, and they are closed. Both ends live in this
 * process, so a connection here is two of a host's. Heap is what is left after a collection.
 *
 * <p>Run: {@code bench/idle-connections [--connections N] [--classes]}.
 */
public final class IdleConnections {
    /** Connections to one port: with more than half of the local range a search for a free one is long, as on Linux. */
    private static final int PORTS_EACH = 10_000;
    private static final int BATCH = 1000;

    private IdleConnections() {}

    /** Arguments: connections, and "classes" for the bytes of each class. */
    public static void main(String[] args) throws Exception {
        int connections = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        boolean classes = args.length > 1;
        World world = new World(1).unwatched();
        SimHost client = world.host("client", s -> s.set(Setting.SOMAXCONN, 2 * BATCH));
        SimHost server = world.host("server", s -> s.set(Setting.SOMAXCONN, 2 * BATCH));
        world.link(client, server).delayMs(1);
        SocketOptions keepalive = new SocketOptions();
        keepalive.keepAlive = true;
        List<TcpListener> listeners = new ArrayList<>();
        for (int i = 0; i * PORTS_EACH < connections; i++) {
            listeners.add(server.listen(new SocketOptions(), 1000 + i, 2 * BATCH));
        }
        TcpSocket[] ends = new TcpSocket[2 * connections];
        open(world, client, server, keepalive, listeners, ends, 0, Math.min(BATCH, connections)); // classes loaded
        int warm = Math.min(BATCH, connections);
        world.advance(60_000);
        rest(client);
        rest(server);
        Map<String, Long> classesBefore = classes ? histogram() : Map.of();
        long before = heap();
        long began = System.nanoTime();
        open(world, client, server, keepalive, listeners, ends, warm, connections);
        double took = (System.nanoTime() - began) / 1e9;
        world.advance(60_000);
        rest(client);
        rest(server);
        long held = heap();
        int measured = 2 * (connections - warm);
        System.out.printf(Locale.ROOT, "%,d connections (%,d ends) in %.1f s; %.0f bytes of heap for an idle end%n",
                connections, ends.length, took, (double) (held - before) / Math.max(1, measured));
        if (classes) {
            Map<String, Long> now = histogram();
            now.entrySet().stream()
                    .map(e -> Map.entry(e.getKey(),
                            (double) (e.getValue() - classesBefore.getOrDefault(e.getKey(), 0L)) / measured))
                    .filter(e -> e.getValue() > 0.5).sorted((a, b) -> Double.compare(b.getValue(), a.getValue()))
                    .forEach(e -> System.out.printf(Locale.ROOT, "%8.1f  %s%n", e.getValue(), e.getKey()));
        }
        long asked = server.count(Counter.TcpInSegs);
        world.advance(7_300_000);
        long answered = server.count(Counter.TcpInSegs) - asked;
        long established = client.count(Counter.TcpCurrEstab);
        System.out.printf(Locale.ROOT, "after 7,300 s: %,d keepalive probes arrived, %,d connections established%n",
                answered, established);
        for (TcpSocket end : ends) {
            end.close(world.nowNs());
            if (world.inFlight() > BATCH) {
                world.advance(10);
            }
        }
        Arrays.fill(ends, null);
        world.advance(200_000);
        long after = heap();
        System.out.printf(Locale.ROOT, "closed: %,d established; heap %,d KB before, %,d KB held, %,d KB after%n",
                client.count(Counter.TcpCurrEstab) + server.count(Counter.TcpCurrEstab), before >> 10, held >> 10,
                after >> 10);
        if (answered < connections || established != connections || after > before + (before + held) / 2) {
            System.exit(1);
        }
        System.out.printf(Locale.ROOT, "in %,d s of virtual time%n", world.nowNs() / 1_000_000_000);
    }

    private static void open(World world, SimHost client, SimHost server, SocketOptions options,
            List<TcpListener> listeners, TcpSocket[] ends, int from, int to) {
        for (int i = from; i < to;) {
            int first = i;
            int end = Math.min(to, i + BATCH);
            for (; i < end; i++) {
                ends[2 * i] = client.connect(options, server.address(), 1000 + i / PORTS_EACH);
            }
            world.advance(10);
            int accepted = first;
            for (TcpListener l : listeners) {
                for (TcpSocket t = l.accept(); t != null; t = l.accept()) {
                    ends[2 * accepted++ + 1] = t;
                }
            }
            if (accepted != end) {
                throw new IllegalStateException("accepted " + (accepted - first) + " of " + (end - first));
            }
            for (int k = 2 * first; k < 2 * end; k++) {
                (k % 2 == 0 ? client : server).write(ends[k], 1);
            }
            world.advance(10);
            for (int k = 2 * first; k < 2 * end; k++) {
                (k % 2 == 0 ? client : server).read(ends[k], 1);
            }
        }
    }

    private static void rest(SimHost h) {
        int from = 0;
        do {
            from = h.host().tcp().rest(from, BATCH, 10_000_000_000L, h.nowNs());
        } while (from != 0);
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Map<String, Long> histogram() throws Exception {
        String text = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[]{new String[0]}, new String[]{String[].class.getName()});
        Map<String, Long> bytes = new TreeMap<>();
        text.lines().map(l -> l.trim().split("\\s+")).filter(p -> p.length >= 4 && p[0].endsWith(":"))
                .forEach(p -> bytes.merge(p[3], Long.parseLong(p[2]), Long::sum));
        return bytes;
    }
}

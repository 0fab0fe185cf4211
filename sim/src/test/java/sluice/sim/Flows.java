package sluice.sim;

import java.util.ArrayList;
import java.util.List;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;

/**
 * Bulk flows of one host to another over one path, in an unwatched world; buffers follow the path up to 64 MB. Every
 * byte is checked.
 */
final class Flows {
    static final int MSS = 1448;
    private static final String BUFFERS = "4096 131072 67108864";

    final World world;
    final SimHost a;
    final SimHost b;
    final SimLink link;
    final List<TcpSocket> senders = new ArrayList<>();
    private final double rttMs;

    Flows(long seed, double rttMs) {
        this.rttMs = rttMs;
        world = new World(seed).unwatched();
        a = host("sender");
        b = host("receiver");
        link = world.link(a, b).delayMs(rttMs / 2);
        b.serve(80, t -> new VerifyingSink(b, t));
    }

    private SimHost host(String name) {
        return world.host(name).set("tcp_rmem", BUFFERS).set("tcp_wmem", BUFFERS);
    }

    /** The line towards the receiver: bits per second, and its queue in the simulator's words. */
    Flows bottleneck(long bitsPerSecond, String queue) {
        link.from(a).rate(bitsPerSecond, queue);
        return this;
    }

    /** The same with a drop-tail queue of so many times what the path itself holds. */
    Flows bottleneck(long bitsPerSecond, double bdp) {
        return bottleneck(bitsPerSecond,
                "bfifo limit " + Math.max(3000, Math.round(bitsPerSecond / 8.0 * rttMs / 1000 * bdp)));
    }

    /** Both ends ask for ECN. */
    Flows ecn() {
        a.set("tcp_ecn", "1");
        b.set("tcp_ecn", "1");
        return this;
    }

    /** Starts a flow that never ends. */
    TcpSocket add(String algorithm) {
        return add(algorithm, Long.MAX_VALUE / 2);
    }

    /** Starts a flow of {@code bytes}. */
    TcpSocket add(String algorithm, long bytes) {
        SocketOptions o = new SocketOptions();
        o.congestionControl = algorithm;
        TcpSocket t = a.connect(o, b.address(), 80);
        senders.add(t);
        new BulkSender(a, t, bytes);
        return t;
    }

    Flows run(double seconds) {
        world.advance(seconds * 1000);
        return this;
    }

    /** Megabits per second of each flow's acknowledged bytes while {@code seconds} pass. */
    double[] goodputs(double seconds) {
        long[] before = senders.stream().mapToLong(t -> t.totals.bytesAcked).toArray();
        run(seconds);
        double[] rates = new double[before.length];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = (senders.get(i).totals.bytesAcked - before[i]) * 8 / seconds / 1e6;
        }
        return rates;
    }

    /** Jain's index: 1 when all have the same, 1/n when one has all. */
    static double jain(double[] rates) {
        double sum = 0;
        double squares = 0;
        for (double r : rates) {
            sum += r;
            squares += r * r;
        }
        return squares == 0 ? 0 : sum * sum / (rates.length * squares);
    }
}

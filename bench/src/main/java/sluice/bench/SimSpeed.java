package sluice.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import sluice.base.Counter;
import sluice.core.Setting;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;
import sluice.sim.BulkSender;
import sluice.sim.SimHost;
import sluice.sim.VerifyingSink;
import sluice.sim.World;

/**
 * How many segments per second one core simulates: one bulk flow between two hosts, window after window, clean and with
 * loss. Every byte is made, summed, hashed and compared, as in tests; only the packet log and the checkers are off.
 *
 * <p>Run: {@code java -cp … sluice.bench.SimSpeed [segments per measurement [window [netem words]]]}.
 */
public final class SimSpeed {
    private static final int MSS = 1448;
    private static final int PIECE = 50_000;
    private static final double RATE_BITS = 10e9;

    private SimSpeed() {}

    /** Prints a table. */
    public static void main(String[] args) {
        long segments = args.length > 0 ? Long.parseLong(args[0]) : 2_000_000;
        System.out.println(
                "one core, MSS 1448, 10 Gbit/s, delay chosen so that the window is the bandwidth-delay product");
        System.out
                .println("median and fastest piece of " + PIECE
                        + " segments: a processor shared with other machines is slowed by them for seconds at a time");
        System.out.printf(Locale.ROOT, "%10s %8s %14s %12s %14s %12s %12s %10s %10s%n", "window", "loss", "segments/s",
                "ns/segment", "fastest/s", "ns/segment",
                "bytes/segm.", "resent", "goodput");
        run(1 << 20, "", segments / 2, false);
        run(1 << 20, "loss 0.1%", segments / 2, false);
        if (args.length > 1) {
            for (int i = 0; i < 5; i++) {
                run(Integer.parseInt(args[1]), args.length > 2 ? args[2] : "", segments, true);
            }
            return;
        }
        for (String loss : new String[]{"", "loss 0.01%", "loss 1%"}) {
            for (int window = 1 << 16; window <= 1 << 26; window <<= 2) {
                run(window, loss, segments, true);
            }
        }
    }

    private static void run(int window, String loss, long segments, boolean print) {
        World w = new World(1).unwatched();
        SimHost a = w.host("a", s -> s.set(Setting.TCP_MEM, 1 << 20, 1 << 20, 1 << 20));
        SimHost b = w.host("b", s -> {
            s.set(Setting.TCP_MEM, 1 << 20, 1 << 20, 1 << 20);
            s.set(Setting.RMEM_MAX, 1 << 28);
        });
        double rttMs = window * 8 / RATE_BITS * 1000;
        w.link(a, b).delayMs(rttMs / 2).rate((long) RATE_BITS, 2 * window);
        if (!loss.isEmpty()) {
            w.links().getFirst().from(a).netem(loss + " limit 1000000");
        }
        SocketOptions o = new SocketOptions();
        o.receiveBufferBytes = window;
        o.sendBufferBytes = window;
        o.notSentLowatBytes = 1 << 17; // an application that writes as it goes, not a window ahead
        o.zeroCopy = true; // what is in flight need not be stored, since its every byte can be computed
        o.congestionControl = "fixed:" + window / MSS; // losses must not make the window small: it is what is measured
        b.listen(o, 80, 10);
        var listener = b.listen(o, 81, 10);
        TcpSocket c = a.connect(o, b.address(), 81);
        w.runUntil("connected", () -> listener.acceptQueueLength() > 0);
        TcpSocket s = b.accept(listener);
        BulkSender sender = new BulkSender(a, c, Long.MAX_VALUE / 2);
        VerifyingSink sink = new VerifyingSink(b, s);
        long warm = Math.max(200_000, 2L * window / MSS);
        w.runUntil("warm", () -> c.totals.dataSegmentsOut >= warm);
        long segments0 = c.totals.segmentsOut + s.totals.segmentsOut;
        long data0 = sink.received();
        long resent0 = a.count(Counter.TcpRetransSegs);
        double virtual0 = w.nowMs();
        long allocated0 = allocated();
        int pieces = (int) Math.max(1, segments / PIECE);
        double[] ns = new double[pieces];
        for (int i = 0; i < pieces; i++) {
            long end = segments0 + segments * (i + 1) / pieces;
            long t0 = cpuNs();
            w.runUntil("done", () -> c.totals.segmentsOut + s.totals.segmentsOut >= end);
            ns[i] = (cpuNs() - t0) / (segments / (double) pieces);
        }
        long allocated = allocated() - allocated0;
        if (print) {
            double goodput = (sink.received() - data0) * 8 / (w.nowMs() - virtual0) / 1e6;
            Arrays.sort(ns);
            double median = (ns[(pieces - 1) / 2] + ns[pieces / 2]) / 2;
            System.out.printf(Locale.ROOT, "%10d %8s %,14.0f %12.0f %,14.0f %12.0f %12.2f %10d %7.2f Gb%n", window,
                    loss.isEmpty() ? "none" : loss.substring(5),
                    1e9 / median,
                    median, 1e9 / ns[0], ns[0], (double) allocated / segments,
                    a.count(Counter.TcpRetransSegs) - resent0, goodput);
        }
        if (sender.hasFailed()) {
            throw new IllegalStateException("the connection broke");
        }
    }

    /** Time this thread really ran: the machine may be busy with other things. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}

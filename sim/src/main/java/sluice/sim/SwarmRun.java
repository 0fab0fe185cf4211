package sluice.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.base.ErrnoException;
import sluice.core.Settings;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;

/**
 * One world of the swarm, drawn from its seed: hosts with odd settings, a bad path, up to three connections both ways,
 * closes and aborts. Impaired for a while, then healed: then everything must come to its end, every byte right and all
 * memory back.
 */
public final class SwarmRun {
    private static final int PORT = 80;

    private final World world;
    private final Entropy random;
    private final SimHost a;
    private final SimHost b;
    private final SimLink link;
    private final List<Flow> flows = new ArrayList<>();
    private int mtu;
    private final StringBuilder what = new StringBuilder();

    /** One connection and its applications. */
    private static final class Flow {
        final TcpSocket client;
        final BulkSender up;
        final VerifyingSink downSink;
        @Nullable TcpSocket server;
        @Nullable BulkSender down;
        @Nullable VerifyingSink upSink;
        boolean aborted;

        Flow(TcpSocket client, BulkSender up, VerifyingSink downSink) {
            this.client = client;
            this.up = up;
            this.downSink = downSink;
        }
    }

    /** Draws a world; {@link #run} lets it live. */
    public SwarmRun(long seed) {
        this(seed, World.START_NS);
    }

    /** The same with hosts whose clocks show {@code clockNs} at the start, any number. */
    SwarmRun(long seed, long clockNs) {
        world = new World(seed).replayWith("./sluice sim --swarm-seed " + seed);
        random = world.random("swarm");
        a = world.host("client", this::settings).clockAt(clockNs);
        b = world.host("server", this::settings).clockAt(clockNs);
        if (chance(30)) { // a router in between, and perhaps less room behind it
            SimHost router = world.host("router").clockAt(clockNs).router();
            link = world.link(a, router);
            impair();
            SimLink behind = world.link(router, b).delayMs(random.nextInt(10))
                    .mtu(chance(50) ? mtu : Math.max(1280, mtu / 2));
            what.append(" routed");
            if (chance(30)) {
                behind.mtuStep(random.nextInt(5000), Math.max(1280, mtu / 3), true);
                what.append(" mtu-step");
            }
        } else {
            link = world.link(a, b);
            impair();
        }
        if (chance(20)) {
            int ppm = random.nextInt(2001) - 1000;
            a.clockSkewPpm(ppm);
            what.append(" skew ").append(ppm);
        }
        if (chance(15)) {
            int from = random.nextInt(4000);
            world.after(from, link::cut);
            world.after(from + 1 + random.nextInt(3000), link::heal);
            what.append(" cut");
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private void settings(Settings s) {
        for (String name : List.of("tcp_timestamps", "tcp_sack", "tcp_window_scaling", "tcp_dsack", "tcp_frto",
                "tcp_moderate_rcvbuf")) {
            if (chance(25)) {
                s.set(name, "0");
                what.append(name).append("=0 ");
            }
        }
        if (chance(40)) {
            List<String> algorithms = CongestionControls.names();
            String name = algorithms.get(random.nextInt(algorithms.size()));
            s.set("tcp_congestion_control", name);
            what.append(name).append(' ');
        }
        if (chance(20)) {
            s.set("tcp_recovery", Integer.toString(random.nextInt(8)));
        }
        if (chance(20)) {
            s.set("tcp_early_retrans", "0");
        }
        if (chance(50)) {
            ecn(s);
        }
        if (chance(20)) {
            s.set("sluice.tcp_cwnd_validation", "rfc7661");
            what.append("rfc7661 ");
        }
    }

    private void ecn(Settings s) {
        int[] modes = {0, 1, 3, 3, 3, 4, 5};
        int mode = modes[random.nextInt(modes.length)];
        s.set("tcp_ecn", Integer.toString(mode));
        s.set("tcp_ecn_option", Integer.toString(random.nextInt(4)));
        s.set("sluice.tcp_abe", Integer.toString(random.nextInt(2)));
        what.append("ecn=").append(mode).append(' ');
    }

    private String percent(int probability, int most) {
        return chance(probability) ? String.format(Locale.ROOT, "%.1f%%", random.nextInt(most * 10) / 10.0) : "0%";
    }

    private void impair() {
        int[] mtus = {1500, 1500, 1500, 576, 1280, 9000, 200, 65_535};
        mtu = mtus[random.nextInt(mtus.length)];
        link.mtu(mtu);
        if (chance(30)) {
            link.superSegments(65_535);
            what.append("gso ");
        }
        int delay = 1 + random.nextInt(60);
        int jitter = chance(50) ? random.nextInt(delay) : 0;
        String loss = chance(15) ? "loss gemodel 1% " + (20 + random.nextInt(60)) + "% 80% 0.1%"
                : "loss " + percent(60, 15);
        String words = "delay " + delay + "ms " + jitter + "ms " + loss + " duplicate " + percent(40, 10) + " corrupt "
                + percent(30, 5)
                + " reorder " + percent(40, 30);
        for (Path p : List.of(link.from(a), link.to(a))) {
            p.netem(chance(70) ? words : "delay " + delay + "ms");
            if (chance(30)) {
                long rate = 1_000_000L << random.nextInt(8);
                String queue = queue();
                p.rate(rate, queue);
                what.append(queue).append(' ');
            }
        }
        what.append(words);
    }

    private String queue() {
        return switch (random.nextInt(5)) {
            case 0 -> "codel";
            case 1 -> "codel ecn target 1ms interval 20ms";
            case 2 -> "mark " + random.nextInt(20) + " limit " + (10 + random.nextInt(100));
            case 3 -> "pfifo limit " + (2 + random.nextInt(50));
            default -> "bfifo limit " + (3000 << random.nextInt(7));
        };
    }

    private SocketOptions options() {
        SocketOptions o = new SocketOptions();
        o.noDelay = chance(50);
        o.keepAlive = true; // a RST may be challenged and the challenge lost: nobody else would ever find out
        o.keepIdleSeconds = 60;
        o.keepIntervalSeconds = 10;
        o.keepCount = 5;
        o.quickAck = chance(20);
        if (chance(40)) {
            o.receiveBufferBytes = 500 << random.nextInt(9);
        }
        if (chance(40)) {
            o.sendBufferBytes = 1000 << random.nextInt(9);
        }
        if (chance(20)) {
            o.maxSegmentBytes = 88 + random.nextInt(1300);
        }
        return o;
    }

    /** What was drawn, in words. */
    public String what() {
        return what.toString();
    }

    /** The world. */
    public World world() {
        return world;
    }

    /**
     * Runs it; returns its hash.
     *
     * @throws AssertionError when a check fails; the message tells all
     */
    public long run() {
        try {
            var listener = b.listen(options(), PORT, 16);
            b.on(listener, () -> {
                for (TcpSocket t = listener.accept(); t != null; t = listener.accept()) {
                    b.adopt(t);
                    serve(t);
                }
            });
            int n = 1 + random.nextInt(3);
            for (int i = 0; i < n; i++) {
                open();
            }
            world.advance(2000 + random.nextInt(20_000));
            for (Path p : List.of(link.from(a), link.to(a))) {
                p.netem("").rate(0, 0);
            }
            world.runUntil("all is over", this::over);
            world.advance(130_000);
            world.checkClean();
            for (Flow f : flows) {
                check(f);
            }
            return world.hash();
        } catch (RuntimeException e) {
            throw new SimFailure(world, what + ": " + e, e);
        } catch (SimFailure e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
    }

    private void open() {
        TcpSocket client = a.connect(options(), mtu >= 1280 && chance(40) ? b.address6() : b.address(), PORT);
        Flow f = new Flow(client, new BulkSender(a, client, size()).thenClose(), sink(a, client));
        flows.add(f);
        if (chance(15)) {
            int ms = random.nextInt(3000);
            boolean byClient = chance(50);
            boolean hard = chance(50);
            world.after(ms, () -> giveUp(f, byClient, hard));
        }
    }

    private VerifyingSink sink(SimHost h, TcpSocket t) {
        VerifyingSink s = new VerifyingSink(h, t);
        return chance(25) ? s.slowly(200 << random.nextInt(8), 1 + random.nextInt(200)) : s;
    }

    private int size() {
        return chance(10) ? 0 : random.nextInt(1 << 10 + random.nextInt(11));
    }

    private void serve(TcpSocket t) {
        for (Flow f : flows) {
            if (f.client.tuple().localPort() == t.tuple().remotePort()
                    && f.client.tuple().local().equals(t.tuple().remote())) {
                f.server = t;
                f.down = new BulkSender(b, t, size()).thenClose();
                f.upSink = sink(b, t);
            }
        }
    }

    private void giveUp(Flow f, boolean client, boolean hard) {
        TcpSocket t = client ? f.client : f.server;
        if (t == null) {
            return;
        }
        f.aborted = true;
        try {
            if (hard) {
                t.abort((client ? a : b).nowNs());
            } else {
                t.close((client ? a : b).nowNs());
            }
        } catch (ErrnoException e) {
            // it was over already
        }
    }

    private static boolean done(@Nullable VerifyingSink s) {
        return s != null && (s.hasEnded() || s.hasFailed());
    }

    private boolean over() {
        for (Flow f : flows) {
            boolean refused = f.client.state() == TcpState.CLOSED;
            if (!(done(f.downSink) || refused) || !(done(f.upSink) || f.upSink == null && (refused || f.aborted))) {
                return false;
            }
        }
        return a.host().tcp().connections().isEmpty() && b.host().tcp().connections().isEmpty()
                && world.inFlight() == 0;
    }

    private void check(Flow f) {
        if (f.aborted) {
            return;
        }
        VerifyingSink upSink = f.upSink;
        BulkSender down = f.down;
        if (upSink == null || down == null || upSink.hasFailed() || f.downSink.hasFailed() || f.up.hasFailed()
                || down.hasFailed()) {
            throw new SimFailure(world, what + ": the connection broke without reason: " + f.client.error);
        }
        if (upSink.received() != f.up.sent() || f.downSink.received() != down.sent() || !f.up.isDone()
                || !down.isDone()) {
            throw new SimFailure(world,
                    what + ": sent " + f.up.sent() + "/" + down.sent() + ", arrived " + upSink.received() + "/"
                            + f.downSink.received());
        }
    }
}

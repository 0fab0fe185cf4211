package sluice.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpInfo;
import sluice.core.tcp.user.TcpSocket;
import sluice.link.NetemStatistics;
import sluice.observe.record.ConnectionTrace;

/**
 * One or more bulk transfers over a bottleneck, as a {@link TransferSpec} says: what {@code sluice sim} runs. Every
 * byte is checked.
 */
public final class TransferRun {
    private static final int FIRST_PORT = 5001;
    private static final double PATIENCE_MS = 24 * 3_600_000.0;
    private static final int LOOKS_A_CALL = 1 << 12;
    /** How long connections may take to close after the last byte: FINs are lost too. */
    private static final double CLOSING_MS = 120_000;

    /** One connection of the run. */
    public static final class Flow {
        private final int number;
        private final SimHost client;
        private final SimHost server;
        private final String algorithm;
        private @Nullable TcpSocket tcb;
        private @Nullable TcpSocket peer;
        private @Nullable VerifyingSink sink;
        private @Nullable ConnectionTrace trace;
        private @Nullable TcpInfo last;
        private double startMs;
        private double endMs = Double.NaN;

        Flow(int number, SimHost client, SimHost server, String algorithm) {
            this.number = number;
            this.client = client;
            this.server = server;
            this.algorithm = algorithm;
        }

        /** Counted from 1. */
        public int number() {
            return number;
        }

        /** Who sends. */
        public SimHost client() {
            return client;
        }

        /** Who receives. */
        public SimHost server() {
            return server;
        }

        /** Its congestion control. */
        public String algorithm() {
            return algorithm;
        }

        /** The sender's side; null before it began. */
        public @Nullable TcpSocket connection() {
            return tcb;
        }

        /** What was recorded of it; null before it began. */
        public @Nullable ConnectionTrace trace() {
            return trace;
        }

        /** Bytes that arrived, all of them right. */
        public long received() {
            return sink == null ? 0 : sink.received();
        }

        /** Whether everything arrived, the end of the stream too. */
        public boolean isComplete() {
            return sink != null && sink.hasEnded();
        }

        /** Whether the client waits for old segments to die (or does not) and the server has forgotten it. */
        private boolean isClosed() {
            TcpSocket sender = tcb;
            TcpSocket receiver = peer;
            return sender == null || receiver == null
                    || receiver.state() == TcpState.CLOSED
                            && (sender.state() == TcpState.TIME_WAIT || sender.state() == TcpState.CLOSED);
        }

        private boolean isOver() {
            return isComplete() || tcb != null && tcb.state() == TcpState.CLOSED;
        }

        /** From the SYN to the last byte, or to the end of the run, milliseconds. */
        public double durationMs() {
            double end = Double.isNaN(endMs) ? client.world().nowMs() : endMs;
            return end - startMs;
        }

        /** Bits per second that arrived. */
        public double goodput() {
            return durationMs() <= 0 ? 0 : received() * 8e3 / durationMs();
        }

        /** TcpInfo of the sender when the last byte arrived or the run ended; null before it began. */
        public @Nullable TcpInfo info() {
            return last != null || tcb == null ? last : tcb.info(client.nowNs());
        }
    }

    private final TransferSpec spec;
    private final World world;
    private final List<Flow> flows = new ArrayList<>();
    private final SimLink bottleneck;
    private final SimHost before;
    private boolean recording;
    private Runnable watcher = () -> {
    };
    private int looks;

    /** Lays it out; nothing runs yet. */
    public TransferRun(TransferSpec spec) {
        this.spec = spec;
        world = new World(spec.seed);
        if (spec.replay != null) {
            world.replayWith(spec.replay);
        }
        if (!spec.watched) {
            world.unwatched();
        }
        world.log().limit(spec.logLimit);
        switch (spec.topology) {
            case DIRECT -> {
                before = host("client");
                bottleneck = world.link(before, host("server"));
                flows(before, world.hosts().get(1));
            }
            case ROUTED -> {
                SimHost client = host("client");
                before = host("router").router();
                world.link(client, before).mtu(spec.mtu);
                bottleneck = world.link(before, host("server"));
                flows(client, world.hosts().get(2));
            }
            default -> { // DUMBBELL
                before = host("left").router();
                SimHost after = host("right").router();
                bottleneck = world.link(before, after);
                for (int i = 1; i <= spec.flows; i++) {
                    SimHost client = host("client" + i);
                    SimHost server = host("server" + i);
                    world.link(client, before).mtu(spec.mtu);
                    world.link(after, server).mtu(spec.mtu);
                    flows.add(new Flow(i, client, server, algorithm(i, client)));
                }
            }
        }
        shape();
    }

    private SimHost host(String name) {
        return world.host(name, this::settings);
    }

    private void settings(Settings s) {
        spec.settings.forEach(s::set);
    }

    private void flows(SimHost client, SimHost server) {
        for (int i = 1; i <= spec.flows; i++) {
            flows.add(new Flow(i, client, server, algorithm(i, client)));
        }
    }

    private String algorithm(int number, SimHost client) {
        return spec.algorithms.isEmpty() ? client.host().settings().text(Setting.TCP_CONGESTION_CONTROL)
                : spec.algorithms.get((number - 1) % spec.algorithms.size());
    }

    private void shape() {
        bottleneck.mtu(spec.mtu);
        bottleneck.from(before).netem(spec.netem).rate(spec.rateBitsPerSecond, spec.queue);
        bottleneck.to(before).netem(spec.reverseNetem == null ? spec.netem : spec.reverseNetem)
                .rate(spec.rateBitsPerSecond, spec.queue);
        for (TransferSpec.MtuStep s : spec.mtuSteps) {
            bottleneck.mtuStep(s.atMs(), s.bytes(), s.icmp());
        }
        for (TransferSpec.Cut c : spec.cuts) {
            world.after(c.fromMs(), () -> {
                bottleneck.cut();
                world.log().remark("the path is cut");
            });
            world.after(c.toMs(), () -> {
                bottleneck.heal();
                world.log().remark("the path is whole again");
            });
        }
        for (Flow f : flows) {
            f.client.clockSkewPpm(spec.clockSkewPpm);
        }
    }

    /** Records every connection's course for a plot. */
    public TransferRun recorded() {
        recording = true;
        return this;
    }

    /**
     * Runs to the end, and where an amount of data was asked for until the connections are closed; whether all that was
     * to arrive did. A broken check is a {@link SimFailure}.
     */
    public boolean run() {
        for (Flow f : flows) {
            f.server.serve(FIRST_PORT + f.number, t -> {
                f.peer = t;
                if (f.trace != null) {
                    f.server.recordArrivals(t, f.trace);
                }
                f.sink = new VerifyingSink(f.server, t).thenClose();
            });
            world.after((f.number - 1) * spec.staggerMs, () -> start(f));
        }
        double limit = spec.durationMs > 0 ? spec.durationMs : PATIENCE_MS;
        world.runFor(limit, this::isOver);
        for (Flow f : flows) {
            f.last = f.info();
        }
        if (spec.durationMs > 0) {
            return flows.stream().allMatch(f -> f.received() > 0);
        }
        boolean complete = flows.stream().allMatch(Flow::isComplete);
        if (complete) {
            world.runFor(CLOSING_MS, () -> flows.stream().allMatch(Flow::isClosed));
        }
        return complete;
    }

    private void start(Flow f) {
        f.startMs = world.nowMs();
        SocketOptions options = new SocketOptions();
        options.congestionControl = f.algorithm;
        TcpSocket t = f.client.connect(options, f.server.address(), FIRST_PORT + f.number);
        f.tcb = t;
        if (recording) {
            f.trace = f.client.record(t, f.number == 1 && spec.rateBitsPerSecond > 0 ? bottleneck.from(before) : null);
        }
        new BulkSender(f.client, t, spec.bytes(f.number)).thenClose();
    }

    /** Calls {@code look} every few thousand events of the run. */
    public TransferRun watchedBy(Runnable look) {
        watcher = look;
        return this;
    }

    private boolean isOver() {
        boolean all = true;
        if (++looks % LOOKS_A_CALL == 0) {
            watcher.run();
        }
        for (int i = 0; i < flows.size(); i++) {
            Flow f = flows.get(i);
            boolean over = f.isOver();
            if (over && Double.isNaN(f.endMs)) {
                f.endMs = world.nowMs();
                f.last = f.info();
            }
            all &= over;
        }
        return all;
    }

    /** The connections. */
    public List<Flow> flows() {
        return Collections.unmodifiableList(flows);
    }

    /** The world, with its log and hash. */
    public World world() {
        return world;
    }

    /** What it was made of. */
    public TransferSpec spec() {
        return spec;
    }

    /** The bottleneck, from the clients to the servers. */
    public Path forth() {
        return bottleneck.from(before);
    }

    /** The bottleneck, from the servers to the clients. */
    public Path back() {
        return bottleneck.to(before);
    }

    /** What netem did to packets on the way to the servers; null without netem. */
    public @Nullable NetemStatistics netem() {
        return forth().netemStatistics();
    }

    /** Jain's index of the goodputs: 1 when all are alike, 1/n when one has everything. */
    public double jainIndex() {
        double sum = 0;
        double squares = 0;
        for (Flow f : flows) {
            sum += f.goodput();
            squares += f.goodput() * f.goodput();
        }
        return squares == 0 ? 1 : sum * sum / (flows.size() * squares);
    }
}

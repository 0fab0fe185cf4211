package sluice.drill;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.ReadinessListener;
import sluice.core.RouteMetrics;
import sluice.core.Settings;
import sluice.core.trace.TraceSink;
import sluice.engine.HostDriver;
import sluice.wire.Packet;
import sluice.wire.PacketDirection;
import sluice.wire.Prefix;

/** The host under test, its clock, and what it has sent. */
final class Machine {
    /** Largest super-segment of the device, as on Linux. */
    private static final int GSO_BYTES = 65_535;
    private static final long START_NS = 1_000_000_000_000L;
    private static final int MAX_ROUNDS_AT_ONE_TIME = 1_000;
    private static final int PER_ROUND = 100;

    /** Sees every packet. */
    interface Watcher {
        void packet(PacketDirection direction, Packet packet, long ns);
    }

    private final Host host;
    private final HostDriver driver;
    private final int link;
    private final Settings settings = new Settings();
    private final ArrayDeque<Seen> sent = new ArrayDeque<>();
    private final Packet buffer = Packet.ofMaxSize();
    private final Watcher watcher;
    private long nowNs = START_NS;

    Machine(DrillOptions options, TraceSink trace, Watcher watcher) {
        this.watcher = watcher;
        LinkProperties properties = LinkProperties.plain(options.mtu()).withOffloads(GSO_BYTES);
        host = new Host(
                HostConfig.builder(Entropy.seeded(1, "drill")).name("drill").settings(settings).trace(trace).build());
        driver = new HostDriver(host, new Collector(), ReadinessListener.Caller.PLAIN);
        link = host.addInterface("tun0", properties);
        host.addAddress(link, options.local(), options.local().isV4() ? 16 : 64);
        host.addRoute(Prefix.parse(options.local().isV4() ? "0.0.0.0/0" : "::/0"), link, null, 0);
        drain();
        sent.clear();
    }

    /** Says what is known of the path to a destination: "192.0.2.1" or "192.0.2.0/24". */
    void route(String destination, RouteMetrics metrics) {
        Prefix p = Prefix.parse(destination.indexOf('/') >= 0 ? destination
                : destination + (destination.indexOf(':') >= 0 ? "/128" : "/32"));
        host.addRoute(p, link, null, 0, metrics);
    }

    Host host() {
        return host;
    }

    Settings settings() {
        return settings;
    }

    long nowNs() {
        return nowNs;
    }

    /** Microseconds since the script began. */
    long scriptUs() {
        return toScriptUs(nowNs);
    }

    static long toScriptUs(long ns) {
        return (ns - START_NS) / 1000;
    }

    static long toNs(long scriptUs) {
        return START_NS + scriptUs * 1000;
    }

    /** A packet arrives now. */
    void inject(Packet p) {
        watcher.packet(PacketDirection.INBOUND, p, nowNs);
        p.timestampNs = nowNs;
        host.onPacket(link, p, nowNs);
        drain();
    }

    Packet buffer() {
        return buffer;
    }

    /** Collects what the host has to send now. */
    void drain() {
        if (!driver.drain(MAX_ROUNDS_AT_ONE_TIME, PER_ROUND, PER_ROUND, nowNs)) {
            throw new FailException("the stack sends without end at " + scriptUs() + " us");
        }
    }

    /** Collects packets. Nobody listens to endpoints: readiness is asked for, never awaited. */
    private final class Collector implements HostDriver.Outlet {
        @Override
        public Packet packet() {
            return buffer;
        }

        @Override
        public boolean take(int interfaceIndex, Packet out, long now) {
            out.flatten();
            watcher.packet(PacketDirection.OUTBOUND, out, now);
            List<Seen> packets = Seen.of(out, now);
            if (packets != null) {
                sent.addAll(packets);
            }
            return true;
        }
    }

    /** The next packet it sent; null when there is none. */
    @Nullable Seen pollSent() {
        return sent.poll();
    }

    @Nullable Seen peekSent() {
        return sent.peek();
    }

    void putBack(Seen s) {
        sent.addFirst(s);
    }

    /**
     * Lets time pass to the next deadline of the host, but not beyond {@code limitNs}; false when the limit is reached.
     */
    boolean step(long limitNs) {
        long next = host.nextDeadlineNs();
        if (next > limitNs) {
            nowNs = Math.max(nowNs, limitNs);
            return false;
        }
        nowNs = Math.max(nowNs, next);
        host.onDeadline(nowNs);
        drain();
        return true;
    }
}

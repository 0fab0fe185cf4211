package sluice.virtual;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.clock.MemberGroup;
import sluice.core.tcp.Listener;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.RetransmissionCause;
import sluice.core.trace.TraceEvent;
import sluice.engine.ThreadHost;
import sluice.observe.print.SocketRow;
import sluice.observe.print.SocketTable;
import sluice.sim.Match;
import sluice.sim.PacketView;
import sluice.sim.SimHost;
import sluice.sockets.names.HostResolvers;
import sluice.wire.IpAddress;

/**
 * A machine of the network: a stack, names, and the threads of its program.
 *
 * <p>A thread belongs to it that {@link #run}, {@link #call} or {@link #start} made or entered, and so do all that such
 * a thread makes. Its channels, sockets and lookups are this host's, its time is the network's.
 *
 * <p><b>Thread rules.</b> Any thread.
 */
public final class VirtualHost {
    private final Network network;
    private final Simulation simulation;
    private final SimHost sim;
    private final HostSpec spec;
    private final List<String> crashes = new ArrayList<>();
    private Boot boot;

    /** From one start of the machine to its crash: what runs, how it reaches the stack, what it knows of names. */
    private record Boot(Entrance entrance, MemberGroup group, AtomicBoolean over) {
        boolean isOver() {
            return over.get() || entrance.isOver();
        }

        void kill() {
            over.set(true);
            group.kill();
        }
    }

    VirtualHost(Network network, SimHost sim, HostSpec spec) {
        this.network = network;
        this.simulation = network.simulation();
        this.sim = sim;
        this.spec = spec;
        boot = boot();
    }

    private Boot boot() {
        Boot b = new Boot(new Entrance(simulation, sim), simulation.clock().group(spec.name()), new AtomicBoolean());
        b.group.attach(b.entrance);
        HostResolvers.add(b.entrance, new HostNames(network.names(), simulation, spec,
                spec.hasIpv6Name() ? List.of(sim.address(), sim.address6()) : List.of(sim.address())));
        return b;
    }

    SimHost sim() {
        return sim;
    }

    boolean isRouter() {
        return spec.isRouter();
    }

    List<IpAddress> namedAddresses() {
        return spec.hasIpv6Name() ? List.of(sim.address(), sim.address6()) : List.of(sim.address());
    }

    /** Its name, by which others find it. */
    public String name() {
        return spec.name();
    }

    /** Its IPv4 address: "10.0.0.1". */
    public String address() {
        return sim.address().toString();
    }

    /** Its IPv6 address: "fd00::1". */
    public String address6() {
        return sim.address6().toString();
    }

    // --- programs ---

    private synchronized Boot now() {
        return boot;
    }

    /** Runs {@code program} on this host, on the calling thread if that is one of the network's, and waits for it. */
    public void run(Program program) throws Exception {
        call(() -> {
            program.run();
            return null;
        });
    }

    /** The same, with a result. */
    public <T extends @Nullable Object> T call(Callable<T> program) throws Exception {
        Boot b = now();
        Callable<T> inside = () -> ThreadHost.call(b.entrance, program);
        return network.isMember() ? b.group.callHere(inside) : b.group.call(name(), inside);
    }

    /**
     * Starts {@code program} on a thread of its own. When it throws, and it is not because the host crashed or the
     * network ended, the network has failed, and so has its test.
     */
    public Running start(Program program) {
        return start(name(), program);
    }

    /** The same, with a name for its thread. */
    public Running start(String threadName, Program program) {
        Boot b = now();
        Running running = new Running(threadName);
        b.group.start(threadName, () -> {
            try {
                ThreadHost.call(b.entrance, () -> {
                    program.run();
                    return null;
                });
                running.ended(null);
            } catch (Throwable e) { // whatever a program throws
                running.ended(e);
                if (!b.isOver()) {
                    network.programFailed(name() + ": the program " + threadName + " ended by " + e, e);
                }
            }
        });
        return running;
    }

    // --- its fate ---

    /**
     * The power goes: its threads end where they wait, its memory is gone, and nobody is told. Peers keep their
     * connections, which are half-open, until they send or ask.
     *
     * <p>Threads of pools that a library keeps in a static go, too, if this host's program started them, and such a
     * pool may start none for the other hosts afterwards (docs/virtual-time.md).
     */
    public synchronized void crash() {
        Boot b = boot;
        if (!sim.isOff()) {
            crashes.add(name() + " crashed at " + network.elapsed() + " with " + b.group.threads().size() + " threads");
        }
        simulation.inside(() -> {
            sim.crash(); // first, so that nothing leaves that dying threads close
            b.kill();
            b.entrance.close();
        });
        HostResolvers.remove(b.entrance);
    }

    /**
     * Starts again after a {@link #crash} (which happens first if it has not): the same addresses, settings and links,
     * and no connection; no program runs until one is started.
     */
    public synchronized void restart() {
        if (!sim.isOff()) {
            crash();
        }
        simulation.inside(sim::restart);
        boot = boot();
    }

    /** All its threads stop, as in a long pause of the garbage collector, until {@link #thaw}; its stack goes on. */
    public void freeze() {
        now().group.freeze();
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        now().group.thaw();
    }

    /** Changes a setting of its stack, as {@code sysctl -w} does. */
    public VirtualHost sysctl(String setting, String value) {
        simulation.inside(() -> sim.set(setting, value));
        return this;
    }

    /**
     * From now on its program's JVM keeps what it finds of a name that long; negative for ever ({@link
     * HostSpec#nameCache}).
     */
    public VirtualHost nameCache(Duration ttl) {
        spec.nameCache(ttl);
        return this;
    }

    /**
     * The accept queue of the listener at {@code port} is full, as when its program accepts no more: the SYNs of others
     * are dropped and counted, as Linux does with tcp_abort_on_overflow off.
     */
    public Fault acceptQueueFull(int port) {
        Match syn = p -> p.isSyn() && p.destinationPort() == port && isHere(p);
        List<Wire> towards = network.wiresTo(this);
        return network.plan("accept queue of " + name() + ":" + port + " full", towards, syn, (wire, p) -> {
            simulation.world().after(0, () -> overflow(port)); // when it arrives, who listens listens
            return false;
        });
    }

    private void overflow(int port) {
        sim.host().tcp().forEachEndpoint(e -> {
            if (e instanceof Listener l && l.localPort() == port) {
                l.countOverflow();
            }
        });
    }

    private boolean isHere(PacketView p) {
        return p.destination().equals(sim.address()) || p.destination().equals(sim.address6());
    }

    // --- what a test can ask ---

    /** Its TCP endpoints and UDP sockets, as {@code ss -a} lists them. */
    public List<SocketRow> sockets() {
        return simulation.inside(() -> sim.isOff() ? List.of() : SocketTable.snapshot(sim.host(), sim.nowNs()));
    }

    /** Its TCP endpoints that are in a state. */
    public List<SocketRow> sockets(TcpState state) {
        return sockets().stream().filter(r -> r.state() == state).toList();
    }

    /** Its connection from (or its endpoint at) a local port, in whatever state; null when there is none. */
    public @Nullable SocketRow socket(int localPort) {
        SocketRow found = null;
        for (SocketRow r : sockets()) {
            if (r.localPort() == localPort && (found == null || r.info() != null)) {
                found = r;
            }
        }
        return found;
    }

    /** A counter of its stack, by Linux's name. */
    public long counter(Counter counter) {
        return simulation.inside(() -> sim.count(counter));
    }

    /** A counter by Linux's name in {@code nstat}: "TcpRetransSegs", "TcpExtListenOverflows". */
    public long counter(String name) {
        return counter(Counter.valueOf(name));
    }

    /** Segments that it retransmitted, by what made it do so; causes without any are not there. */
    public Map<RetransmissionCause, Long> retransmissions() {
        Map<RetransmissionCause, Long> all = new EnumMap<>(RetransmissionCause.class);
        simulation.inside(() -> events(TraceEvent.Retransmission.class)
                .forEach(e -> all.merge(e.cause(), (long) Math.max(1, e.segments()), Long::sum)));
        return all;
    }

    /** What its stack's trace said of one kind, in order, as far as it is kept. */
    public <E extends TraceEvent> List<E> events(Class<E> kind) {
        return simulation.inside(() -> simulation.world().log().events(sim, kind));
    }

    /** How many packets that match it has sent, as far as they are kept ({@link NetworkBuilder#packetsKept}). */
    public int sent(Match match) {
        return simulation.inside(() -> simulation.world().log().sent(sim, match));
    }

    /** How many packets that match have arrived at it. */
    public int received(Match match) {
        return simulation.inside(() -> simulation.world().log().arrived(sim, match));
    }

    /** The names of its program's threads that have not ended. */
    public List<String> threads() {
        List<String> all = new ArrayList<>();
        members().forEach(t -> all.add(t.getName()));
        return all;
    }

    /** When it crashed, in words. */
    synchronized List<String> crashes() {
        return List.copyOf(crashes);
    }

    /** These threads. */
    List<Thread> members() {
        return now().group.threads();
    }

    /** For the end of the network: its threads end where they sleep or wait for the network. */
    void end() {
        now().group.end();
    }

    /** For the end of the network, after {@link #end}. */
    void close() {
        Boot b = now();
        HostResolvers.remove(b.entrance);
        b.kill();
        simulation.inside(b.entrance::close);
    }

    @Override
    public String toString() {
        return name();
    }
}

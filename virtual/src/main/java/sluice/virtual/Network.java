package sluice.virtual;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sluice.clock.ClockSettings;
import sluice.clock.MemberGroup;
import sluice.clock.Threads;
import sluice.clock.VirtualClock;
import sluice.sim.Match;
import sluice.sim.PacketView;
import sluice.sim.SimHost;
import sluice.sim.World;
import sluice.wire.IpAddress;

/**
 * A simulated network of whole programs: hosts that run ordinary Java code, links between them, and a time that moves
 * when none of its threads can run.
 *
 * <pre>{@code
 * try (Network net = Network.builder().link("client", "db", "delay 40ms loss 1%").build()) {
 *     net.host("db").start(() -> serve(5432));
 *     net.host("client").run(() -> ask("db", 5432));
 * }
 * }</pre>
 *
 * <p>It needs the agent of {@code sluice-clock-agent}. What is repeatable: packets, losses, ports and times come from
 * the seed; the order in which threads of a program run that can run at the same time does not, unless they are {@link
 * Threads#SEEDED}. docs/virtual-time.md says more.
 *
 * <p><b>Thread rules.</b> Any thread. While one of the network's own threads runs, time stands still; a thread of
 * others sees it move.
 */
public final class Network implements AutoCloseable {
    private static final int MOST_FAILURES = 20;
    private static final long PATIENCE_NS = 500_000_000;
    private static final Duration RUN_DOWN = Duration.ofMinutes(10);
    private static final long RUN_DOWN_LIMIT_MS = 500;

    private final NetworkBuilder plan;
    private final Simulation simulation;
    private final MemberGroup test;
    private final VirtualNames names = new VirtualNames();
    private final Map<String, VirtualHost> hosts = new LinkedHashMap<>();
    private final List<VirtualLink> links = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Throwable> programFailures = new ArrayList<>();
    private boolean closed;

    Network(NetworkBuilder plan) {
        this.plan = plan;
        if (!VirtualClock.isAgentPresent()) {
            throw new IllegalStateException(AgentLine.missing());
        }
        Platform.prepare();
        World world = new World(plan.seed());
        world.log().limit(plan.packetsKept());
        simulation = new Simulation(world, new ClockSettings(plan.name(), ClockSettings.DEFAULT_EPOCH_MILLIS,
                plan.threads(), plan.seed(), plan.stallLimitMs(), plan.foreignPools()));
        test = simulation.clock().group("test");
        for (HostSpec spec : plan.hosts()) {
            SimHost sim = world.host(spec.name(), spec::applyTo, spec.v4(), spec.v6());
            if (spec.isRouter()) {
                sim.router();
            }
            VirtualHost h = new VirtualHost(this, sim, spec);
            hosts.put(spec.name(), h);
            names.set(spec.name(), h.namedAddresses());
        }
        for (LinkSpec spec : plan.links()) {
            VirtualHost a = host(spec.a());
            VirtualHost b = host(spec.b());
            var link = world.link(a.sim(), b.sim());
            spec.applyTo(link);
            links.add(new VirtualLink(this, link, a, b));
        }
        world.prepare();
    }

    /** A network to be described. */
    public static NetworkBuilder builder() {
        return new NetworkBuilder();
    }

    Simulation simulation() {
        return simulation;
    }

    // --- parts ---

    /**
     * A host.
     *
     * @throws IllegalArgumentException there is none of that name
     */
    public VirtualHost host(String name) {
        VirtualHost h = hosts.get(name);
        if (h == null) {
            throw new IllegalArgumentException(
                    "there is no host " + name + " in the network; it has " + hosts.keySet());
        }
        return h;
    }

    /** All hosts, routers included, in the order of their making. */
    public Collection<VirtualHost> hosts() {
        return Collections.unmodifiableCollection(hosts.values());
    }

    /**
     * The link between two hosts that are neighbours; the first, if there are several.
     *
     * @throws IllegalArgumentException there is none
     */
    public VirtualLink link(String a, String b) {
        for (VirtualLink l : links) {
            if (l.joins(a, b)) {
                return l;
            }
        }
        throw new IllegalArgumentException("there is no link between " + a + " and " + b + "; there are " + links);
    }

    /** All links, in the order of their making. */
    public List<VirtualLink> links() {
        return Collections.unmodifiableList(links);
    }

    /** The names that programs look up. */
    public VirtualNames names() {
        return names;
    }

    /** What everything random comes from. */
    public long seed() {
        return plan.seed();
    }

    /** How its threads run. */
    public Threads threads() {
        return plan.threads();
    }

    /** What it is called in reports. */
    public String name() {
        return plan.name();
    }

    // --- time ---

    /** Virtual time since the network began. */
    public Duration elapsed() {
        return Duration.ofNanos(simulation.clock().nowNs());
    }

    /**
     * Runs {@code action} when so much time has passed, on the clock's thread: it plans, cuts, heals, and never waits.
     */
    public void after(Duration delay, Runnable action) {
        simulation.clock().at(simulation.clock().nowNs() + delay.toNanos(), action);
    }

    /**
     * Has time stand still, or move again: for a test that comes in several parts, between which nothing is to happen.
     * While it stands, programs run until they wait. The JUnit extension does it.
     */
    public void holdTime(boolean still) {
        simulation.clock().hold(still);
    }

    /**
     * Runs a test's own code as a thread of the network that belongs to no host: it may sleep, read the clock and wait
     * for programs, all in virtual time. A thread that is the network's already just runs it.
     */
    public <T extends @Nullable Object> T call(Callable<T> code) throws Exception {
        return isMember() ? code.call() : test.call("test", code);
    }

    /** The same without a result. */
    public void run(Program code) throws Exception {
        call(() -> {
            code.run();
            return null;
        });
    }

    boolean isMember() {
        return VirtualClock.current() == simulation.clock();
    }

    // --- faults ---

    Fault plan(String what, List<Wire> wires, Match match, Fault.Effect effect) {
        Fault f = new Fault(simulation, what, wires, match, effect);
        simulation.inside(() -> faults.add(f));
        return f.install();
    }

    List<Wire> wiresTo(VirtualHost host) {
        return wires().stream().filter(w -> w.to() == host.sim()).toList();
    }

    private List<Wire> wires() {
        List<Wire> all = new ArrayList<>();
        links.forEach(l -> all.addAll(l.wires()));
        return all;
    }

    /** All faults that were planned, closed ones too, in the order of their making. */
    public List<Fault> faults() {
        return simulation.inside(() -> List.copyOf(faults));
    }

    /** Nothing passes between two hosts, over whatever links, until it is closed; both reach all others. */
    public Fault partition(String a, String b) {
        return partition(List.of(a), List.of(b));
    }

    /** Nothing passes between the hosts of one side and those of the other, until it is closed. */
    public Fault partition(Collection<String> side, Collection<String> other) {
        List<IpAddress> ones = addresses(side);
        List<IpAddress> others = addresses(other);
        return lose("partition of " + side + " and " + other, ones, others, true);
    }

    /** Nothing that {@code from} sends reaches {@code to}, until it is closed; the other way all goes well. */
    public Fault partitionOneWay(String from, String to) {
        return lose("one-way partition from " + from + " to " + to, addresses(List.of(from)), addresses(List.of(to)),
                false);
    }

    private Fault lose(String what, List<IpAddress> from, List<IpAddress> to, boolean bothWays) {
        Match between = p -> {
            IpAddress s = p.source();
            IpAddress d = p.destination();
            return from.contains(s) && to.contains(d) || bothWays && to.contains(s) && from.contains(d);
        };
        return plan(what, wires(), between, (wire, p) -> false);
    }

    private List<IpAddress> addresses(Collection<String> of) {
        List<IpAddress> all = new ArrayList<>();
        for (String h : of) {
            all.add(host(h).sim().address());
            all.add(host(h).sim().address6());
        }
        return all;
    }

    // --- what was seen ---

    /** How many packets that match any host has sent, forwarded ones not counted. */
    public int sent(Match match) {
        Match own = p -> hosts.values().stream().anyMatch(h -> isFrom(h, p)) && match.test(p);
        return hosts.values().stream().filter(h -> !h.isRouter()).mapToInt(h -> h.sent(own)).sum();
    }

    private static boolean isFrom(VirtualHost h, PacketView p) {
        return p.source().equals(h.sim().address()) || p.source().equals(h.sim().address6());
    }

    /** All packets that are kept, as tcpdump would print them. */
    public String text() {
        return simulation.inside(() -> simulation.world().log().text());
    }

    /** The ladder of the first connection between two hosts. */
    public String ladder(String a, String b) {
        return simulation.inside(() -> simulation.world().log().ladder(host(a).sim(), host(b).sim()));
    }

    /** Writes all packets that are kept, an interface for each host. */
    public void capture(Path pcapng) throws IOException {
        simulation.enter();
        try {
            simulation.world().log().pcapng(pcapng);
        } finally {
            simulation.leave();
        }
    }

    /** Hash over all packets that were delivered, with their times: equal for runs that were the same. */
    public long hash() {
        return simulation.inside(() -> simulation.world().hash());
    }

    /** Seed, what makes this run again, who waits for what, the ladder of the connection concerned, and a capture. */
    public String report() {
        return new NetworkReport(this).text();
    }

    // --- failures ---

    void programFailed(String what, Throwable e) {
        synchronized (programFailures) {
            if (programFailures.size() < MOST_FAILURES) {
                programFailures.add(new AssertionError(what, e));
            }
        }
    }

    /** Forgets what started programs threw so far, for tests that mean it. */
    public void forgive() {
        synchronized (programFailures) {
            programFailures.clear();
        }
    }

    /**
     * Throws what went wrong in the network though no call of the test has thrown it: a broken promise of the stack, a
     * predicate or a started program that threw, planned faults that met no packet, a thread that slept with a monitor
     * that another wanted ({@link NetworkBuilder#heldMonitors}).
     */
    public void check() {
        Throwable f = simulation.failure();
        if (f != null) {
            throw new AssertionError("the network stopped: " + f, f);
        }
        AssertionError failed = simulation.clock().failure();
        if (failed != null) {
            throw failed;
        }
        synchronized (programFailures) {
            if (!programFailures.isEmpty()) {
                AssertionError first = (AssertionError) programFailures.getFirst();
                programFailures.stream().skip(1).forEach(first::addSuppressed);
                throw first;
            }
        }
        List<String> inVain = simulation.inside(() -> faults.stream().flatMap(x -> x.complaints().stream()).toList());
        if (!inVain.isEmpty()) {
            throw new FaultNeverFired(inVain);
        }
        List<String> held = plan.heldMonitors() ? List.of() : simulation.clock().notices();
        if (!held.isEmpty()) {
            throw new AssertionError(
                    "a thread waited with a monitor that another wanted (heldMonitors = true if it may):"
                            + "\n" + String.join("\n", held));
        }
    }

    /**
     * Ends programs where they sleep or wait for the network, then lets time pass in which idle threads of pools end by
     * themselves, before the rest are killed. Pools in statics are shared by the networks of a JVM, and one that was
     * killed in the middle of its books may never start a thread again (OkHttp's).
     */
    private void runDown() {
        if (isMember() || simulation.failure() != null || simulation.clock().failure() != null) {
            return;
        }
        hosts.values().forEach(VirtualHost::end);
        CountDownLatch over = new CountDownLatch(1);
        after(RUN_DOWN, over::countDown);
        try {
            over.await(RUN_DOWN_LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends the network. Its programs' threads end where they sleep or wait for the network; then ten minutes of virtual
     * time pass (or half a second of real time), in which idle threads of pools end by themselves; then all others end
     * where they wait. Throws nothing; {@link #check} tells what went wrong. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        runDown();
        hosts.values().forEach(VirtualHost::close);
        if (!isMember()) {
            awaitEnd();
        }
        simulation.clock().close();
    }

    /** Threads that are about to end do, so that no pool hands work of the next network to one of this. */
    private void awaitEnd() {
        long untilNs = System.nanoTime() + PATIENCE_NS;
        try {
            for (VirtualHost h : hosts.values()) {
                for (Thread t : h.members()) {
                    long leftNs = untilNs - System.nanoTime();
                    if (leftNs > 0) {
                        t.join(Duration.ofNanos(leftNs));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name() + " " + hosts.keySet();
    }
}

package sluice.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Deadlines;
import sluice.base.Entropy;
import sluice.base.Time;
import sluice.core.Settings;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * Hosts, links and applications in virtual time. One heap of events ordered by (time, order of scheduling); everything
 * random comes from the seed; so a seed names a run, and {@link #hash} tells whether two runs were the same.
 *
 * <p>Use: make hosts, join them by links, connect, then {@link #advance}, {@link #settle} or {@link #runUntil}. What is
 * called on a host between those takes effect when time goes on. Single-threaded.
 */
public final class World {
    /** What the clock shows at the start: not 0, which parts of the core read as "never". */
    public static final long START_NS = 1_000_000_000L;
    private static final long MS = 1_000_000L;
    private static final long PATIENCE_NS = 3_600_000L * MS;
    private static final int LOOKUPS_WITHOUT_INDEX = 2000;
    private static final int FIRST_V4 = 0x0a00_0000;
    private static final long FIRST_V6 = 0xfd00_0000_0000_0000L;

    /** Something on the heap. */
    abstract static class Event extends Deadlines.Entry {
        abstract void fire(long nowNs);
    }

    /** Told of each packet that hosts sent or took, after they did: the hosts may be looked at. */
    @FunctionalInterface
    public interface Watcher {
        /** A host sent a packet, or has taken one that arrived. */
        void packet(SimHost host, boolean arrived);
    }

    private final class Task extends Event {
        private final Runnable action;

        Task(Runnable action) {
            this.action = action;
        }

        @Override
        void fire(long now) {
            action.run();
            drainAll();
        }
    }

    private final long seed;
    private final Deadlines<Event> events = new Deadlines<>();
    private final EventHash hash = new EventHash();
    private final List<SimHost> hosts = new ArrayList<>();
    private final List<SimLink> links = new ArrayList<>();
    private final Packet scratch = Packet.ofMaxSize();
    private final Packet arriving = Packet.ofMaxSize();
    private @Nullable MemorySegment pattern;
    private final PacketStore packets = new PacketStore();
    private @Nullable PatternIndex patternIndex;
    private int lookups;
    private @Nullable MemorySegment buffer;
    private final PacketLog log = new PacketLog(this);
    private final Routes routes = new Routes(this);
    private final WireChecker wireChecker = new WireChecker();
    private boolean watching = true;
    private boolean checking = true;
    private @Nullable Watcher watcher;
    private String replay;
    private long nowNs = START_NS;
    private long delivered;
    private int heldPackets;

    /** An empty world. */
    public World(long seed) {
        this.seed = seed;
        replay = "run the same test with -Dsluice.seed=" + seed;
    }

    /** What names this run. */
    public long seed() {
        return seed;
    }

    /** An independent stream of random numbers for the part called {@code name}. */
    public Entropy random(String name) {
        return Entropy.seeded(seed, name);
    }

    // --- building ---

    /** A host with all default settings; its addresses are 10.0.0.n and fd00::n, n counted from 1. */
    public SimHost host(String name) {
        return host(name, s -> {
        });
    }

    /** A host whose settings are changed first. */
    public SimHost host(String name, Consumer<Settings> change) {
        return host(name, change, null, null);
    }

    /** The same with addresses of its own choice; null for those that its number gives. */
    public SimHost host(String name, Consumer<Settings> change, @Nullable IpAddress v4, @Nullable IpAddress v6) {
        int n = hosts.size() + 1;
        SimHost h = new SimHost(this, name, n, change, v4 != null ? v4 : IpAddress.ofV4(FIRST_V4 | n),
                v6 != null ? v6 : new IpAddress(FIRST_V6, n));
        hosts.add(h);
        return h;
    }

    /**
     * Joins two hosts: no delay, no limit of rate, MTU 1500 until told otherwise. Hosts in the middle of several links
     * should be routers.
     */
    public SimLink link(SimHost a, SimHost b) {
        SimLink l = new SimLink(this, links.size(), a, b);
        links.add(l);
        routes.changed();
        return l;
    }

    /** All hosts, in order of making. */
    public List<SimHost> hosts() {
        return Collections.unmodifiableList(hosts);
    }

    /** All links, in order of making. */
    public List<SimLink> links() {
        return Collections.unmodifiableList(links);
    }

    /** No packet log, no trace, no checks: for measuring speed. Call before making hosts. */
    public World unwatched() {
        watching = false;
        return this;
    }

    /** Log, trace and checks from now on, after {@link #unwatched}. */
    public World watched() {
        watching = true;
        return this;
    }

    /** Packet log and trace as always, but nobody checks: for hosts that deliberately do what is wrong. */
    public World unchecked() {
        checking = false;
        return this;
    }

    /** Has somebody told of each packet from now on. */
    public World watchedBy(Watcher who) {
        watcher = who;
        return this;
    }

    /**
     * Tells what makes this run again, for reports of failures; otherwise it is the test that is told to be run with
     * the seed.
     */
    public World replayWith(String command) {
        replay = command;
        return this;
    }

    String replay() {
        return replay;
    }

    boolean watching() {
        return watching;
    }

    boolean checking() {
        return watching && checking;
    }

    // --- time ---

    /** The clock, nanoseconds. */
    public long nowNs() {
        return nowNs;
    }

    /** Milliseconds since the start. */
    public double nowMs() {
        return (nowNs - START_NS) / 1e6;
    }

    /** Lets that much time pass. */
    public void advance(double ms) {
        runTo(nowNs + Math.round(ms * MS), () -> false);
    }

    /**
     * Runs until the condition holds; fails when it does not within an hour of virtual time, or when nothing is left to
     * happen.
     */
    public void runUntil(String what, BooleanSupplier condition) {
        if (!runTo(nowNs + PATIENCE_NS, condition)) {
            throw new SimFailure(this, "no progress: \"" + what + "\" did not come true"
                    + (nowNs >= START_NS + PATIENCE_NS ? " within an hour" : ""));
        }
    }

    /** Runs until the condition holds or {@code ms} have passed; tells whether it holds. */
    public boolean runFor(double ms, BooleanSupplier condition) {
        return runTo(nowNs + Math.round(ms * MS), condition);
    }

    /** Runs until no packet is on its way. Timers may still be running, packets held by a tap are not waited for. */
    public void settle() {
        prepare();
        drainAll();
        while (inFlight() > 0) {
            step();
        }
    }

    void routesChanged() {
        routes.changed();
    }

    private boolean runTo(long untilNs, BooleanSupplier condition) {
        prepare();
        drainAll();
        while (!condition.getAsBoolean()) {
            if (events.nextNs() > untilNs) {
                nowNs = untilNs;
                return condition.getAsBoolean();
            }
            step();
        }
        return true;
    }

    // --- driven by another clock ---

    /** When the next event is due; {@link Time#NEVER} when nothing is left to happen. */
    public long nextNs() {
        return events.nextNs();
    }

    /**
     * For a world whose clock is another's: it is {@code ns} now, which is not before {@link #nowNs}. Events that are
     * due wait for {@link #runNext}.
     */
    public void catchUp(long ns) {
        nowNs = Math.max(nowNs, ns);
    }

    /**
     * It is {@code ns}: lets the next event happen if it is due. Whoever called hosts from outside has drained them
     * ({@link SimHost#drain}).
     */
    public void runNext(long ns) {
        prepare();
        catchUp(ns);
        if (events.nextNs() <= nowNs) {
            step();
        }
    }

    private void step() {
        nowNs = Math.max(nowNs, events.nextNs());
        Event e = events.pollDue(nowNs);
        if (e != null) {
            try {
                e.fire(nowNs);
            } catch (RuntimeException x) {
                throw new SimFailure(this, x.toString(), x);
            }
        }
    }

    /** Does something later. */
    public void after(double ms, Runnable action) {
        events.schedule(new Task(action), nowNs + Math.round(ms * MS));
    }

    void schedule(Event e, long atNs) {
        events.schedule(e, atNs);
    }

    /** Brings routes up to date with the links. */
    public void prepare() {
        routes.update();
    }

    private void drainAll() {
        for (int i = 0; i < hosts.size(); i++) {
            hosts.get(i).drain();
        }
    }

    // --- packets ---

    void emitted(SimHost from, Packet p) {
        if (watching) {
            log.sent(from, p);
            if (checking && !from.isRouter()) {
                wireChecker.emitted(this, p);
            }
            tell(from, false);
        }
    }

    /** A packet arrives; of its last bytes {@code fromPattern} are those of the pattern from {@code place} on. */
    void deliver(SimHost to, int interfaceIndex, Packet p, int place, int fromPattern) {
        delivered++;
        hash.add(nowNs, to.index(), p.memory, p.start, p.end - p.start - fromPattern, (long) place << 32 | fromPattern);
        if (watching) {
            log.arrived(to, p);
        }
        to.receive(interfaceIndex, p);
        tell(to, true);
    }

    private void tell(SimHost host, boolean arrived) {
        Watcher w = watcher;
        if (w != null) {
            w.packet(host, arrived);
        }
    }

    /** Copies of packets on their way. */
    PacketStore packets() {
        return packets;
    }

    Packet scratch() {
        return scratch;
    }

    /** The packet that arrives now: one at a time. */
    Packet arriving() {
        return arriving;
    }

    void held(int delta) {
        heldPackets += delta;
    }

    /** Packets on their way; those a tap holds until it is told are not counted. */
    public int inFlight() {
        int n = heldPackets;
        for (SimLink l : links) {
            n += l.inFlight();
        }
        return n;
    }

    /** Shows a copy of each packet on its way, but for those that a tap holds or delays; good for the call only. */
    void forEachInFlight(Consumer<Packet> action) {
        Packet copy = Packet.ofMaxSize();
        links.forEach(l -> l.forEachInFlight(copy, action));
    }

    /** Packets delivered so far. */
    public long delivered() {
        return delivered;
    }

    /** Hash over all that was delivered: bytes, times, hosts. */
    public long hash() {
        return hash.value();
    }

    // --- for applications ---

    MemorySegment pattern() {
        MemorySegment p = pattern;
        if (p == null) {
            p = PatternStream.pattern(seed);
            pattern = p;
        }
        return p;
    }

    /** Finds bytes in the pattern; null in a run too short for it to pay. */
    @Nullable PatternIndex patternIndex() {
        if (patternIndex == null && ++lookups == LOOKUPS_WITHOUT_INDEX) {
            patternIndex = new PatternIndex(pattern());
        }
        return patternIndex;
    }

    /** A place to receive into. */
    MemorySegment buffer() {
        MemorySegment b = buffer;
        if (b == null) {
            b = Arena.ofAuto().allocate(1 << 18, 64);
            buffer = b;
        }
        return b;
    }

    /** The two ends of a connection. */
    public record Pair(TcpSocket client, TcpSocket server) {}

    /** Opens a connection from {@code a} to a new listener of {@code b} and runs until both ends have it. */
    public Pair connect(SimHost a, SimHost b, int port) {
        TcpListener l = b.listen(port);
        TcpSocket c = a.connect(b, port);
        runUntil("connected", () -> l.acceptQueueLength() > 0 && c.isEstablished());
        return new Pair(c, b.accept(l));
    }

    // --- looking ---

    /** What was sent and what arrived. */
    public PacketLog log() {
        return log;
    }

    /** Fails unless all memory is back and no connection is left but time-waits. */
    public void checkClean() {
        for (SimHost h : hosts) {
            h.checkClean();
        }
    }

    /** Seed, ladder and the path of a capture, for whoever has to find out why. */
    public String report() {
        return Report.of(this);
    }
}

package sluice.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Time;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.TraceEvent;
import sluice.core.trace.TraceSink;
import sluice.core.udp.UdpSocket;
import sluice.engine.HostDriver;
import sluice.observe.record.ConnectionTrace;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** A {@link Host} in a {@link World}, with its applications. */
public final class SimHost {
    private static final int PREFIX_V4 = 32;
    private static final int PREFIX_V6 = 128;
    private static final int MAX_ROUNDS = 100_000;

    private final World world;
    private final String name;
    private final int index;
    private Host host;
    private HostDriver driver;
    private boolean off;
    private int boots;
    private final IpAddress address;
    private final IpAddress address6;
    private final List<Path> paths = new ArrayList<>();
    private final List<LinkProperties> interfaces = new ArrayList<>();
    private final List<TcpSocket> connections = new ArrayList<>();
    private final StateChecker checker = new StateChecker(this);
    private final List<Recording> recordings = new ArrayList<>();
    private TraceSink other = TraceSink.NONE;
    private final List<Arrivals> arrivals = new ArrayList<>();
    private final SkewedClock clock = new SkewedClock();
    private int nextChecked;
    private final World.Event deadline = new World.Event() {
        @Override
        void fire(long nowNs) {
            host.onDeadline(SimHost.this.nowNs());
            drain();
        }
    };

    /** Where the host's trace goes: to the world's log, to those who record a connection, or nowhere. */
    private final class Sink implements TraceSink {
        @Override
        public void on(TraceEvent event) {
            if (world.watching()) {
                world.log().event(SimHost.this, event);
            }
            for (int i = 0; i < recordings.size(); i++) {
                recordings.get(i).trace.on(event, world.nowNs());
            }
            if (other.enabled()) {
                other.on(event);
            }
        }

        @Override
        public boolean enabled() {
            return world.watching() || !recordings.isEmpty() || other.enabled();
        }
    }

    /** Packets leave by the path of their interface. */
    private final class Exit implements HostDriver.Outlet {
        @Override
        public Packet packet() {
            return world.scratch();
        }

        @Override
        public boolean take(int interfaceIndex, Packet p, long nowNs) {
            paths.get(interfaceIndex - 1).transmit(p);
            return true;
        }
    }

    /** A connection whose course is recorded, and the path whose queue is shown with it. */
    private record Recording(ConnectionTrace trace, @Nullable Path bottleneck) {}

    /** What works at an endpoint. */
    private record Application(Runnable handler) implements ReadinessListener {
        @Override
        public void ready(Pollable endpoint, int readiness, long nowNs) {
            handler.run();
        }
    }

    /** The receiving end of a connection that is recorded at the other. */
    private record Arrivals(TcpSocket receiver, ConnectionTrace trace) {}

    SimHost(World world, String name, int index, Consumer<Settings> change, IpAddress address, IpAddress address6) {
        this.world = world;
        this.name = name;
        this.index = index;
        this.address = address;
        this.address6 = address6;
        Settings settings = new Settings();
        change.accept(settings);
        host = boot("host " + name, settings);
        driver = driver();
    }

    private Host boot(String random, Settings settings) {
        return new Host(HostConfig.builder(world.random(random)).name(name).settings(settings).trace(new Sink())
                .build());
    }

    private HostDriver driver() {
        return new HostDriver(host, new Exit(), ReadinessListener.Caller.PLAIN);
    }

    // --- parts ---

    /** The host proper. */
    public Host host() {
        return host;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its number, counted from 1. */
    public int index() {
        return index;
    }

    /** 10.0.0.n, unless it was given another. */
    public IpAddress address() {
        return address;
    }

    /** fd00::n, unless it was given another. */
    public IpAddress address6() {
        return address6;
    }

    /** The world it lives in. */
    public World world() {
        return world;
    }

    /** Changes a setting, as sysctl -w does. */
    public SimHost set(String setting, String value) {
        host.settings().set(setting, value);
        return this;
    }

    /** Forwards packets between its links from now on. */
    public SimHost router() {
        host.settings().set(Setting.IP_FORWARD, 1);
        host.settings().set(Setting.IP6_FORWARDING, 1);
        return this;
    }

    boolean isRouter() {
        return host.settings().isOn(Setting.IP_FORWARD);
    }

    /**
     * Makes the host's clock run fast (or slow) from now on by that many millionths, −100000…100000: its timers and
     * timestamps follow.
     */
    public SimHost clockSkewPpm(int ppm) {
        clock.skew(ppm, world.nowNs());
        return this;
    }

    /** Sets the host's clock to {@code ns}, any number; to be called before anything happens to the host. */
    public SimHost clockAt(long ns) {
        clock.set(ns, world.nowNs());
        return this;
    }

    /**
     * The host's clock, nanoseconds: what its calls want as "now". The world's time unless {@link #clockAt} or {@link
     * #clockSkewPpm} says otherwise.
     */
    public long nowNs() {
        return clock.at(world.nowNs());
    }

    /** A counter's value. */
    public long count(Counter counter) {
        return host.counters().get(counter);
    }

    int addInterface(LinkProperties link, Path out) {
        paths.add(out);
        interfaces.add(link);
        return addInterface(interfaces.size() - 1);
    }

    private int addInterface(int number) {
        int i = host.addInterface("eth" + number, interfaces.get(number));
        if (number == 0) {
            host.addAddress(i, address, PREFIX_V4);
            host.addAddress(i, address6, PREFIX_V6);
        }
        return i;
    }

    void updateLink(int interfaceIndex, LinkProperties link) {
        interfaces.set(interfaceIndex - 1, link);
        host.updateLink(interfaceIndex, link);
    }

    // --- power ---

    /**
     * The power goes: its memory is gone, what arrives is lost, and nobody is told. Its connections are half-open for
     * their peers until they send or ask.
     */
    public void crash() {
        off = true;
        connections.clear();
        recordings.clear();
        arrivals.clear();
        world.schedule(deadline, Time.NEVER);
    }

    /** Whether it has crashed and was not restarted. */
    public boolean isOff() {
        return off;
    }

    /**
     * Starts again after a crash: {@link #host} is a new one with the settings, addresses and links of before, which
     * knows of no connection and resets those that peers believe in.
     */
    public void restart() {
        host = boot("host " + name + " boot " + ++boots, host.settings().copy());
        driver = driver();
        for (int i = 0; i < interfaces.size(); i++) {
            addInterface(i);
        }
        off = false;
        world.routesChanged();
    }

    List<Path> paths() {
        return paths;
    }

    // --- calls of applications ---

    /** Listens on all addresses with a backlog of 128. */
    public TcpListener listen(int port) {
        return listen(new SocketOptions(), port, 128);
    }

    /** Listens on all addresses. */
    public TcpListener listen(SocketOptions options, int port, int backlog) {
        return host.tcp().listen(options, IpAddress.ANY_V6, port, backlog);
    }

    /** Listens, and gives every connection to {@code application} as soon as it is there. */
    public TcpListener serve(int port, Consumer<TcpSocket> application) {
        TcpListener l = listen(port);
        on(l, () -> {
            for (TcpSocket t = l.accept(); t != null; t = l.accept()) {
                adopt(t);
                application.accept(t);
            }
        });
        return l;
    }

    /** Connects to the other host's IPv4 address from a port of the host's choice. */
    public TcpSocket connect(SimHost to, int port) {
        return connect(new SocketOptions(), to.address, port);
    }

    /** Connects with options, to any address. */
    public TcpSocket connect(SocketOptions options, IpAddress to, int port) {
        return connect(options, 0, to, port);
    }

    /** Connects from a port. */
    public TcpSocket connect(SocketOptions options, int localPort, IpAddress to, int port) {
        world.prepare();
        return adopt(host.tcp().connect(options, null, localPort, to, port, nowNs()));
    }

    /** The next connection of a listener, which must have one. */
    public TcpSocket accept(TcpListener l) {
        TcpSocket t = l.accept();
        if (t == null) {
            throw new SimFailure(world, "nothing to accept on " + l);
        }
        return adopt(t);
    }

    /** A UDP socket bound to a port on all addresses; 0 leaves it unbound. */
    public UdpSocket udp(int port) {
        world.prepare();
        UdpSocket s = host.udp().open();
        if (port != 0) {
            s.bind(IpAddress.ANY_V6, port);
        }
        return s;
    }

    /** Has the checkers watch a connection that was not made by {@link #connect} or {@link #accept}. */
    public TcpSocket adopt(TcpSocket t) {
        if (world.watching()) {
            connections.add(t);
        }
        return t;
    }

    /** Calls {@code handler} whenever the endpoint's readiness may have changed, after the handlers it has already. */
    public void on(Pollable endpoint, Runnable handler) {
        endpoint.addListener(new Application(handler));
        endpoint.signalReady();
    }

    /** Queues the next {@code bytes} of the connection's stream; returns how many were taken. */
    public int write(TcpSocket t, int bytes) {
        return write(t, bytes, 0);
    }

    /** The same with flags of {@link TcpSocket#send}. */
    public int write(TcpSocket t, int bytes, int flags) {
        PatternStream s = PatternStream.sentBy(world.pattern(), t.tuple());
        int done = 0;
        while (done < bytes) {
            int n = s.send(t, t.sendBuffer.end(), bytes - done, flags, nowNs());
            if (n == 0) {
                break;
            }
            done += n;
        }
        return done;
    }

    /**
     * Reads at most {@code bytes} and checks each of them; returns how many there were, or -1 at the end of the stream.
     */
    public int read(TcpSocket t, int bytes) {
        return read(t, PatternStream.receivedBy(world.pattern(), t.tuple()), bytes);
    }

    int read(TcpSocket t, PatternStream s, int bytes) {
        int done = 0;
        while (done < bytes) {
            long position = t.receiveBuffer.readPosition();
            int n = Math.min(bytes - done, t.available());
            if (n > 0 && t.urgent.octet() < 0) {
                checkInPlace(t, s, position, n);
                t.consume(n, nowNs());
            } else {
                n = t.receive(world.buffer(), 0, (int) Math.min(bytes - done, world.buffer().byteSize()), 0, nowNs());
                if (n <= 0) {
                    return n < 0 && done == 0 ? -1 : done;
                }
                check(t, s.firstDifference(world.buffer(), 0, n, position));
            }
            done += n;
        }
        return done;
    }

    private void checkInPlace(TcpSocket t, PatternStream s, long position, int bytes) {
        for (int done = 0; done < bytes;) {
            long at = position + done;
            int n = Math.min(bytes - done, t.receiveBuffer.readableInPlace(at));
            check(t, s.firstDifference(t.receiveBuffer.memory(at), t.receiveBuffer.offset(at), n, at));
            done += n;
        }
    }

    private void check(TcpSocket t, long wrong) {
        if (wrong >= 0) {
            throw new SimFailure(world, name + " read a wrong byte at position " + wrong + " of " + t.tuple());
        }
    }

    /** Gives what this host decides to {@code sink} too. */
    public SimHost trace(TraceSink sink) {
        other = sink;
        return this;
    }

    /**
     * Records windows, round trips, rates and events of a connection of this host from now on, for {@link
     * sluice.observe.plot.ConnectionPlot}; works in unwatched worlds too.
     *
     * @param bottleneck the path whose queue is recorded with it, or null
     */
    public ConnectionTrace record(TcpSocket t, @Nullable Path bottleneck) {
        ConnectionTrace trace = new ConnectionTrace(t);
        recordings.add(new Recording(trace, bottleneck));
        return trace;
    }

    /** The same without a queue. */
    public ConnectionTrace record(TcpSocket t) {
        return record(t, null);
    }

    /** Records what arrives at {@code receiver}, a connection of this host, with what its sender's host records. */
    public void recordArrivals(TcpSocket receiver, ConnectionTrace trace) {
        arrivals.add(new Arrivals(receiver, trace));
    }

    private void sample() {
        long now = world.nowNs();
        for (int i = 0; i < arrivals.size(); i++) {
            TcpSocket t = arrivals.get(i).receiver;
            arrivals.get(i).trace.arrived(now, t.receiveBuffer.nextPosition() + t.reassembly.bytes());
        }
        for (int i = 0; i < recordings.size(); i++) {
            Recording r = recordings.get(i);
            r.trace.sample(now);
            if (r.bottleneck != null) {
                r.trace.queue(now, r.bottleneck.queuedBytes());
            }
        }
    }

    // --- driven by the world ---

    void receive(int interfaceIndex, Packet p) {
        if (off) {
            return;
        }
        host.onPacket(interfaceIndex, p, nowNs());
        drain();
    }

    /**
     * Runs applications and takes all output until there is none; the world does it after each event and before time
     * goes on. To be called from outside by whoever wants what a call has to send to leave at once, as a system call's
     * does.
     */
    public void drain() {
        if (off) {
            return;
        }
        if (!driver.drain(MAX_ROUNDS, Integer.MAX_VALUE, Integer.MAX_VALUE, nowNs())) {
            throw new SimFailure(world, name + " never comes to rest");
        }
        if (world.checking()) {
            checkNext();
        }
        if (!recordings.isEmpty() || !arrivals.isEmpty()) {
            sample();
        }
        long next = clock.worldTimeOf(host.nextDeadlineNs());
        if (next != deadline.queuedAtNs()) {
            world.schedule(deadline, next == Time.NEVER ? next : Math.max(next, world.nowNs()));
        }
    }

    private void checkNext() {
        int n = Math.min(connections.size(), 4);
        for (int i = 0; i < n; i++) {
            nextChecked = nextChecked + 1 < connections.size() ? nextChecked + 1 : 0;
            checker.check(connections.get(nextChecked));
        }
    }

    void checkClean() {
        checker.checkClean(host);
    }

    /** A connection of this host that the checkers watch, by number. */
    public @Nullable TcpSocket connection(int i) {
        return i < connections.size() ? connections.get(i) : null;
    }

    @Override
    public String toString() {
        return name;
    }
}

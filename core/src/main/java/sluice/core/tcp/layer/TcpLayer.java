package sluice.core.tcp.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Deadlines;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.IcmpError;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.Transport;
import sluice.core.tcp.Connection;
import sluice.core.tcp.ConnectionTable;
import sluice.core.tcp.Endpoint;
import sluice.core.tcp.HalfOpen;
import sluice.core.tcp.Listener;
import sluice.core.tcp.Listeners;
import sluice.core.tcp.OutputList;
import sluice.core.tcp.Procedures;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.TimeWait;
import sluice.core.tcp.auth.InboundAuthentication;
import sluice.core.tcp.auth.OpeningAuthentication;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.data.TcpTimer;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.fastopen.FastOpenHost;
import sluice.core.tcp.input.IcmpErrorInput;
import sluice.core.tcp.input.SegmentArrives;
import sluice.core.tcp.input.SegmentParser;
import sluice.core.tcp.output.SegmentSender;
import sluice.core.tcp.path.PathMtu;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.timer.SynAckTimeout;
import sluice.core.tcp.timer.Timeouts;
import sluice.core.tcp.user.FastOpenCall;
import sluice.core.tcp.user.OpenCall;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * TCP of one host: the calls that open and listen, and what the host drives: segments, ICMP errors, deadlines, output.
 *
 * <p>Only the thread inside the host may touch it.
 */
@Rfc(9293)
public final class TcpLayer implements Transport {
    /** Of a socket that shares its port with nobody. */
    private static final SocketOptions ALONE = new SocketOptions();

    static {
        ALONE.reuseAddress = false;
    }

    private final HostContext host;
    private final IpOutput ip;
    private final TcpContext context;
    private final ConnectionTable table;
    private final Listeners listeners;
    private final OutputList output;
    private final Segment segment = new Segment();
    private final EphemeralPorts ports;
    private final BoundPorts bound = new BoundPorts();
    private final SegmentSender sender;

    /** TCP over {@code ip}. */
    public TcpLayer(HostContext host, IpOutput ip) {
        this.host = host;
        this.ip = ip;
        context = new TcpContext(host, ip, new AllProcedures());
        table = context.table();
        listeners = context.listeners();
        output = context.output();
        ports = new EphemeralPorts(host.entropy());
        sender = new SegmentSender(context);
    }

    /** The procedures, as those below the floors see them. */
    private static final class AllProcedures implements Procedures {
        @Override
        public void onTimeout(Tcb t, TimerKind kind, long nowNs) {
            Timeouts.onTimeout(t, kind, nowNs);
        }

        @Override
        public void onTimeout(HalfOpen h, long nowNs) {
            SynAckTimeout.run(h, nowNs);
        }

        @Override
        public Tcb accepted(HalfOpen request, SocketOptions options, long nowNs) {
            return new TcpSocket(request.tcp, request.tuple(), options, false, request.agreed, nowNs);
        }
    }

    /** The queue of all timers. */
    public Deadlines<TcpTimer> deadlines() {
        return context.deadlines();
    }

    /** What this host remembers for Fast Open. */
    public FastOpenHost fastOpen() {
        return context.fastOpen();
    }

    // --- opening ---

    /**
     * Takes a port for a socket that will connect or listen later. Whoever holds it releases it right before.
     *
     * @param local one of our addresses; 0.0.0.0 for all IPv4, :: for all of both families
     * @param port 1…65535, or 0 for any free one
     * @param options SO_REUSEADDR: others who say so too may have the port as well, and connections that are left on it
     * do not matter; SO_REUSEPORT: as well, and listeners who say so too
     * @throws ErrnoException EADDRINUSE, EADDRNOTAVAIL, EINVAL
     */
    @Rfc(value = 9293, section = "3.9.1.1", req = "MUST-43")
    public BoundPort bind(IpAddress local, int port, SocketOptions options) {
        String what = "bind " + local + ":" + port;
        return bound.add(local, choose(local, port, options, what), options);
    }

    /** The port that is asked for, or a free one; EADDRINUSE. */
    private int choose(IpAddress local, int port, SocketOptions options, String what) {
        checkLocal(local, port, what);
        int chosen = port != 0 ? port
                : ports.forBind(host.settings(), p -> bindable(local, p, ALONE) && !portUsed(p, ALONE));
        if (chosen == 0 || port != 0 && (!bindable(local, port, options) || portUsed(port, options))) {
            throw new ErrnoException(Errno.EADDRINUSE, what);
        }
        return chosen;
    }

    private void checkLocal(IpAddress local, int port, String what) {
        if (port < 0 || port > 65_535) {
            throw new ErrnoException(Errno.EINVAL, what);
        }
        if (!local.isAny() && !ip.isLocal(local)) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, what);
        }
    }

    private boolean bindable(IpAddress local, int port, SocketOptions options) {
        return listeners.free(local, port, options.reusePort) && bound.free(local, port, options);
    }

    /**
     * OPEN, passive.
     *
     * @param local the address to listen on; 0.0.0.0 for all IPv4, :: for all of both families
     * @param port 1…65535, or 0 for any free one
     * @param backlog wanted length of the accept queue; capped by net.core.somaxconn
     * @throws ErrnoException EADDRINUSE, EADDRNOTAVAIL
     */
    @Rfc(value = 9293, section = "3.9.1.1", req = {"MUST-41", "MUST-42", "MUST-43"})
    public TcpListener listen(SocketOptions options, IpAddress local, int port, int backlog) {
        String what = "listen on " + local + ":" + port;
        int chosen = choose(local, port, options, what);
        int queue = (int) Math.min(Math.max(backlog, 0), host.settings().get(Setting.SOMAXCONN));
        CongestionControls.check(options, host.settings());
        TcpListener l = new TcpListener(context, options.copy(), local, chosen, queue);
        listeners.add(l);
        return l;
    }

    /** Whether connections on the port stand in the way. */
    private boolean portUsed(int port, SocketOptions options) {
        boolean[] used = new boolean[1];
        if (!options.reuseAddress) {
            table.forEach(c -> used[0] |= c.localPort() == port
                    && !(options.reusePort && (!(c instanceof Tcb t) || t.options.reusePort)));
        }
        return used[0];
    }

    /**
     * OPEN, active: a SYN goes out; the connection becomes writable, or has an error, later.
     *
     * @param local our address, or null to let the route choose
     * @param localPort 1…65535, or 0 to choose one of net.ipv4.ip_local_port_range
     * @throws ErrnoException ENETUNREACH, EADDRNOTAVAIL (no address or no port left), EADDRINUSE, EISCONN, ENFILE
     * (fs.file-max)
     */
    @Rfc(value = 9293, section = "3.10.1")
    public TcpSocket connect(SocketOptions options, @Nullable IpAddress local, int localPort, IpAddress remote,
            int remotePort, long nowNs) {
        IpAddress to = remote.isAny() ? remote.isV4() ? IpAddress.LOOPBACK_V4 : IpAddress.LOOPBACK_V6 : remote;
        if (context.isFull()) {
            throw new ErrnoException(Errno.ENFILE, "connect to " + to + ":" + remotePort);
        }
        IpAddress wanted = local == null || local.isAny() ? null : local;
        Route route = OpenCall.route(context, wanted, to, remotePort);
        IpAddress from = wanted != null ? wanted : route.source;
        int port = localPort != 0 ? localPort
                : ports.forOpen(host.settings(), from, to, remotePort,
                        p -> usable(from, p, to, remotePort, false, nowNs));
        if (port == 0) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, "connect to " + to + ":" + remotePort);
        }
        FourTuple tuple = new FourTuple(from, port, to, remotePort);
        if (localPort != 0 && !usable(from, port, to, remotePort, options.reusePort, nowNs)) {
            throw new ErrnoException(Errno.EADDRINUSE, "connect " + tuple);
        }
        TimeWait old = table.find(tuple) instanceof TimeWait w ? w : null;
        TcpSocket t = new TcpSocket(context, tuple, options.copy(), true, new Negotiated(), nowNs);
        t.route = route;
        t.snd.iss = old != null ? old.nextIss() : context.isns().next(tuple, nowNs);
        if (old != null) {
            host.counters().increment(Counter.TcpExtTWRecycled);
            old.drop();
        }
        t.snd.una = t.snd.iss;
        t.snd.nxt = t.snd.iss;
        t.snd.up = t.snd.iss;
        t.recovery().begin();
        t.agreed.sackPermitted = host.settings().get(Setting.TCP_SACK) != 0;
        t.agreed.timestamps = host.settings().get(Setting.TCP_TIMESTAMPS) != 0;
        t.agreed.timestampOffset = host.settings().get(Setting.TCP_TIMESTAMPS) == 1
                ? context.isns().timestampOffset(tuple)
                : 0;
        t.authentication = OpeningAuthentication.active(context.digests(), tuple, t.options);
        t.agreed.timestamps = t.agreed.timestamps && (t.authentication == null || t.authentication.timestampsInSyn());
        t.agreed.windowScaling = host.settings().get(Setting.TCP_WINDOW_SCALING) != 0;
        t.agreed.ourShift = t.agreed.windowScaling ? context.sizes().windowShift(options) : 0;
        t.agreed.advertisedMss = PathMtu.advertised(host, context.ip(), route, to, options, nowNs);
        t.ecn.ask(host, t.congestion.control().needsEcn());
        t.syncMss(nowNs);
        table.put(t);
        t.become(TcpState.SYN_SENT, nowNs);
        if (options.fastOpenConnect) {
            FastOpenCall.connecting(t, nowNs);
        }
        if (!t.fastOpen.deferred) {
            host.counters().increment(Counter.TcpActiveOpens);
        }
        t.wantOutput();
        return t;
    }

    /**
     * Whether a four-tuple is free, or in a TIME-WAIT that may be reused: by timestamps, after a second
     * (net.ipv4.tcp_tw_reuse).
     */
    @Rfc(value = 6191, section = "2")
    @Rfc(value = 9293, section = "3.6.1", req = "SHLD-4")
    private boolean usable(IpAddress from, int port, IpAddress to, int remotePort, boolean reusePort, long nowNs) {
        if (!reusePort && !(listeners.freeForConnect(from, port) && bound.free(from, port, ALONE))) {
            return false;
        }
        Connection c = table.find(from.high(), from.low(), port, to.high(), to.low(), remotePort);
        if (c == null) {
            return true;
        }
        if (!(c instanceof TimeWait w) || !w.timestamps || host.settings().get(Setting.TCP_TIMESTAMPS) == 0) {
            return false;
        }
        long reuse = host.settings().get(Setting.TCP_TW_REUSE);
        boolean allowed = reuse == 1 || reuse == 2 && to.isLoopback();
        return allowed && nowNs - w.tsRecentNs >= host.settings().get(Setting.TCP_TW_REUSE_DELAY) * 1_000_000L;
    }

    /** ISS for a passive open, by RFC 6528. */
    public int initialSequence(FourTuple tuple, long nowNs) {
        return context.isns().next(tuple, nowNs);
    }

    /** Length of TIME-WAIT, nanoseconds; 0 leaves it out (for experiments that show why it is there). */
    public void timeWaitNs(long ns) {
        context.timeWaits().lengthNs(ns);
    }

    /** Length of TIME-WAIT, nanoseconds. */
    public long timeWaitNs() {
        return context.timeWaits().lengthNs();
    }

    /** Time-waits now. */
    public int timeWaitCount() {
        return context.timeWaits().count();
    }

    // --- driven by the host ---

    @Override
    public void onDatagram(Datagram d, long nowNs) {
        if (!SegmentParser.parse(d, segment, host.counters())) {
            return;
        }
        int remotePort = sluice.wire.Bytes.u16(d.packet.memory, d.payloadOffset);
        int localPort = sluice.wire.Bytes.u16(d.packet.memory, d.payloadOffset + 2L);
        Connection c = table.find(d.destinationHigh, d.destinationLow, localPort, d.sourceHigh, d.sourceLow,
                remotePort);
        Listener l = c == null || c instanceof TimeWait ? listeners.find(d.destinationHigh, d.destinationLow, localPort,
                d.sourceHigh, d.sourceLow, remotePort) : null;
        if (InboundAuthentication.accepts(context, d, segment, c, l, nowNs)) {
            SegmentArrives.process(context, d, segment, c, l, nowNs);
        }
    }

    @Override
    public void onIcmpError(IcmpError e, long nowNs) {
        Connection c = table.find(e.localHigh, e.localLow, e.localPort, e.remoteHigh, e.remoteLow, e.remotePort);
        if (c == null) {
            host.counters().increment(e.v6 ? Counter.Icmp6InErrors : Counter.IcmpInErrors);
        } else {
            IcmpErrorInput.process(c, e, nowNs);
        }
    }

    @Override
    public boolean hasOutput() {
        return output.first() != null;
    }

    @Override
    public int pollTransmit(Packet into, long nowNs) {
        for (Tcb t = output.first(); t != null; t = output.first()) {
            int result = sender.next(t, into, nowNs);
            if (result >= 0) {
                output.rotate(t);
                return result;
            }
            if (result == SegmentSender.IDLE) {
                output.removeFirst();
            }
        }
        return IpOutput.DEFERRED;
    }

    @Override
    public void onDeadline(long nowNs) {
        Deadlines<TcpTimer> deadlines = context.deadlines();
        for (TcpTimer e = deadlines.pollDue(nowNs); e != null; e = deadlines.pollDue(nowNs)) {
            e.onDeadline(nowNs);
        }
    }

    @Override
    public long nextDeadlineNs() {
        return context.deadlines().nextNs();
    }

    // --- looking ---

    /** Every endpoint: listeners first. */
    public void forEachEndpoint(Consumer<? super Endpoint> action) {
        listeners.forEach(action);
        table.forEach(action);
    }

    /** All connections with a control block, in no order. */
    public List<TcpSocket> connections() {
        List<TcpSocket> all = new ArrayList<>();
        table.forEach(c -> {
            if (c instanceof TcpSocket t) {
                all.add(t);
            }
        });
        return all;
    }

    /**
     * Has idle connections let go of what they can make again ({@link Tcb#rest}), in a part of the table: for whoever
     * has time for it now and then.
     *
     * @param from the place in the table to begin at, 0 and up
     * @param places how many places to look at
     * @param idleNs how long nothing may have come or gone, nanoseconds
     * @return the place to go on from; 0 when the end was reached
     */
    public int rest(int from, int places, long idleNs, long nowNs) {
        return table.forSome(from, places, c -> {
            if (c instanceof Tcb t) {
                t.rest(idleNs, nowNs);
            }
        });
    }

    /** Entries in the connection table: connections, half-opens and time-waits. */
    public int tableSize() {
        return table.size();
    }
}

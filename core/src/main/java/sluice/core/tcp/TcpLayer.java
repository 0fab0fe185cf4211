package sluice.core.tcp;

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
import sluice.core.tcp.auth.Digests;
import sluice.core.tcp.auth.InboundAuthentication;
import sluice.core.tcp.auth.OpeningAuthentication;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.core.tcp.congestion.CongestionControls;
import sluice.core.tcp.ecn.EcnMode;
import sluice.core.tcp.fastopen.FastOpenHost;
import sluice.core.tcp.input.IcmpErrorInput;
import sluice.core.tcp.input.SegmentArrives;
import sluice.core.tcp.output.IpFields;
import sluice.core.tcp.output.PathMtu;
import sluice.core.tcp.output.Resets;
import sluice.core.tcp.output.SegmentSender;
import sluice.core.tcp.timer.TimerKind;
import sluice.core.tcp.user.FastOpenCall;
import sluice.core.tcp.user.OpenCall;
import sluice.core.trace.TraceEvent;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * TCP of one host: its tables, its timers, its output list; the calls that open and listen; and the life of a
 * connection from table entry to removal.
 *
 * <p>Only the thread inside the host may touch it.
 */
@Rfc(9293)
public final class TcpLayer implements Transport {
    private static final long SECOND = 1_000_000_000L;

    private final HostContext host;
    private final IpOutput ip;
    private final ConnectionTable table;
    private final Listeners listeners = new Listeners();
    private final Deadlines<TcpTimer> deadlines = new Deadlines<>();
    private final Segment segment = new Segment();
    private final BufferSizes sizes;
    private final IsnGenerator isns;
    private final SynCookies cookies;
    private final FastOpenHost fastOpen;
    private final EphemeralPorts ports;
    private final SegmentSender sender;
    private final Digests digests = new Digests();
    private @Nullable Tcb firstOutput;
    private @Nullable Tcb lastOutput;
    private int timeWaits;
    private int orphans;
    private long timeWaitNs = TimeWait.LENGTH_NS;
    private long challengeSecond = Long.MIN_VALUE;
    private long challengesThisSecond;

    /** TCP over {@code ip}. */
    public TcpLayer(HostContext host, IpOutput ip) {
        this.host = host;
        this.ip = ip;
        table = new ConnectionTable(host.entropy());
        sizes = new BufferSizes(host.settings());
        isns = new IsnGenerator(host.entropy());
        cookies = new SynCookies(host.entropy());
        fastOpen = new FastOpenHost(host);
        ports = new EphemeralPorts(host.entropy());
        sender = new SegmentSender(this);
    }

    // --- parts ---

    /** What the host's parts share. */
    public HostContext host() {
        return host;
    }

    /** IP below. */
    public IpOutput ip() {
        return ip;
    }

    ConnectionTable table() {
        return table;
    }

    Listeners listeners() {
        return listeners;
    }

    /** The queue of all timers. */
    public Deadlines<TcpTimer> deadlines() {
        return deadlines;
    }

    /** Sizes by the settings. */
    public BufferSizes sizes() {
        return sizes;
    }

    /** What this host remembers for Fast Open. */
    public FastOpenHost fastOpen() {
        return fastOpen;
    }

    /** Hash functions for signed segments. */
    public Digests digests() {
        return digests;
    }

    /** TTL or hop limit of segments without a choice of their own. */
    public int defaultHopLimit() {
        return (int) host.settings().get(Setting.IP_DEFAULT_TTL);
    }

    // --- opening ---

    /**
     * OPEN, passive.
     *
     * @param local the address to listen on; 0.0.0.0 for all IPv4, :: for all of both families
     * @param port 1…65535, or 0 for any free one
     * @param backlog wanted length of the accept queue; capped by net.core.somaxconn
     * @throws ErrnoException EADDRINUSE, EADDRNOTAVAIL
     */
    @Rfc(value = 9293, section = "3.9.1.1", req = {"MUST-41", "MUST-42", "MUST-43"})
    public Listener listen(SocketOptions options, IpAddress local, int port, int backlog) {
        String what = "listen on " + local + ":" + port;
        if (port < 0 || port > 65_535) {
            throw new ErrnoException(Errno.EINVAL, what);
        }
        if (!local.isAny() && !ip.isLocal(local)) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, what);
        }
        int chosen = port != 0 ? port
                : ports.choose(host.settings(), local, local, 0, p -> listeners.free(local, p) && !portUsed(p));
        if (chosen == 0 || !listeners.free(local, chosen) || port != 0 && !options.reuseAddress && portUsed(port)) {
            throw new ErrnoException(Errno.EADDRINUSE, what);
        }
        int queue = (int) Math.min(Math.max(backlog, 0), host.settings().get(Setting.SOMAXCONN));
        control(options);
        Listener l = new Listener(this, options.copy(), local, chosen, queue);
        listeners.add(l);
        return l;
    }

    private boolean portUsed(int port) {
        boolean[] used = new boolean[1];
        table.forEach(c -> used[0] |= c.localPort() == port);
        return used[0];
    }

    /**
     * OPEN, active: a SYN goes out; the connection becomes writable, or has an error, later.
     *
     * @param local our address, or null to let the route choose
     * @param localPort 1…65535, or 0 to choose one of net.ipv4.ip_local_port_range
     * @throws ErrnoException ENETUNREACH, EADDRNOTAVAIL (no address or no port left), EADDRINUSE, EISCONN
     */
    @Rfc(value = 9293, section = "3.10.1")
    public Tcb connect(SocketOptions options, @Nullable IpAddress local, int localPort, IpAddress remote,
            int remotePort, long nowNs) {
        IpAddress to = remote.isAny() ? remote.isV4() ? IpAddress.LOOPBACK_V4 : IpAddress.LOOPBACK_V6 : remote;
        IpAddress wanted = local == null || local.isAny() ? null : local;
        Route route = OpenCall.route(this, wanted, to, remotePort);
        IpAddress from = wanted != null ? wanted : route.source;
        int port = localPort != 0 ? localPort
                : ports.choose(host.settings(), from, to, remotePort, p -> usable(from, p, to, remotePort, nowNs));
        if (port == 0) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, "connect to " + to + ":" + remotePort);
        }
        FourTuple tuple = new FourTuple(from, port, to, remotePort);
        if (localPort != 0 && !usable(from, port, to, remotePort, nowNs)) {
            throw new ErrnoException(Errno.EADDRINUSE, "connect " + tuple);
        }
        TimeWait old = table.find(tuple) instanceof TimeWait w ? w : null;
        Tcb t = new Tcb(this, tuple, options.copy(), true, control(options), nowNs);
        t.route = route;
        t.snd.iss = old != null ? old.nextIss() : isns.next(tuple, nowNs);
        if (old != null) {
            host.counters().increment(Counter.TcpExtTWRecycled);
            old.drop();
        }
        t.snd.una = t.snd.iss;
        t.snd.nxt = t.snd.iss;
        t.snd.up = t.snd.iss;
        t.recovery.begin();
        t.sackPermitted = host.settings().get(Setting.TCP_SACK) != 0;
        t.timestamps = host.settings().get(Setting.TCP_TIMESTAMPS) != 0;
        t.timestampOffset = host.settings().get(Setting.TCP_TIMESTAMPS) == 1 ? isns.timestampOffset(tuple) : 0;
        t.authentication = OpeningAuthentication.active(digests, tuple, t.options);
        t.timestamps = t.timestamps && (t.authentication == null || t.authentication.timestampsInSyn());
        t.windowScaling = host.settings().get(Setting.TCP_WINDOW_SCALING) != 0;
        t.rcv.windowShift = t.windowScaling ? sizes.windowShift(options) : 0;
        t.advertisedMss = PathMtu.advertised(route, to, options);
        t.ecn.ask(host, t.congestion.control().needsEcn());
        PathMtu.sync(t, nowNs);
        table.put(t);
        t.become(TcpState.SYN_SENT, nowNs);
        if (options.fastOpenConnect) {
            FastOpenCall.connecting(t, nowNs);
        }
        if (!t.fastOpen.deferred) {
            host.counters().increment(Counter.TcpActiveOpens);
        }
        wantOutput(t);
        return t;
    }

    /**
     * Whether a four-tuple is free, or in a TIME-WAIT that may be reused: by timestamps, after a second
     * (net.ipv4.tcp_tw_reuse).
     */
    @Rfc(value = 6191, section = "2")
    @Rfc(value = 9293, section = "3.6.1", req = "SHLD-4")
    private boolean usable(IpAddress from, int port, IpAddress to, int remotePort, long nowNs) {
        if (!listeners.freeForConnect(from, port)) {
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

    /** Name of the congestion control that a connection with these options gets. */
    public String congestionControlName(SocketOptions options) {
        return options.congestionControl != null ? options.congestionControl
                : host.settings().text(Setting.TCP_CONGESTION_CONTROL);
    }

    CongestionControl control(SocketOptions options) {
        String name = congestionControlName(options);
        CongestionControl c = CongestionControls.create(name);
        if (c == null) {
            throw new ErrnoException(Errno.ENOENT,
                    "congestion control \"" + name + "\" (there are " + CongestionControls.names() + ")");
        }
        return c;
    }

    /** ISS for a passive open, by RFC 6528. */
    public int initialSequence(FourTuple tuple, long nowNs) {
        return isns.next(tuple, nowNs);
    }

    /** Offset of the timestamps clock for a pair of hosts. */
    public int timestampOffset(FourTuple tuple) {
        return isns.timestampOffset(tuple);
    }

    /** A cookie as ISS. */
    public int makeCookie(FourTuple tuple, int irs, int mss, long nowNs) {
        return cookies.make(tuple, irs, mss, nowNs);
    }

    /** The MSS in a cookie; 0 when it is none. */
    public int checkCookie(FourTuple tuple, int irs, int cookie, long nowNs) {
        return cookies.check(tuple, irs, cookie, nowNs);
    }

    /** TSval of a cookie's SYN-ACK, with the options of {@code h} in its low bits. */
    public static int cookieTimestamp(int tsVal, HalfOpen h) {
        return SynCookies.encodeOptions(tsVal, h.peerShift, h.sackPermitted, h.ecn != EcnMode.DISABLED);
    }

    /** Restores what {@link #cookieTimestamp} kept. */
    public static void restoreCookieOptions(HalfOpen h, int tsEcr) {
        h.peerShift = SynCookies.decodeShift(tsEcr);
        h.sackPermitted = SynCookies.decodeSack(tsEcr);
        h.ecn = SynCookies.decodeEcn(tsEcr) ? EcnMode.RFC3168 : EcnMode.DISABLED;
    }

    /** A segment ends here, and {@code reason} says why. */
    public void drop(Counter reason, long nowNs) {
        host.counters().increment(reason);
        if (host.trace().enabled()) {
            host.trace().on(new TraceEvent.Drop(nowNs, reason));
        }
    }

    /** The accept queue of {@code l} is full. */
    public void countOverflow(Listener l) {
        host.counters().increment(Counter.TcpExtListenOverflows);
        l.countDropped();
    }

    /** Whether another challenge acknowledgment may be sent in this second (net.ipv4.tcp_challenge_ack_limit). */
    public boolean takeChallenge(long nowNs) {
        long second = nowNs / SECOND;
        if (second != challengeSecond) {
            challengeSecond = second;
            challengesThisSecond = 0;
        }
        return challengesThisSecond++ < host.settings().get(Setting.TCP_CHALLENGE_ACK_LIMIT);
    }

    // --- the end of connections ---

    /** The peer closed: CLOSE-WAIT. */
    public void enterCloseWait(Tcb t, long nowNs) {
        t.become(TcpState.CLOSE_WAIT, nowNs);
    }

    /** Both closed at once: CLOSING, or TIME-WAIT when our FIN is acknowledged already. */
    public void enterClosing(Tcb t, long nowNs) {
        if (t.finSent && t.snd.una == t.snd.nxt) {
            enterTimeWait(t, nowNs);
        } else {
            t.become(TcpState.CLOSING, nowNs);
        }
    }

    /** Our FIN is acknowledged. */
    public void enterFinWait2(Tcb t, long nowNs) {
        t.become(TcpState.FIN_WAIT_2, nowNs);
        if (t.orphan) {
            startFinWait2Timer(t, nowNs);
        }
        t.signalReady();
    }

    /** An orphan waits for the peer's FIN only so long. */
    public void startFinWait2Timer(Tcb t, long nowNs) {
        if (t.options.finTimeoutSeconds < 0) {
            finish(t, nowNs);
            return;
        }
        long seconds = t.options.finTimeoutSeconds > 0 ? t.options.finTimeoutSeconds
                : host.settings().get(Setting.TCP_FIN_TIMEOUT);
        t.timers.set(TimerKind.FIN_WAIT_2, nowNs + seconds * SECOND);
    }

    /** Both FINs are acknowledged and we closed first: the small entry takes the place of the connection for 2·MSL. */
    public void enterTimeWait(Tcb t, long nowNs) {
        t.become(TcpState.TIME_WAIT, nowNs);
        boolean room = timeWaits < host.settings().get(Setting.TCP_MAX_TW_BUCKETS);
        TimeWait w = new TimeWait(t, nowNs);
        release(t, nowNs);
        if (room && timeWaitNs > 0) {
            timeWaits++;
            table.put(w);
            w.restart(nowNs);
        } else if (!room) {
            host.counters().increment(Counter.TcpExtTCPTimeWaitOverflow);
            t.note("time wait bucket table overflow: closed at once", nowNs);
        }
        if (t.ackNow) {
            Resets.bare(this, t.tuple, w.sndNxt, w.rcvNxt, Segment.ACK | w.ecnFlags, w.window, t.timestampClock(nowNs),
                    t.tsRecent, t.timestamps,
                    IpFields.of(t.options), t.authentication, nowNs);
        }
        t.signalReady();
    }

    void timeWaitEnded() {
        timeWaits--;
    }

    /** Length of TIME-WAIT, nanoseconds; 0 leaves it out (for experiments that show why it is there). */
    public void timeWaitNs(long ns) {
        timeWaitNs = ns;
    }

    /** Length of TIME-WAIT, nanoseconds. */
    public long timeWaitNs() {
        return timeWaitNs;
    }

    /** Time-waits now. */
    public int timeWaitCount() {
        return timeWaits;
    }

    /**
     * Takes on a connection that its application let go of; false when there are too many of them
     * (net.ipv4.tcp_max_orphans).
     */
    public boolean takeOrphan(Tcb t) {
        if (orphans >= host.settings().get(Setting.TCP_MAX_ORPHANS)) {
            return false;
        }
        orphans++;
        t.countedOrphan = true;
        return true;
    }

    /** The connection failed: the application sees {@code error} once. */
    public void fail(Tcb t, Errno error, long nowNs) {
        t.error = error;
        t.note("failed: " + error.text(), nowNs);
        finish(t, nowNs);
    }

    /**
     * The connection is over: CLOSED, out of the tables, memory given back. What was received in order can still be
     * read unless nobody will; one that waits in an accept queue stays there, and whoever accepts it finds the error.
     */
    public void finish(Tcb t, long nowNs) {
        if (t.state() == TcpState.CLOSED) {
            return;
        }
        t.become(TcpState.CLOSED, nowNs);
        release(t, nowNs);
        t.signalReady();
    }

    private void release(Tcb t, long nowNs) {
        if (t.countedOrphan) {
            t.countedOrphan = false;
            orphans--;
        }
        table.remove(t);
        Opening.releaseFastOpen(t);
        Opening.lookForBlackHole(t, nowNs);
        t.timers.clearAll();
        t.sent.clear();
        t.sendBuffer.clear();
        t.reportDropped();
        t.pieces.clear();
        t.reassembly.clear();
        t.receiveBuffer.dropOutOfOrder();
        if (t.orphan) {
            t.receiveBuffer.clear();
        }
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
        Listener l = c == null || c instanceof TimeWait ? listeners.find(d.destinationHigh, d.destinationLow, localPort)
                : null;
        if (InboundAuthentication.accepts(this, d, segment, c, l, nowNs)) {
            SegmentArrives.process(this, d, segment, c, l, nowNs);
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

    void wantOutput(Tcb t) {
        if (t.onOutputList) {
            return;
        }
        t.onOutputList = true;
        Tcb last = lastOutput;
        if (last == null) {
            firstOutput = t;
        } else {
            last.nextOutput = t;
        }
        lastOutput = t;
    }

    @Override
    public boolean hasOutput() {
        return firstOutput != null;
    }

    @Override
    public int pollTransmit(Packet into, long nowNs) {
        for (Tcb t = firstOutput; t != null; t = firstOutput) {
            int result = sender.next(t, into, nowNs);
            if (result >= 0) {
                rotate(t);
                return result;
            }
            if (result == SegmentSender.IDLE) {
                removeFirst(t);
            }
        }
        return IpOutput.DEFERRED;
    }

    private void removeFirst(Tcb t) {
        firstOutput = t.nextOutput;
        if (firstOutput == null) {
            lastOutput = null;
        }
        t.nextOutput = null;
        t.onOutputList = false;
    }

    private void rotate(Tcb t) {
        if (firstOutput == t && t.nextOutput != null) {
            removeFirst(t);
            wantOutput(t);
        }
    }

    @Override
    public void onDeadline(long nowNs) {
        for (TcpTimer e = deadlines.pollDue(nowNs); e != null; e = deadlines.pollDue(nowNs)) {
            e.onDeadline(nowNs);
        }
    }

    @Override
    public long nextDeadlineNs() {
        return deadlines.nextNs();
    }

    // --- looking ---

    /** Every endpoint: listeners first. */
    public void forEachEndpoint(Consumer<? super Endpoint> action) {
        listeners.forEach(action);
        table.forEach(action);
    }

    /** All connections with a control block, in no order. */
    public List<Tcb> connections() {
        List<Tcb> all = new ArrayList<>();
        table.forEach(c -> {
            if (c instanceof Tcb t) {
                all.add(t);
            }
        });
        return all;
    }

    /** Entries in the connection table: connections, half-opens and time-waits. */
    public int tableSize() {
        return table.size();
    }
}

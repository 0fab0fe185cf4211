package sluice.core.udp;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.IcmpError;
import sluice.core.Pollable;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.core.SocketMemory;
import sluice.core.ip.InterfaceAddress;
import sluice.core.ip.IpLayer;
import sluice.core.ip.NetworkInterface;
import sluice.wire.IpAddress;

/**
 * An endpoint for datagrams. READABLE when one waits, WRITABLE when the send queue has room, ERROR when an ICMP error
 * waits.
 *
 * <p>Calls fail with {@link ErrnoException}, as the system calls of the same names do. Buffers are native memory.
 */
@Rfc(value = 768)
@Rfc(value = 1122, section = "4.1.4")
public final class UdpSocket extends Pollable {
    /** Longest payload over IPv4, bytes; over IPv6 20 more. */
    public static final int MAX_PAYLOAD_V4 = 65_507;
    /** Errors kept for {@link #pollError}; the oldest gives way. */
    public static final int MAX_ERRORS = 64;
    private final UdpLayer layer;
    private final IpLayer ip;
    private final UdpPorts ports;
    private final boolean nonLocalBind;
    private final UdpOptions options;
    private final SocketMemory memory;
    private final DatagramQueue input;
    private final UdpSender sender;
    private final UdpReceived received = new UdpReceived();
    private final ArrayDeque<UdpError> errors = new ArrayDeque<>(0);
    private final UdpMemberships memberships;
    private IpAddress local = IpAddress.ANY_V6;
    private int localPort;
    private boolean addressChosen;
    private @Nullable IpAddress remote;
    private int remotePort;
    private @Nullable Errno pendingError;
    private @Nullable Route lastRoute;
    private IpAddress lastDestination = IpAddress.ANY_V6;
    private boolean closed;

    UdpSocket(HostContext context, UdpLayer layer, IpLayer ip, UdpPorts ports) {
        super(context.ready());
        this.layer = layer;
        this.ip = ip;
        this.ports = ports;
        this.nonLocalBind = context.settings().isOn(Setting.IP_NONLOCAL_BIND);
        this.options = new UdpOptions(context.settings());
        this.memberships = new UdpMemberships(ip);
        this.memory = SocketMemory.udp(context.memory());
        this.input = new DatagramQueue(memory.receive());
        this.sender = new UdpSender(context, this, layer, ip);
    }

    /** Its options. */
    public UdpOptions options() {
        return options;
    }

    /** The address it is bound to; :: or 0.0.0.0 for all. */
    public IpAddress localAddress() {
        return local;
    }

    /** The port it is bound to; 0 before. */
    public int localPort() {
        return localPort;
    }

    /** The peer it is connected to; null when it is not. */
    public @Nullable IpAddress remoteAddress() {
        return remote;
    }

    /** The peer's port; 0 when it is not connected. */
    public int remotePort() {
        return remotePort;
    }

    /** Datagrams that wait to be received. */
    public int queuedDatagrams() {
        return input.size();
    }

    /** Bytes charged to the receive queue. */
    public long receiveQueueBytes() {
        return input.chargedBytes();
    }

    /** Bytes charged to the send queue. */
    public long sendQueueBytes() {
        return sender.queuedBytes();
    }

    /**
     * Takes an address and port.
     *
     * @param address one of ours, a group, a broadcast address, 0.0.0.0 for all IPv4, or :: for both families
     * @param port 1…65535; 0 for a random free one
     * @throws ErrnoException EINVAL when bound already or the port is out of range, EADDRNOTAVAIL, EADDRINUSE, EBADF
     */
    public void bind(IpAddress address, int port) {
        String call = "bind UDP " + address + " port " + port;
        requireOpen(call);
        if (localPort != 0 || port < 0 || port > 65_535) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        if (!address.isAny() && !address.isMulticast() && !nonLocalBind && !ip.isLocal(address)
                && !ip.isBroadcast(address)) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, call);
        }
        int chosen = port != 0 ? port : ports.ephemeral(this, address);
        ports.add(this, address, chosen);
        local = address;
        localPort = chosen;
        addressChosen = !address.isAny();
    }

    /**
     * Sets the peer: datagrams go there when they name no other destination, only its datagrams are received, and
     * errors about it are reported.
     *
     * @throws ErrnoException EINVAL for port 0, ENETUNREACH without route, EACCES for a broadcast address without
     * permission, EAFNOSUPPORT, EBADF
     */
    public void connect(IpAddress address, int port) {
        String call = "connect UDP to " + address + " port " + port;
        requireOpen(call);
        IpAddress to = ours(address);
        Route route = check(to, port, call);
        if (localPort == 0) {
            bind(to.isV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6, 0);
        }
        if (!addressChosen) {
            local = route.source;
        }
        remote = to;
        remotePort = port;
        pendingError = null;
    }

    /** Forgets the peer. */
    public void disconnect() {
        requireOpen("disconnect UDP");
        remote = null;
        remotePort = 0;
        if (!addressChosen) {
            local = local.isV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6;
        }
    }

    /** 0.0.0.0 and :: as destinations mean this host. */
    private static IpAddress ours(IpAddress address) {
        return !address.isAny() ? address : address.isV4() ? IpAddress.LOOPBACK_V4 : IpAddress.LOOPBACK_V6;
    }

    private Route check(IpAddress to, int port, String call) {
        if (port < 1 || port > 65_535) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        boolean boundV4 = localPort != 0 && local.isV4();
        if (localPort != 0 && boundV4 != to.isV4() && (boundV4 || options.v6Only || addressChosen)) {
            throw new ErrnoException(Errno.EAFNOSUPPORT, call);
        }
        if (!options.broadcast && ip.isBroadcast(to)) {
            throw new ErrnoException(Errno.EACCES, call);
        }
        Route route = route(to);
        if (route == null) {
            throw new ErrnoException(Errno.ENETUNREACH, call);
        }
        return route;
    }

    /** What it holds of UDP's memory. */
    SocketMemory memory() {
        return memory;
    }

    /** What sends for it. */
    UdpSender sender() {
        return sender;
    }

    /** An address as an object, the one used last if it is the same. */
    IpAddress destination(long high, long low) {
        return lastDestination.high() == high && lastDestination.low() == low ? lastDestination
                : new IpAddress(high, low);
    }

    /** The way to a destination; null when there is none. */
    @Nullable Route route(IpAddress to) {
        Route known = lastRoute;
        if (known != null && known.isValid() && lastDestination.equals(to)) {
            return known;
        }
        Route found = to.isMulticast() && options.multicastInterface != 0 ? multicastRoute(to)
                : ip.route(local.isAny() || local.isMulticast() || ip.isBroadcast(local) ? null : local, to);
        lastRoute = found;
        lastDestination = to;
        return found;
    }

    private @Nullable Route multicastRoute(IpAddress to) {
        NetworkInterface out = ip.interfaces().get(options.multicastInterface);
        if (out != null) {
            for (InterfaceAddress a : out.addresses()) {
                if (a.usable() && a.address.isV4() == to.isV4()) {
                    return new Route(out.index(), local.isAny() || local.isMulticast() ? a.address : local, to,
                            out.link(), out.loopback());
                }
            }
        }
        return null;
    }

    /**
     * Queues one datagram, or several of equal size ({@link UdpOptions#setSegmentBytes}); it leaves with the host's
     * next {@code pollTransmit}.
     *
     * @param source native memory
     * @param destination null for the connected peer
     * @throws ErrnoException EDESTADDRREQ, EMSGSIZE (also when a segment of UDP_SEGMENT does not fit the path), EAGAIN
     * when the send queue is full (wait for WRITABLE), EACCES for a broadcast without permission, ENETUNREACH, EINVAL
     * (also for more than 128 segments), EAFNOSUPPORT, EBADF, or the error that an earlier datagram met (ECONNREFUSED)
     */
    public void send(MemorySegment source, long offset, int length, @Nullable IpAddress destination, int port,
            long nowNs) {
        IpAddress peer = destination != null ? ours(destination) : remote;
        int toPort = destination != null ? port : remotePort;
        String call = "send UDP datagram";
        requireOpen(call);
        takePendingError(call);
        if (peer == null) {
            throw new ErrnoException(Errno.EDESTADDRREQ, call);
        }
        if (length < 0 || length > (peer.isV4() ? MAX_PAYLOAD_V4 : MAX_PAYLOAD_V4 + 20)) {
            throw new ErrnoException(length < 0 ? Errno.EINVAL : Errno.EMSGSIZE, call);
        }
        Route route = check(peer, toPort, call);
        if (localPort == 0) {
            bind(peer.isV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6, 0);
        }
        sender.queue(source, offset, length, route, peer, toPort, call, nowNs);
    }

    /**
     * Takes the first datagram that waits and copies what fits.
     *
     * @param target native memory
     * @return what it was, reused by the next call; null when none waits
     * @throws ErrnoException the error that an earlier datagram met, EBADF
     */
    public @Nullable UdpReceived receive(MemorySegment target, long offset, int length) {
        requireOpen("receive UDP datagram");
        takePendingError("receive UDP datagram");
        DatagramQueue.Slot s = input.peek();
        MemorySegment chunk = s == null ? null : s.chunk;
        if (s == null || chunk == null) {
            return null;
        }
        UdpReceived r = received;
        r.fullLength = s.length;
        r.length = Math.min(length, s.length);
        MemorySegment.copy(chunk, s.offset, target, offset, r.length);
        r.sourceHigh = s.peerHigh;
        r.sourceLow = s.peerLow;
        r.sourcePort = s.peerPort;
        r.destinationHigh = s.localHigh;
        r.destinationLow = s.localLow;
        r.interfaceIndex = s.interfaceIndex;
        r.ttl = s.hopLimit;
        r.tos = s.trafficClass;
        r.timestampNs = s.timestampNs;
        layer.charge(-(s.length + DatagramQueue.OVERHEAD));
        input.remove();
        return r;
    }

    /** The next error of the error queue (only with {@link UdpOptions#receiveErrors}); null when none waits. */
    public @Nullable UdpError pollError() {
        return errors.pollFirst();
    }

    /** Takes the error that waits (SO_ERROR); null when there is none. */
    public @Nullable Errno takeError() {
        Errno e = pendingError;
        pendingError = null;
        return e;
    }

    /**
     * Joins a group on an interface.
     *
     * @param interfaceIndex 0 for the one that the route to the group names
     * @throws ErrnoException EINVAL when it is no group, EADDRINUSE when it is joined already, ENOBUFS, ENODEV for the
     * interface, EBADF
     */
    public void join(IpAddress group, int interfaceIndex) {
        requireOpen("join " + group);
        memberships.join(group, interfaceIndex);
    }

    /**
     * Joins a group on an interface for what one source sends (IP_ADD_SOURCE_MEMBERSHIP); more calls add sources.
     *
     * @throws ErrnoException as {@link #join}; EINVAL when it is joined for all sources, EADDRNOTAVAIL for a source a
     * second time, ENOBUFS for too many
     */
    public void joinSource(IpAddress group, int interfaceIndex, IpAddress source) {
        requireOpen("join " + group);
        memberships.joinSource(group, interfaceIndex, source);
    }

    /** Takes a source off, and leaves the group with the last one; EINVAL, EADDRNOTAVAIL when it is not joined so. */
    public void leaveSource(IpAddress group, int interfaceIndex, IpAddress source) {
        requireOpen("leave " + group);
        memberships.leaveSource(group, interfaceIndex, source);
    }

    /** Hears a source of a group no more that is joined for all (IP_BLOCK_SOURCE); EINVAL, EADDRNOTAVAIL, ENOBUFS. */
    public void block(IpAddress group, int interfaceIndex, IpAddress source) {
        requireOpen("block " + source);
        memberships.block(group, interfaceIndex, source);
    }

    /** Hears it again; EINVAL, EADDRNOTAVAIL when it was not blocked. */
    public void unblock(IpAddress group, int interfaceIndex, IpAddress source) {
        requireOpen("unblock " + source);
        memberships.unblock(group, interfaceIndex, source);
    }

    /** Leaves a group; EADDRNOTAVAIL when it is not joined. */
    public void leave(IpAddress group, int interfaceIndex) {
        requireOpen("leave " + group);
        memberships.leave(group, interfaceIndex);
    }

    /**
     * Closes it: its port is free at once, what waits to be received is thrown away, what waits to be sent still goes
     * out.
     */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        memberships.leaveAll();
        if (localPort != 0) {
            ports.remove(this, localPort);
        }
        layer.charge(-input.chargedBytes());
        input.clear();
        memory.close();
        layer.closed();
        signalReady();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public int readiness() {
        if (closed) {
            return HANGUP;
        }
        return (input.size() > 0 ? READABLE : 0) | (sender.hasRoom() ? WRITABLE : 0)
                | (pendingError != null || !errors.isEmpty() ? ERROR : 0);
    }

    private void requireOpen(String call) {
        if (closed) {
            throw new ErrnoException(Errno.EBADF, call);
        }
    }

    private void takePendingError(String call) {
        Errno e = takeError();
        if (e != null) {
            throw new ErrnoException(e, call);
        }
    }

    // ---- For the layer.

    /** How well a datagram suits: 0 not at all. */
    int score(long localHigh, long localLow, long remoteHigh, long remoteLow, int fromPort) {
        int score = 1;
        if (local.isAny()) {
            if (local.isV4() != IpAddress.isV4(localHigh, localLow) && (local.isV4() || options.v6Only)) {
                return 0;
            }
        } else if (local.high() != localHigh || local.low() != localLow) {
            return 0;
        } else {
            score += 2;
        }
        IpAddress peer = remote;
        if (peer != null) {
            if (remotePort != fromPort || peer.high() != remoteHigh || peer.low() != remoteLow) {
                return 0;
            }
            score += 4;
        }
        return score;
    }

    /**
     * Whether a broadcast or multicast datagram is for this socket: bound to its port and to all or to that address,
     * and for a group a member of it.
     */
    boolean wantsGroup(Datagram d, int fromPort) {
        boolean group = d.destinationHigh >>> 56 == 0xff || (!d.v6 && (int) d.destinationLow >>> 28 == 14);
        boolean exact = local.high() == d.destinationHigh && local.low() == d.destinationLow;
        boolean chosen = addressChosen || local.isMulticast();
        if (chosen ? !exact : !d.v6 ? !local.isV4() && options.v6Only : local.isV4()) {
            return false;
        }
        IpAddress peer = remote;
        if (peer != null && (remotePort != fromPort || peer.high() != d.sourceHigh || peer.low() != d.sourceLow)) {
            return false;
        }
        return !group || memberships.wants(d.interfaceIndex, d.destinationHigh, d.destinationLow,
                d.sourceHigh, d.sourceLow);
    }

    /** Takes a datagram in; null when it was taken, else the counter that says why not. */
    @Nullable Counter accept(MemorySegment m, long offset, int length, Datagram d, int sourcePort, long nowNs) {
        if (!input.fits(length, options.receiveBufferBytes())) {
            return d.v6 ? Counter.Udp6RcvbufErrors : Counter.UdpRcvbufErrors;
        }
        DatagramQueue.Slot s = input.append(m, offset, length);
        if (s == null) {
            return d.v6 ? Counter.Udp6MemErrors : Counter.UdpMemErrors;
        }
        layer.charge(length + DatagramQueue.OVERHEAD);
        s.peerHigh = d.sourceHigh;
        s.peerLow = d.sourceLow;
        s.peerPort = sourcePort;
        s.localHigh = d.destinationHigh;
        s.localLow = d.destinationLow;
        s.interfaceIndex = d.interfaceIndex;
        s.hopLimit = d.hopLimit;
        s.trafficClass = d.trafficClass;
        s.timestampNs = nowNs;
        signalReady();
        return null;
    }

    /**
     * RFC 1122 4.1.3.3: errors reach the application. Without IP_RECVERR only the lasting ones, and only on a connected
     * socket, as on Linux.
     */
    @Rfc(value = 1122, section = "4.1.3.3")
    void onIcmpError(IcmpError e, long nowNs) {
        IpAddress peer = new IpAddress(e.remoteHigh, e.remoteLow);
        if (e.kind == IcmpError.Kind.PACKET_TOO_BIG) {
            ip.reducePathMtu(peer, e.mtu, nowNs);
        }
        if (e.isReassemblyTimeout()) {
            return;
        }
        if (options.receiveErrors) {
            if (errors.size() >= MAX_ERRORS) {
                errors.removeFirst();
            }
            errors.addLast(new UdpError(e.kind.errno(), peer, e.remotePort, e.type, e.code, e.mtu));
            pendingError = e.kind.errno();
            signalReady();
            return;
        }
        boolean lasting = switch (e.kind) {
            case PORT_UNREACHABLE, PROTOCOL_UNREACHABLE, NET_REFUSED, HOST_UNKNOWN, HOST_ISOLATED, HOST_REFUSED,
                    PROHIBITED, UNREACHABLE, PARAMETER_PROBLEM ->
                true;
            case PACKET_TOO_BIG -> options.mtuDiscovery.isOn();
            case NET_UNREACHABLE, HOST_UNREACHABLE, SOURCE_ROUTE_FAILED, TIME_EXCEEDED, OTHER -> false;
        };
        if (lasting && remote != null) {
            pendingError = e.kind.errno();
            signalReady();
        }
    }
}

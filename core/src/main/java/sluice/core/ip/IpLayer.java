package sluice.core.ip;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.IpHeader;
import sluice.core.IpOutput;
import sluice.core.LinkProperties;
import sluice.core.Route;
import sluice.core.RouteMetrics;
import sluice.core.Setting;
import sluice.core.ip.RouteEntry.Origin;
import sluice.core.neighbour.NeighbourLayer;
import sluice.wire.IpAddress;
import sluice.wire.Ipv6;
import sluice.wire.Packet;
import sluice.wire.Prefix;

/**
 * Internet Protocol of one host, both versions: interfaces, addresses, routes, input and output.
 *
 * <p>Made by {@link sluice.core.Host}; belongs to it and to the thread inside it.
 */
@Rfc(value = 791)
@Rfc(value = 8200)
public final class IpLayer implements IpOutput {
    /** Index of the loopback interface. */
    public static final int LOOPBACK = 0;
    private static final LinkProperties LOOPBACK_LINK = LinkProperties.plain(65_535).withOffloads(65_535)
            .withGathering();
    private static final long SECOND_NS = 1_000_000_000L;

    private final HostContext context;
    private final Interfaces interfaces;
    private final RoutingTable table = new RoutingTable();
    private final RouteSelection selection;
    private final PathMtuCache pathMtus = new PathMtuCache();
    private final Drops drops;
    private final IpQueues queues;
    private final Reassembly reassembly;
    private final Delivery delivery;
    private final NeighbourLayer neighbours;
    private final IpSender sender;
    private final LinkInput input;
    private long nowNs;

    /**
     * A host's IP with its loopback interface.
     *
     * @param errors what makes ICMP errors
     */
    public IpLayer(HostContext context, ErrorReplies errors) {
        this.context = context;
        this.drops = new Drops(context);
        this.interfaces = new Interfaces(context.entropy());
        this.selection = new RouteSelection(interfaces, table, context.entropy());
        this.queues = new IpQueues(context.settings(), drops);
        this.delivery = new Delivery(context);
        this.neighbours = new NeighbourLayer(context, this, drops);
        this.reassembly = new Reassembly(context, drops, queues, errors);
        this.sender = new IpSender(context, drops, interfaces, selection, pathMtus, queues, neighbours);
        Forwarder forwarder = new Forwarder(context, drops, interfaces, selection, queues, errors, neighbours);
        IpParts parts = new IpParts(drops, interfaces, selection, reassembly, delivery, errors, forwarder);
        Datagram datagram = new Datagram();
        this.input = new LinkInput(interfaces, drops, new Ipv4Input(context, parts, datagram),
                new Ipv6Input(context, parts, datagram), neighbours);
        interfaces.add("lo", LOOPBACK_LINK);
        addAddress(LOOPBACK, IpAddress.LOOPBACK_V4, 8);
        addAddress(LOOPBACK, IpAddress.LOOPBACK_V6, 128);
    }

    // ---- Configuration: the user calls of the host.

    /**
     * Adds an interface, which is up; returns its index, 1 and up. On Ethernet it makes itself a link-local IPv6
     * address (RFC 4862 section 5.3).
     */
    public int addInterface(String name, LinkProperties link) {
        NetworkInterface i = interfaces.add(name, link);
        neighbours.interfaceAdded(i);
        return i.index();
    }

    /**
     * Gives an interface an address, and the route to its network. On Ethernet an IPv6 address is tentative until
     * duplicate detection is over.
     */
    public void addAddress(int interfaceIndex, IpAddress address, int prefixLength) {
        addAddress(interfaceIndex, new InterfaceAddress(address, prefixLength, false), true);
    }

    /**
     * Gives an interface an address.
     *
     * @param connected whether its whole network is on the link
     */
    public void addAddress(int interfaceIndex, InterfaceAddress entry, boolean connected) {
        NetworkInterface i = interfaces.require(interfaceIndex);
        IpAddress a = entry.address;
        String call = "add address " + entry + " to " + i.name();
        if (a.isAny() || a.isMulticast() || a.isLimitedBroadcast() || entry.prefixLength < 0
                || entry.prefixLength > a.bits()) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        if (i.find(a) != null) {
            throw new ErrnoException(Errno.EADDRINUSE, call);
        }
        if (i.addresses.size() >= NetworkInterface.MAX_ADDRESSES) {
            throw new ErrnoException(Errno.ENOBUFS, call);
        }
        i.addresses.add(entry);
        if (!a.isV4() && !i.loopback()) {
            i.join(NetworkInterface.solicitedNode(a));
        }
        if (connected) {
            table.add(new RouteEntry(new Prefix(a, entry.prefixLength).network(), interfaceIndex, null,
                    a.isV4() ? 0 : 256, Origin.CONNECTED, Time.NEVER));
        }
        neighbours.addressAdded(i, entry);
        addressesChanged();
    }

    /** Takes an address away, and the route to its network when no other address of the interface shares it. */
    public void removeAddress(int interfaceIndex, IpAddress address) {
        NetworkInterface i = interfaces.require(interfaceIndex);
        InterfaceAddress entry = i.find(address);
        if (entry == null) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, "remove address " + address + " from " + i.name());
        }
        i.addresses.remove(entry);
        if (!address.isV4() && !i.loopback()) {
            i.leave(NetworkInterface.solicitedNode(address));
        }
        Prefix network = new Prefix(address, entry.prefixLength).network();
        boolean shared = i.addresses.stream()
                .anyMatch(o -> new Prefix(o.address, o.prefixLength).network().equals(network));
        if (!shared) {
            table.removeIf(r -> r.origin() == Origin.CONNECTED && r.interfaceIndex() == interfaceIndex
                    && r.prefix().equals(network));
        }
        addressesChanged();
    }

    /** To be called when an address became usable or stopped being so. */
    public void addressesChanged() {
        interfaces.rebuild();
        selection.invalidate();
    }

    /**
     * Adds a route.
     *
     * @param gateway the router; null when the destinations are on the link
     * @param metric the lower one wins among equal prefixes, 0 and up
     */
    public void addRoute(Prefix prefix, int interfaceIndex, @Nullable IpAddress gateway, int metric) {
        addRoute(prefix, interfaceIndex, gateway, metric, RouteMetrics.NONE);
    }

    /** As above, with what is known of the path. */
    public void addRoute(Prefix prefix, int interfaceIndex, @Nullable IpAddress gateway, int metric,
            RouteMetrics metrics) {
        interfaces.require(interfaceIndex);
        if (gateway != null && gateway.isV4() != prefix.address().isV4()) {
            throw new ErrnoException(Errno.EINVAL, "add route " + prefix + " via " + gateway);
        }
        addRoute(new RouteEntry(prefix.network(), interfaceIndex, gateway, metric, Origin.STATIC, Time.NEVER,
                metrics));
    }

    /** Adds a route, or replaces the one with the same prefix, interface, gateway and metric. */
    public void addRoute(RouteEntry route) {
        table.add(route);
        selection.invalidate();
    }

    /** Removes routes to exactly that prefix over that interface; false when there was none. */
    public boolean removeRoute(Prefix prefix, int interfaceIndex) {
        Prefix network = prefix.network();
        boolean removed = table.removeIf(r -> r.interfaceIndex() == interfaceIndex && r.prefix().equals(network));
        selection.invalidate();
        return removed;
    }

    /** Removes what a router advertised and has withdrawn: routes over that interface with that prefix and gateway. */
    public void withdraw(Prefix prefix, int interfaceIndex, @Nullable IpAddress gateway) {
        Prefix network = prefix.network();
        if (table.removeIf(r -> r.origin() == Origin.ADVERTISED && r.interfaceIndex() == interfaceIndex
                && r.prefix().equals(network)
                && java.util.Objects.equals(r.gateway(), gateway))) {
            selection.invalidate();
        }
    }

    /** The link of an interface went up or down. */
    public void onLinkState(int interfaceIndex, boolean up, long nowNs) {
        setNow(nowNs);
        NetworkInterface i = interfaces.require(interfaceIndex);
        if (i.up() != up) {
            i.setUp(up);
            selection.invalidate();
            neighbours.linkChanged(i, nowNs);
        }
    }

    /** The link's properties changed: MTU, offloads. */
    public void updateLink(int interfaceIndex, LinkProperties link) {
        interfaces.require(interfaceIndex).setLink(link);
        selection.invalidate();
    }

    // ---- What drives it.

    /** Takes note of the time. */
    public void setNow(long nowNs) {
        this.nowNs = nowNs;
        selection.setNow(nowNs);
    }

    /**
     * A packet from a link. Its bytes belong to the host until the call returns; {@code start} and {@code end} may
     * change.
     */
    public void onPacket(int interfaceIndex, Packet packet, long nowNs) {
        input.onPacket(interfaceIndex, packet, nowNs);
    }

    /** Receives the first packet that we sent to ourselves; false when none waits. */
    public boolean receiveLooped(long nowNs) {
        int index = queues.loopbackInterface();
        Packet p = queues.pollLoopback();
        if (p == null) {
            return false;
        }
        NetworkInterface in = interfaces.get(index);
        if (in != null) {
            p.timestampNs = nowNs;
            input.onIp(in, p, false, true, nowNs);
        }
        queues.packets.give(p);
        return true;
    }

    /** Whether packets to ourselves wait. */
    public boolean hasLooped() {
        return queues.loopback.size() > 0;
    }

    /** Runs what is due: reassembly, neighbours, addresses, advertised routes. */
    public void onDeadline(long nowNs) {
        setNow(nowNs);
        reassembly.onDeadline(nowNs);
        neighbours.onDeadline(nowNs);
        if (table.nextExpiryNs() <= nowNs) {
            table.removeIf(r -> r.expiresNs() <= nowNs);
            selection.invalidate();
        }
    }

    /** When {@link #onDeadline} must be called next. */
    public long nextDeadlineNs() {
        return Math.min(reassembly.nextDeadlineNs(), Math.min(neighbours.nextDeadlineNs(), table.nextExpiryNs()));
    }

    // ---- IpOutput.

    @Override
    public @Nullable Route route(@Nullable IpAddress source, IpAddress destination) {
        return selection.route(source, destination);
    }

    @Override
    public @Nullable Route routeOnce(@Nullable IpAddress source, IpAddress destination) {
        return selection.routeOnce(source, destination);
    }

    @Override
    public int pathMtu(Route route, IpAddress destination, long nowNs) {
        int mtu = route.metrics.mtu() > 0 ? Math.min(route.metrics.mtu(), route.link.mtu()) : route.link.mtu();
        return route.loopback || locked(route, destination) ? mtu : pathMtus.get(destination, mtu, nowNs);
    }

    @Override
    public boolean pathMtuLocked(Route route, IpAddress destination, long nowNs) {
        return locked(route, destination) || pathMtus.isLocked(destination, nowNs);
    }

    /** By the routing table; discovery for IPv6 cannot be switched off. */
    private static boolean locked(Route route, IpAddress destination) {
        return route.metrics.mtuLocked() && destination.isV4();
    }

    @Override
    public long pathMtuUntilNs(IpAddress destination, long nowNs) {
        return pathMtus.untilNs(destination, nowNs);
    }

    @Override
    @Rfc(value = 1191, section = "3")
    @Rfc(value = 8201, section = "4")
    public void reducePathMtu(IpAddress destination, int mtu, long nowNs) {
        Route route = selection.route(null, destination);
        boolean v4 = destination.isV4();
        if (route == null || route.loopback || locked(route, destination) || !v4 && mtu < Ipv6.MIN_MTU) {
            return;
        }
        int lockedBelow = v4 ? context.settings().getInt(Setting.ROUTE_MIN_PMTU) : 0;
        long lifetime = context.settings().get(v4 ? Setting.ROUTE_MTU_EXPIRES : Setting.IP6_ROUTE_MTU_EXPIRES)
                * SECOND_NS;
        pathMtus.reduce(destination, mtu, pathMtu(route, destination, nowNs), lockedBelow, lifetime, nowNs);
    }

    @Override
    public void confirm(Route route, long nowNs) {
        if (route.link.ethernet() && (route.confirmedNs == Time.NEVER || nowNs - route.confirmedNs >= SECOND_NS)) {
            route.confirmedNs = nowNs;
            neighbours.confirm(route.interfaceIndex, route.nextHop, nowNs);
        }
    }

    @Override
    public void doubt(Route route) {
        if (route.link.ethernet()) {
            neighbours.doubt(route.interfaceIndex, route.nextHop);
        }
    }

    @Override
    public boolean isLocal(IpAddress address) {
        return interfaces.isLocal(address.high(), address.low());
    }

    @Override
    public boolean isBroadcast(IpAddress address) {
        return interfaces.isBroadcast(address.high(), address.low());
    }

    @Override
    public int headerLength(IpAddress destination, byte @Nullable [] ipOptions) {
        return destination.isV4() ? 20 + (ipOptions == null ? 0 : ipOptions.length) : 40;
    }

    @Override
    public int send(Packet packet, Route route, IpHeader header, long nowNs) {
        return sender.send(packet, route, header, nowNs);
    }

    @Override
    public void enqueue(Packet packet, Route route, IpHeader header, long nowNs) {
        int index = sender.send(packet, route, header, nowNs);
        if (index == DEFERRED) {
            queues.packets.give(packet);
        } else {
            queues.control(packet, index, nowNs);
        }
    }

    @Override
    public Packet allocate() {
        return queues.forControl(nowNs);
    }

    // ---- For the other parts of the host.

    /** Interfaces and own addresses. */
    public Interfaces interfaces() {
        return interfaces;
    }

    /** The routes, best first. */
    public List<RouteEntry> routes() {
        return table.entries();
    }

    /** What is known of paths. */
    public PathMtuCache pathMtus() {
        return pathMtus;
    }

    /** Ends of packets. */
    public Drops drops() {
        return drops;
    }

    /** The control and loopback queues. */
    public IpQueues queues() {
        return queues;
    }

    /** Fragments that wait. */
    public Reassembly reassembly() {
        return reassembly;
    }

    /** Transports. */
    public Delivery delivery() {
        return delivery;
    }

    /** Neighbours, ARP, neighbour discovery. */
    public NeighbourLayer neighbours() {
        return neighbours;
    }

    /** The TTL or hop limit of packets that name none, by the route's interface and the settings. */
    @Rfc(value = 1122, section = "3.2.1.7")
    public int defaultHopLimit(Route route, boolean v4) {
        if (v4) {
            return context.settings().getInt(Setting.IP_DEFAULT_TTL);
        }
        NetworkInterface i = interfaces.get(route.interfaceIndex);
        int advertised = i == null ? 0 : i.advertisedHopLimit();
        return advertised != 0 ? advertised : context.settings().getInt(Setting.IP6_HOP_LIMIT);
    }
}

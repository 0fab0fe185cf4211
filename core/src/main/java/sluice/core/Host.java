package sluice.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Time;
import sluice.core.icmp.IcmpErrorSender;
import sluice.core.icmp.IcmpLayer;
import sluice.core.ip.IpLayer;
import sluice.core.ip.NetworkInterface;
import sluice.core.ip.RouteEntry;
import sluice.core.tcp.layer.TcpLayer;
import sluice.core.trace.TraceSink;
import sluice.core.udp.UdpLayer;
import sluice.wire.IpAddress;
import sluice.wire.Packet;
import sluice.wire.Prefix;

/**
 * A TCP/IP host as a deterministic state machine.
 *
 * <p>Inputs: {@link #onPacket}, {@link #onDeadline}, user calls on its layers, {@link #onLinkState}. After inputs its
 * outputs are drained: {@link #pollTransmit} until it answers {@link IpOutput#DEFERRED} (or while the links take
 * packets), {@link #pollReady} until null, and {@link #nextDeadlineNs} tells when to come back. Several inputs may come
 * before outputs are drained, which is how one acknowledgment answers many packets. Times are nanoseconds of any
 * monotonic clock, the same for all.
 *
 * <p>Entered by one thread at a time; holds no lock. No input from a packet throws.
 */
public final class Host {
    private final String name;
    private final HostContext context;
    private final IpLayer ip;
    private final TcpLayer tcp;
    private final UdpLayer udp;
    private final IcmpLayer icmp;
    private final Transport[] transports;
    private int turn;
    private long nowNs;

    /** A host with a loopback interface ("lo", index 0, 127.0.0.1/8 and ::1/128) and nothing else. */
    public Host(HostConfig config) {
        name = config.name();
        Counters counters = new Counters();
        HostMemory memory = new HostMemory(new BufferPool(Long.MAX_VALUE), config.settings(), counters);
        context = new HostContext(config.settings(), counters, config.entropy(), memory, new ReadyList(),
                config.trace(), new Admission(config.entropy(), counters));
        IcmpErrorSender errors = new IcmpErrorSender(context);
        ip = new IpLayer(context, errors);
        errors.attach(ip);
        tcp = new TcpLayer(context, ip);
        udp = new UdpLayer(context, ip, errors);
        icmp = new IcmpLayer(context, ip);
        ip.delivery().connect(tcp, udp, icmp);
        transports = new Transport[]{tcp, udp, icmp};
    }

    // ---- Configuration.

    /**
     * Adds an interface, which is up, with no address (on Ethernet: a link-local IPv6 one); returns its index, 1 and
     * up.
     */
    public int addInterface(String interfaceName, LinkProperties link) {
        return ip.addInterface(interfaceName, link);
    }

    /**
     * Gives an interface an address and the route to its network.
     *
     * @param prefixLength bits of the network, 0…32 or 0…128
     * @throws sluice.base.ErrnoException EINVAL, EADDRINUSE, ENOBUFS, ENOENT for an unknown interface
     */
    public void addAddress(int interfaceIndex, IpAddress address, int prefixLength) {
        ip.addAddress(interfaceIndex, address, prefixLength);
    }

    /** Takes an address away; EADDRNOTAVAIL when the interface does not have it. */
    public void removeAddress(int interfaceIndex, IpAddress address) {
        ip.removeAddress(interfaceIndex, address);
    }

    /**
     * Adds a route.
     *
     * @param gateway the router; null when the destinations are on the link
     * @param metric the lowest wins among equal prefixes
     */
    public void addRoute(Prefix prefix, int interfaceIndex, @Nullable IpAddress gateway, int metric) {
        ip.addRoute(prefix, interfaceIndex, gateway, metric);
    }

    /**
     * Adds a route and says what is known of the path; in place of one with the same prefix, interface, gateway and
     * metric.
     */
    public void addRoute(Prefix prefix, int interfaceIndex, @Nullable IpAddress gateway, int metric,
            RouteMetrics metrics) {
        ip.addRoute(prefix, interfaceIndex, gateway, metric, metrics);
    }

    /** Removes the routes to exactly that prefix over that interface; false when there was none. */
    public boolean removeRoute(Prefix prefix, int interfaceIndex) {
        return ip.removeRoute(prefix, interfaceIndex);
    }

    /** The interfaces in the order of their index; 0 is the loopback. */
    public List<NetworkInterface> interfaces() {
        return ip.interfaces().all();
    }

    /** The routing table, best route first. */
    public List<RouteEntry> routes() {
        return ip.routes();
    }

    /** The properties of a link changed: MTU, offloads. */
    public void updateLink(int interfaceIndex, LinkProperties link) {
        ip.updateLink(interfaceIndex, link);
    }

    // ---- Inputs.

    /** A link came up or went down. */
    public void onLinkState(int interfaceIndex, boolean up, long now) {
        setNow(now);
        ip.onLinkState(interfaceIndex, up, now);
    }

    /**
     * A packet arrived. Its memory is used until the call returns, not longer; {@code start}, {@code end} and the
     * headers may be changed by it.
     *
     * @param interfaceIndex the interface it came in on, 1 and up
     * @param packet as the link gave it: an Ethernet frame, or a bare IP packet
     */
    public void onPacket(int interfaceIndex, Packet packet, long now) {
        setNow(now);
        ip.onPacket(interfaceIndex, packet, now);
    }

    /**
     * For a host on devices whose queues can overflow: they have been looked at. While they hold more than is taken
     * again and again, answers that strangers can cause are left out (counted as {@code SluiceAnswerShed}), so that
     * the host gets to what else is in the queues.
     *
     * @param more whether they hold more than was taken
     */
    public void onReceived(boolean more) {
        context.admission().onReceived(more);
    }

    /** Runs everything that is due. */
    public void onDeadline(long now) {
        setNow(now);
        ip.onDeadline(now);
        for (Transport t : transports) {
            if (t.nextDeadlineNs() <= now) {
                t.onDeadline(now);
            }
        }
    }

    private void setNow(long now) {
        nowNs = now;
        ip.setNow(now);
        context.memory().setNow(now);
    }

    // ---- Outputs.

    /**
     * Whether {@link #pollTransmit} may have something; false only when it has nothing, and for less than asking it
     * costs.
     */
    public boolean hasOutput() {
        return tcp.hasOutput() || ip.queues().size() > 0 || udp.hasOutput() || icmp.hasOutput();
    }

    /**
     * The next packet to transmit: control messages first, then TCP, UDP and pings in turn. Packets to ourselves are
     * received on the way, at most {@code netdev_budget} in one call; when more are left, {@link #nextDeadlineNs} says
     * so.
     *
     * @param into takes the packet; at least {@link Packet#MAX_CAPACITY} bytes. A tail may lie in a send ring until the
     * next call
     * @return index of the interface, 1 and up; {@link IpOutput#DEFERRED} when nothing is left
     */
    public int pollTransmit(Packet into, long now) {
        setNow(now);
        for (int looped = 0;;) {
            int index = ip.queues().pollControl(into);
            if (index >= 0) {
                return index;
            }
            if (ip.hasLooped()) {
                if (looped++ >= context.settings().getInt(Setting.NETDEV_BUDGET)) {
                    return IpOutput.DEFERRED;
                }
                ip.receiveLooped(now);
                continue;
            }
            index = udp.hasOutput() || icmp.hasOutput() ? pollInTurn(into, now) : tcp.pollTransmit(into, now);
            if (index >= 0) {
                return index;
            }
            if (ip.queues().size() == 0) {
                return IpOutput.DEFERRED;
            }
        }
    }

    private int pollInTurn(Packet into, long now) {
        for (int i = 0; i < transports.length; i++) {
            Transport t = transports[turn];
            turn = turn + 1 == transports.length ? 0 : turn + 1;
            int index = t.pollTransmit(into, now);
            if (index >= 0) {
                return index;
            }
        }
        return IpOutput.DEFERRED;
    }

    /**
     * When {@link #onDeadline} and {@link #pollTransmit} must be called next; {@link Time#NEVER} for never, a past
     * time for at once.
     */
    public long nextDeadlineNs() {
        if (ip.hasLooped()) {
            return nowNs;
        }
        return Math.min(Math.min(ip.nextDeadlineNs(), tcp.nextDeadlineNs()),
                Math.min(udp.nextDeadlineNs(), icmp.nextDeadlineNs()));
    }

    /** Whether {@link #pollReady} has an endpoint. */
    public boolean hasReady() {
        return !context.ready().isEmpty();
    }

    /** The next endpoint whose readiness gained a bit; null when there is none. */
    public @Nullable Pollable pollReady() {
        return context.ready().poll();
    }

    // ---- Parts.

    /** TCP: connect, listen. */
    public TcpLayer tcp() {
        return tcp;
    }

    /** UDP sockets. */
    public UdpLayer udp() {
        return udp;
    }

    /** Pings. */
    public IcmpLayer icmp() {
        return icmp;
    }

    /** Routes, neighbours, path MTUs. */
    public IpLayer ip() {
        return ip;
    }

    /** The host's sysctls. */
    public Settings settings() {
        return context.settings();
    }

    /** The host's counters. Levels are brought up to date here. */
    public Counters counters() {
        Counters c = context.counters();
        level(c, Counter.IpForwarding, context.settings().isOn(Setting.IP_FORWARD) ? 1 : 2);
        level(c, Counter.IpDefaultTTL, context.settings().get(Setting.IP_DEFAULT_TTL));
        return c;
    }

    private static void level(Counters c, Counter counter, long value) {
        c.add(counter, value - c.get(counter));
    }

    /** Memory of rings and queues. */
    public BufferPool pool() {
        return context.pool();
    }

    /** The same, and what TCP and UDP may have of it. */
    public HostMemory memory() {
        return context.memory();
    }

    /** The host's name. */
    public String name() {
        return name;
    }

    /** Where typed events go. */
    public TraceSink trace() {
        return context.trace();
    }

    @Override
    public String toString() {
        return name;
    }
}

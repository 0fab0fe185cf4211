package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.IpHeader;
import sluice.core.IpOutput;
import sluice.core.LinkProperties;
import sluice.core.Route;
import sluice.core.Setting;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.Packet;

/**
 * Puts IP headers in front of transport packets, checks their size, cuts what may be cut, and hands them to the link or
 * to ourselves.
 */
@Rfc(value = 791, section = "3.2")
@Rfc(value = 8200, section = "3")
final class IpSender {
    private static final int UDP = 17;
    private static final int TCP = 6;

    private final HostContext context;
    private final Counters counters;
    private final Drops drops;
    private final Interfaces interfaces;
    private final PathMtuCache pathMtus;
    private final IpQueues queues;
    private final IpIdentification identification;
    private final Fragmenter fragmenter;
    private final LinkOutput link;
    private final RouteSelection routes;
    private final long flowKey;

    IpSender(HostContext context, Drops drops, Interfaces interfaces, RouteSelection routes, PathMtuCache pathMtus,
            IpQueues queues, LinkOutput link) {
        this.routes = routes;
        this.context = context;
        this.counters = context.counters();
        this.drops = drops;
        this.interfaces = interfaces;
        this.pathMtus = pathMtus;
        this.queues = queues;
        this.link = link;
        this.identification = new IpIdentification(context.entropy());
        this.fragmenter = new Fragmenter(context, drops, queues, link);
        this.flowKey = context.entropy().nextLong() | 1;
    }

    /** {@link IpOutput#send}. */
    int send(Packet p, Route given, IpHeader h, long nowNs) {
        IpAddress source = h.source;
        IpAddress destination = h.destination;
        int protocol = h.protocol;
        byte @Nullable [] options = h.options;
        boolean v4 = destination.isV4();
        counters.increment(v4 ? Counter.IpOutRequests : Counter.Ip6OutRequests);
        Route route = options == null ? given : firstHopRoute(given, source, options);
        NetworkInterface out = route == null ? null : interfaces.get(route.interfaceIndex);
        if (route == null || out == null || !out.up()) {
            drops.drop(v4 ? Counter.IpOutDiscards : Counter.Ip6OutDiscards, nowNs);
            return IpOutput.DEFERRED;
        }
        int headerLength = v4 ? 20 + (options == null ? 0 : options.length) : 40;
        int total = headerLength + p.length();
        int mtu = mtuFor(route, destination, protocol, out.link(), nowNs);
        boolean whole = total <= (p.gsoSize > 0 ? Math.max(mtu, out.link().gsoMaxBytes()) : mtu);
        if (total > 65_535 + (v4 ? 0 : 40)) {
            drops.drop(Counter.SluiceOutputTooBig, nowNs);
            return IpOutput.DEFERRED;
        }
        p.start -= headerLength;
        if (p.gsoSize > 0) {
            p.gsoHeaderLength += headerLength;
        }
        if (v4) {
            writeV4(p, h, whole, total, headerLength);
        } else {
            writeV6(p, h, total);
        }
        if (whole) {
            return place(p, out, route, h, total, nowNs);
        }
        if (p.gsoSize > 0 || (!v4 && protocol == TCP)) {
            drops.drop(Counter.SluiceOutputTooBig, nowNs);
            return IpOutput.DEFERRED;
        }
        if (v4 && h.dontFragment) {
            drops.drop(Counter.IpFragFails, nowNs);
            return IpOutput.DEFERRED;
        }
        if (v4) {
            fragmenter.cutV4(p, headerLength, mtu, out, route, nowNs);
        } else {
            fragmenter.cutV6(p, mtu, identification.next(source, destination, 44, 1), out, route, nowNs);
        }
        return IpOutput.DEFERRED;
    }

    /** With a source route the packet goes to its first hop; null when there is no route to that. */
    private @Nullable Route firstHopRoute(Route given, IpAddress source, byte[] options) {
        int at = Ipv4Options.routeIn(options);
        return at < 0 ? given : routes.route(source, IpAddress.ofV4(Ipv4Options.addressIn(options, at)));
    }

    /** TCP keeps to the path's MTU by itself and is only held to the link's; the others are cut to the path's. */
    private int mtuFor(Route route, IpAddress destination, int protocol, LinkProperties properties, long nowNs) {
        return protocol == TCP || pathMtus.isEmpty() || route.loopback ? properties.mtu()
                : pathMtus.get(destination, properties.mtu(), nowNs);
    }

    /**
     * A complete IP packet goes to ourselves, or out by the link, or both (multicast and broadcast that we want to hear
     * too).
     */
    private int place(Packet p, NetworkInterface out, Route route, IpHeader h, int total, long nowNs) {
        IpAddress destination = h.destination;
        boolean v4 = destination.isV4();
        counters.increment(v4 ? Counter.IpOutTransmits : Counter.Ip6OutTransmits);
        counters.add(v4 ? Counter.IpExtOutOctets : Counter.Ip6OutOctets, total);
        if (out.loopback()) {
            loop(p, 0, v4, nowNs);
            return IpOutput.DEFERRED;
        }
        if (destination.isMulticast()) {
            counters.increment(v4 ? Counter.IpExtOutMcastPkts : Counter.Ip6OutMcastPkts);
            counters.add(v4 ? Counter.IpExtOutMcastOctets : Counter.Ip6OutMcastOctets, total);
            if (h.protocol == UDP && h.multicastLoop && out.inGroup(destination.high(), destination.low())) {
                loop(p, out.index(), v4, nowNs);
            }
            if (hopsLeft(p, v4) == 0) {
                return IpOutput.DEFERRED;
            }
        } else if (v4 && interfaces.isBroadcast(destination.high(), destination.low())) {
            counters.increment(Counter.IpExtOutBcastPkts);
            counters.add(Counter.IpExtOutBcastOctets, total);
            if (h.protocol == UDP) {
                loop(p, out.index(), true, nowNs);
            }
        }
        return link.output(p, out, route.nextHop.high(), route.nextHop.low(), nowNs);
    }

    private static int hopsLeft(Packet p, boolean v4) {
        return v4 ? Ipv4.ttl(p.memory, p.start) : Ipv6.hopLimit(p.memory, p.start);
    }

    private void loop(Packet p, int interfaceIndex, boolean v4, long nowNs) {
        Packet copy = queues.packets.take(p.length());
        if (copy == null) {
            drops.drop(v4 ? Counter.IpOutDiscards : Counter.Ip6OutDiscards, nowNs);
            return;
        }
        copy.copyFrom(p);
        if (!queues.loopback.offer(copy, interfaceIndex, context.settings().getInt(Setting.NETDEV_MAX_BACKLOG))) {
            queues.packets.give(copy);
            drops.drop(v4 ? Counter.IpOutDiscards : Counter.Ip6OutDiscards, nowNs);
        }
    }

    @Rfc(value = 6864, section = "4.1")
    private void writeV4(Packet p, IpHeader h, boolean whole, int total, int headerLength) {
        byte @Nullable [] options = h.options;
        MemorySegment m = p.memory;
        int s = p.start;
        int id = h.dontFragment && whole ? 0
                : identification.next(h.source, h.destination, h.protocol, p.segments()) & 0xffff;
        int versionAndTos = (0x40 | headerLength >>> 2) << 8 | (h.trafficClass & 0xff);
        int flags = h.dontFragment ? Ipv4.DF : 0;
        int ttlAndProtocol = (h.hopLimit & 0xff) << 8 | h.protocol;
        int from = h.source.v4Bits();
        int to = h.destination.v4Bits();
        Bytes.put64(m, s, (long) versionAndTos << 48 | (long) total << 32 | (long) id << 16 | flags);
        Bytes.put64(m, s + 8, (long) ttlAndProtocol << 48 | (from & 0xffff_ffffL));
        Bytes.put32(m, s + 16, to);
        if (options == null) {
            int sum = versionAndTos + total + id + flags + ttlAndProtocol + (from >>> 16) + (from & 0xffff)
                    + (to >>> 16) + (to & 0xffff);
            sum = (sum & 0xffff) + (sum >>> 16);
            sum = (sum & 0xffff) + (sum >>> 16);
            Bytes.put16(m, s + 10, ~sum);
        } else {
            for (int i = 0; i < options.length; i++) {
                m.set(ValueLayout.JAVA_BYTE, s + 20 + i, options[i]);
            }
            int at = Ipv4Options.routeIn(options);
            if (at >= 0) {
                Bytes.put32(m, s + 16, Ipv4Options.addressIn(options, at));
                Ipv4Options.startRoute(m, s + 20 + at, (options[at - 2] - 3) / 4, to);
            }
            Ipv4.updateChecksum(m, s);
        }
    }

    @Rfc(value = 8200, section = "3")
    @Rfc(value = 6437, section = "3")
    private void writeV6(Packet p, IpHeader h, int total) {
        MemorySegment m = p.memory;
        int s = p.start;
        boolean flow = (h.protocol == TCP || h.protocol == UDP) && context.settings().isOn(Setting.IP6_AUTO_FLOWLABELS);
        int label = flow ? flowLabel(p, h.source, h.destination, h.protocol) : 0;
        Ipv6.write(m, s, h.trafficClass, label, total - Ipv6.HEADER_LENGTH, h.protocol, h.hopLimit, h.source.high(),
                h.source.low(), h.destination.high(), h.destination.low());
    }

    private int flowLabel(Packet p, IpAddress source, IpAddress destination, int protocol) {
        long ports = p.end - p.start >= 44 ? Bytes.u32(p.memory, p.start + 40) : 0;
        long h = flowKey;
        h = (h ^ source.high() ^ Long.rotateLeft(destination.high(), 32)) * 0x9E3779B97F4A7C15L;
        h = (Long.rotateLeft(h, 31) ^ source.low() ^ Long.rotateLeft(destination.low(), 32)) * 0xBF58476D1CE4E5B9L;
        h = (Long.rotateLeft(h, 29) ^ ports ^ (long) protocol << 32) * 0x94D049BB133111EBL;
        return (int) (h >>> 40) & 0xf_ffff;
    }
}

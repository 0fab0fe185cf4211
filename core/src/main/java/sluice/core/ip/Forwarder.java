package sluice.core.ip;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.Route;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.Packet;

/**
 * Packets for others, when {@code ip_forward} or {@code forwarding} is on: hop limit, next hop, size, and the errors a
 * router reports.
 */
@Rfc(value = 1812, section = "5.2.1")
@Rfc(value = 8200, section = "3")
final class Forwarder {
    private final Counters counters;
    private final Drops drops;
    private final Interfaces interfaces;
    private final RouteSelection routes;
    private final IpQueues queues;
    private final ErrorReplies errors;
    private final PooledOutput output;
    private final Fragmenter fragmenter;
    private final SuperSegments superSegments;

    Forwarder(HostContext context, Drops drops, Interfaces interfaces, RouteSelection routes, IpQueues queues,
            ErrorReplies errors, LinkOutput link) {
        this.counters = context.counters();
        this.drops = drops;
        this.interfaces = interfaces;
        this.routes = routes;
        this.queues = queues;
        this.errors = errors;
        this.output = new PooledOutput(context, queues, link);
        this.fragmenter = new Fragmenter(context, drops, queues, link);
        this.superSegments = new SuperSegments(context, drops, queues, link, fragmenter);
    }

    /** One packet whose header is good and whose destination is not ours. */
    void forward(Datagram d, long nowNs) {
        Packet p = d.packet;
        boolean v4 = !d.v6;
        Counter wrong = reasonToRefuse(d);
        if (wrong != null) {
            drops.drop(wrong, nowNs);
            return;
        }
        if (d.hopLimit <= 1) {
            drops.drop(v4 ? Counter.IpInHdrErrors : Counter.Ip6InHdrErrors, nowNs);
            errors.timeExceeded(d, 0, nowNs);
            return;
        }
        Route route = routes.route(null, d.destination());
        NetworkInterface out = route == null ? null : interfaces.get(route.interfaceIndex);
        if (route == null || out == null || out.loopback()) {
            drops.drop(v4 ? Counter.IpExtInNoRoutes : Counter.Ip6InNoRoutes, nowNs);
            errors.noRoute(d, nowNs);
            return;
        }
        int mtu = out.link().mtu();
        int size = p.segments() > 1 ? p.gsoHeaderLength + p.gsoSize : p.length();
        boolean mayCut = v4 && !Ipv4.dontFragment(p.memory, p.start);
        if (size > mtu && !mayCut) {
            drops.drop(v4 ? Counter.IpFragFails : Counter.Ip6InTooBigErrors, nowNs);
            errors.tooBig(d, mtu, nowNs);
            return;
        }
        Packet copy = queues.packets.take(p.length());
        if (copy == null) {
            drops.drop(v4 ? Counter.IpOutDiscards : Counter.Ip6OutDiscards, nowNs);
            return;
        }
        copy.copyFrom(p);
        decrement(copy, v4);
        counters.increment(v4 ? Counter.IpForwDatagrams : Counter.Ip6OutForwDatagrams);
        pass(copy, d.ipHeaderLength, size > mtu, out, route, nowNs);
    }

    /** Sends {@code p}, of the queues' pool, in as many pieces as the link wants. */
    private void pass(Packet p, int headerLength, boolean tooBig, NetworkInterface out, Route route, long nowNs) {
        if (p.segments() > 1 && (tooBig || !SuperSegments.areCutBy(out.link(), p))) {
            superSegments.send(p, headerLength, out.link().mtu(), out, route, nowNs);
            queues.packets.give(p);
            return;
        }
        if (tooBig) {
            fragmenter.cutV4(p, headerLength, out.link().mtu(), out, route, nowNs);
            queues.packets.give(p);
            return;
        }
        if (p.segments() == 1) {
            p.gsoSize = 0;
            if (p.checksumPartial && !out.link().checksumOffload()) {
                Sums.completePartial(p);
            }
        }
        output.transmit(p, out, route, nowNs);
    }

    /** What no router passes on, whatever its routes: the counter it is dropped with, or null. */
    private static @Nullable Counter reasonToRefuse(Datagram d) {
        if (d.v6 && (d.source().isLinkLocal() || d.destination().isLinkLocal() || d.source().isAny())) {
            return Counter.Ip6InAddrErrors;
        }
        return Sums.partialFits(d.packet, d.ipHeaderLength) ? null
                : d.v6 ? Counter.Ip6InDiscards : Counter.IpInDiscards;
    }

    @Rfc(value = 1624)
    private static void decrement(Packet p, boolean v4) {
        if (v4) {
            Ipv4.decrementTtl(p.memory, p.start);
        } else {
            Ipv6.setHopLimit(p.memory, p.start, Ipv6.hopLimit(p.memory, p.start) - 1);
        }
    }
}

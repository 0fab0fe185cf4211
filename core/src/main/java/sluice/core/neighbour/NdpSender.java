package sluice.core.neighbour;

import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.IpHeader;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.core.ip.IpLayer;
import sluice.core.ip.NetworkInterface;
import sluice.core.ip.Sums;
import sluice.wire.IpAddress;
import sluice.wire.Ndp;
import sluice.wire.Packet;

/** Builds and sends the messages of neighbour discovery; all leave with hop limit 255. */
@Rfc(value = 4861, section = "4")
final class NdpSender {
    static final IpAddress ALL_NODES = new IpAddress(0xff02_0000_0000_0000L, 1);
    static final IpAddress ALL_ROUTERS = new IpAddress(0xff02_0000_0000_0000L, 2);

    private static final long NO_MAC = -1;

    private final IpLayer ip;
    private final IpHeader header = new IpHeader();
    private final Counters counters;

    NdpSender(HostContext context, IpLayer ip) {
        this.ip = ip;
        this.counters = context.counters();
    }

    /** Neighbour solicitation (4.3); the source is unspecified for duplicate detection. */
    void solicitation(NetworkInterface out, IpAddress source, IpAddress destination, IpAddress target, long nowNs) {
        Packet p = ip.allocate();
        p.end = p.start + Ndp.writeNeighborSolicitation(p.memory, p.start, target.high(), target.low(),
                source.isAny() ? NO_MAC : out.link().macAddress());
        send(p, out, source, destination, Counter.Icmp6OutNeighborSolicits, nowNs);
    }

    /** Neighbour advertisement (4.4). */
    void advertisement(NetworkInterface out, IpAddress source, IpAddress destination, IpAddress target,
            boolean solicited, boolean router, long nowNs) {
        Packet p = ip.allocate();
        int flags = (router ? Ndp.FLAG_ROUTER : 0) | (solicited ? Ndp.FLAG_SOLICITED : 0) | Ndp.FLAG_OVERRIDE;
        p.end = p.start + Ndp.writeNeighborAdvertisement(p.memory, p.start, flags, target.high(), target.low(),
                out.link().macAddress());
        send(p, out, source, destination, Counter.Icmp6OutNeighborAdvertisements, nowNs);
    }

    /** Router solicitation (4.1). */
    void routerSolicitation(NetworkInterface out, IpAddress source, long nowNs) {
        Packet p = ip.allocate();
        p.end = p.start
                + Ndp.writeRouterSolicitation(p.memory, p.start, source.isAny() ? NO_MAC : out.link().macAddress());
        send(p, out, source, ALL_ROUTERS, Counter.Icmp6OutRouterSolicits, nowNs);
    }

    private void send(Packet p, NetworkInterface out, IpAddress source, IpAddress destination, Counter counter,
            long nowNs) {
        Route route = new Route(out.index(), source, destination, out.link(), false);
        counters.increment(Counter.Icmp6OutMsgs);
        counters.increment(counter);
        Sums.fillTransport(p, 2, route, source, destination, 58, false);
        header.set(source, destination, 58, Ndp.HOP_LIMIT).dontFragment = true;
        int index = ip.send(p, route, header, nowNs);
        if (index == IpOutput.DEFERRED) {
            ip.queues().packets().give(p);
        } else {
            ip.queues().control(p, index, nowNs);
        }
    }
}

package sluice.core.neighbour;

import java.lang.foreign.MemorySegment;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.core.ip.IpLayer;
import sluice.core.ip.NetworkInterface;
import sluice.core.ip.Sums;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** Builds and sends the messages of neighbour discovery; all leave with hop limit 255. */
@Rfc(value = 4861, section = "4")
final class NdpSender {
    static final IpAddress ALL_NODES = new IpAddress(0xff02_0000_0000_0000L, 1);
    static final IpAddress ALL_ROUTERS = new IpAddress(0xff02_0000_0000_0000L, 2);

    private final IpLayer ip;
    private final Counters counters;

    NdpSender(HostContext context, IpLayer ip) {
        this.ip = ip;
        this.counters = context.counters();
    }

    /** Neighbour solicitation (4.3); the source is unspecified for duplicate detection. */
    void solicitation(NetworkInterface out, IpAddress source, IpAddress destination, IpAddress target, long nowNs) {
        Packet p = start(135, 0);
        target.write(p.memory, p.start + 8);
        p.end = p.start + 24;
        if (!source.isAny()) {
            linkAddress(p, 1, out.link().macAddress());
        }
        send(p, out, source, destination, Counter.Icmp6OutNeighborSolicits, nowNs);
    }

    /** Neighbour advertisement (4.4). */
    void advertisement(NetworkInterface out, IpAddress source, IpAddress destination, IpAddress target, boolean solicited, boolean router, long nowNs) {
        Packet p = start(136, (router ? 1 << 31 : 0) | (solicited ? 1 << 30 : 0) | 1 << 29);
        target.write(p.memory, p.start + 8);
        p.end = p.start + 24;
        linkAddress(p, 2, out.link().macAddress());
        send(p, out, source, destination, Counter.Icmp6OutNeighborAdvertisements, nowNs);
    }

    /** Router solicitation (4.1). */
    void routerSolicitation(NetworkInterface out, IpAddress source, long nowNs) {
        Packet p = start(133, 0);
        p.end = p.start + 8;
        if (!source.isAny()) {
            linkAddress(p, 1, out.link().macAddress());
        }
        send(p, out, source, ALL_ROUTERS, Counter.Icmp6OutRouterSolicits, nowNs);
    }

    private Packet start(int type, int flags) {
        Packet p = ip.allocate();
        MemorySegment m = p.memory;
        Bytes.put32(m, p.start, type << 24);
        Bytes.put32(m, p.start + 4, flags);
        return p;
    }

    private static void linkAddress(Packet p, int option, long mac) {
        Bytes.put16(p.memory, p.end, option << 8 | 1);
        Arp.putMac(p.memory, p.end + 2, mac);
        p.end += 8;
    }

    private void send(Packet p, NetworkInterface out, IpAddress source, IpAddress destination, Counter counter, long nowNs) {
        Route route = new Route(out.index(), source, destination, out.link(), false);
        counters.increment(Counter.Icmp6OutMsgs);
        counters.increment(counter);
        Sums.fillTransport(p, 2, route, source, destination, 58, false);
        int index = ip.send(p, route, source, destination, 58, 255, 0, true, null, nowNs);
        if (index == IpOutput.DEFERRED) {
            ip.queues().packets().give(p);
        } else {
            ip.queues().control(p, index, nowNs);
        }
    }
}

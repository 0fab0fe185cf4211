package sluice.core.ip;

import sluice.base.Counter;
import sluice.base.Counters;
import sluice.core.HostContext;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.wire.Ipv4;
import sluice.wire.Packet;

/** The way out for packets of the queues' pool: what is forwarded, and the pieces of what was cut. */
final class PooledOutput {
    private final Counters counters;
    private final IpQueues queues;
    private final LinkOutput link;

    PooledOutput(HostContext context, IpQueues queues, LinkOutput link) {
        this.counters = context.counters();
        this.queues = queues;
        this.link = link;
    }

    /** Counts an IP packet and queues it for its next hop; it goes back to the pool when it cannot leave now. */
    void transmit(Packet p, NetworkInterface out, Route route, long nowNs) {
        boolean v4 = Ipv4.version(p.memory, p.start) == 4;
        counters.increment(v4 ? Counter.IpOutTransmits : Counter.Ip6OutTransmits);
        counters.add(v4 ? Counter.IpExtOutOctets : Counter.Ip6OutOctets, p.length());
        int index = link.output(p, out, route.nextHop.high(), route.nextHop.low(), nowNs);
        if (index == IpOutput.DEFERRED) {
            queues.packets.give(p);
        } else {
            queues.control(p, index, nowNs);
        }
    }
}

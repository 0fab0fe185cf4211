package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.wire.Ipv4;
import sluice.wire.Packet;

/**
 * IPv4 packets from a link to a transport: validation, destination, reassembly, delivery. A packet is delivered, kept
 * as fragment, or dropped and counted.
 */
@Rfc(value = 791, section = "3.1")
@Rfc(value = 1122, section = "3.2.1")
final class Ipv4Input {
    private static final Counter[] ECN = {Counter.IpExtInNoECTPkts, Counter.IpExtInECT1Pkts, Counter.IpExtInECT0Pkts,
        Counter.IpExtInCEPkts};

    private final HostContext context;
    private final Counters counters;
    private final Drops drops;
    private final Interfaces interfaces;
    private final RouteSelection routes;
    private final Reassembly reassembly;
    private final Delivery delivery;
    private final ErrorReplies errors;
    private final Forwarder forwarder;
    private final Datagram d;

    Ipv4Input(HostContext context, IpParts parts, Datagram datagram) {
        this.context = context;
        this.counters = context.counters();
        this.drops = parts.drops();
        this.interfaces = parts.interfaces();
        this.routes = parts.routes();
        this.reassembly = parts.reassembly();
        this.delivery = parts.delivery();
        this.errors = parts.errors();
        this.forwarder = parts.forwarder();
        this.d = datagram;
    }

    /**
     * A packet without link header.
     *
     * @param linkGroup whether the frame was sent to a group of the link
     * @param looped whether we sent it ourselves
     */
    void receive(NetworkInterface in, Packet p, boolean linkGroup, boolean looped, long nowNs) {
        MemorySegment m = p.memory;
        int s = p.start;
        int length = p.end - s;
        counters.increment(Counter.IpInReceives);
        counters.add(Counter.IpExtInOctets, length);
        if (length < Ipv4.MIN_HEADER_LENGTH) {
            drops.drop(Counter.IpInHdrErrors, nowNs);
            return;
        }
        int headerLength = Ipv4.headerLength(m, s);
        int total = Ipv4.totalLength(m, s);
        if (Ipv4.version(m, s) != 4 || headerLength < Ipv4.MIN_HEADER_LENGTH || headerLength > length
                || total < headerLength) {
            drops.drop(Counter.IpInHdrErrors, nowNs);
            return;
        }
        if (total > length) {
            drops.drop(Counter.IpExtInTruncatedPkts, nowNs);
            return;
        }
        if (!Sums.valid(m, s, headerLength)) {
            counters.increment(Counter.IpExtInCsumErrors);
            drops.drop(Counter.IpInHdrErrors, nowNs);
            return;
        }
        p.end = s + total;
        if (p.gsoSize > 0 && p.gsoHeaderLength >= total) {
            p.gsoSize = 0;
        }
        fill(in, p, headerLength);
        counters.add(ECN[d.trafficClass & 3], p.segments());
        if (!destined(in, linkGroup, looped, total, nowNs)) {
            return;
        }
        if (headerLength > Ipv4.MIN_HEADER_LENGTH && !optionsAccepted(m, s, headerLength, nowNs)) {
            return;
        }
        int fragment = Ipv4.flagsAndOffset(m, s);
        if ((fragment & 0x3fff) != 0) {
            Packet whole = reassembly.addV4(d, fragment, nowNs);
            if (whole == null) {
                return;
            }
            byte[] route = d.sourceRoute;
            boolean unicast = d.toUnicast;
            fill(in, whole, Ipv4.headerLength(whole.memory, whole.start));
            d.toUnicast = unicast;
            d.sourceRoute = route;
        }
        if (!delivery.deliver(d, nowNs)) {
            drops.drop(Counter.IpInUnknownProtos, nowNs);
            errors.protocolUnreachable(d, 9, nowNs);
        }
    }

    private void fill(NetworkInterface in, Packet p, int headerLength) {
        MemorySegment m = p.memory;
        int s = p.start;
        d.packet = p;
        d.interfaceIndex = in.index();
        d.v6 = false;
        d.ipOffset = s;
        d.ipHeaderLength = headerLength;
        d.sourceHigh = 0;
        d.sourceLow = Ipv4.sourceLow(m, s);
        d.destinationHigh = 0;
        d.destinationLow = Ipv4.destinationLow(m, s);
        d.protocol = Ipv4.protocol(m, s);
        d.hopLimit = Ipv4.ttl(m, s);
        d.trafficClass = Ipv4.trafficClass(m, s);
        d.payloadOffset = s + headerLength;
        d.payloadLength = p.end - s - headerLength;
        d.toUnicast = false;
        d.sourceRoute = null;
    }

    /** Whether the packet is for us; drops and counts it, or forwards it, when not. */
    @Rfc(value = 1122, section = "3.2.1.3")
    private boolean destined(NetworkInterface in, boolean linkGroup, boolean looped, int total, long nowNs) {
        int source = (int) d.sourceLow;
        int destination = (int) d.destinationLow;
        boolean group = destination >>> 28 == 14;
        boolean broadcast = !group && interfaces.isBroadcast(0, d.destinationLow);
        if (!looped && martian(in, source, destination, group || broadcast)) {
            drops.drop(Counter.IpInAddrErrors, nowNs);
            return false;
        }
        if (!looped && context.settings().isOn(Setting.RP_FILTER) && source != 0 && !reversePath(in)) {
            drops.drop(Counter.TcpExtIPReversePathFilter, nowNs);
            return false;
        }
        if (group) {
            counters.increment(Counter.IpExtInMcastPkts);
            counters.add(Counter.IpExtInMcastOctets, total);
            if (!in.inGroup(0, d.destinationLow)) {
                drops.drop(Counter.IpInAddrErrors, nowNs);
                return false;
            }
            return true;
        }
        if (broadcast) {
            counters.increment(Counter.IpExtInBcastPkts);
            counters.add(Counter.IpExtInBcastOctets, total);
            return true;
        }
        if (interfaces.isLocal(0, d.destinationLow)) {
            d.toUnicast = !linkGroup;
            return true;
        }
        if (!linkGroup && context.settings().isOn(Setting.IP_FORWARD)) {
            forwarder.forward(d, nowNs);
        } else {
            drops.drop(Counter.IpInAddrErrors, nowNs);
        }
        return false;
    }

    /**
     * Addresses that cannot stand in a packet from a wire (RFC 1122 section 3.2.1.3; loopback never, our own as source
     * never).
     */
    private boolean martian(NetworkInterface in, int source, int destination, boolean toMany) {
        if (destination >>> 24 == 0 || source >>> 28 == 14 || interfaces.isBroadcast(0, d.sourceLow)) {
            return true;
        }
        if (source >>> 24 == 0) {
            return source != 0 || !toMany;
        }
        return !in.loopback()
                && (source >>> 24 == 127 || destination >>> 24 == 127 || interfaces.isLocal(0, d.sourceLow));
    }

    private boolean reversePath(NetworkInterface in) {
        boolean strict = context.settings().getInt(Setting.RP_FILTER) == 1;
        return strict ? routes.reachableOver(d.source(), in.index()) : routes.routeOnce(null, d.source()) != null;
    }

    private boolean optionsAccepted(MemorySegment m, int s, int headerLength, long nowNs) {
        int wrong = Ipv4Options.check(m, s, headerLength, d);
        if (wrong != 0) {
            drops.drop(Counter.IpInHdrErrors, nowNs);
            errors.parameterProblem(d, 0, wrong, nowNs);
            return false;
        }
        if (d.sourceRoute == null) {
            return true;
        }
        if (!context.settings().isOn(Setting.ACCEPT_SOURCE_ROUTE) || Ipv4Options.routeUnfinished(m, s, headerLength)) {
            drops.drop(Counter.IpInAddrErrors, nowNs);
            return false;
        }
        return true;
    }
}

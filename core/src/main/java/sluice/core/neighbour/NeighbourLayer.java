package sluice.core.neighbour;

import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.HostContext;
import sluice.core.IcmpError;
import sluice.core.IpOutput;
import sluice.core.icmp.IcmpQuote;
import sluice.core.ip.ArpInput;
import sluice.core.ip.Drops;
import sluice.core.ip.InterfaceAddress;
import sluice.core.ip.IpLayer;
import sluice.core.ip.LinkOutput;
import sluice.core.ip.NetworkInterface;
import sluice.wire.Ethernet;
import sluice.wire.Icmpv6;
import sluice.wire.IpAddress;
import sluice.wire.Ipv4;
import sluice.wire.Packet;

/**
 * Everything between IP and an Ethernet: link headers, ARP, neighbour discovery, address configuration. Links without
 * Ethernet pass through untouched.
 */
@Rfc(value = 894)
@Rfc(value = 4861)
public final class NeighbourLayer implements LinkOutput, ArpInput {
    private final IpLayer ip;
    private final NeighbourCache cache;
    private final ArpProtocol arp;
    private final NeighbourDiscovery discovery;
    private final RouterDiscovery routers;
    private final AddressConfiguration addresses;
    private final IcmpError failure = new IcmpError();

    /** For the host whose IP this is. */
    public NeighbourLayer(HostContext context, IpLayer ip, Drops drops) {
        this.ip = ip;
        this.cache = new NeighbourCache(context, drops, ip.queues().packets(), new Environment());
        this.arp = new ArpProtocol(ip.interfaces(), ip.queues(), drops, cache);
        NdpSender sender = new NdpSender(context, ip);
        this.addresses = new AddressConfiguration(context, ip, sender, arp);
        this.routers = new RouterDiscovery(context, ip, cache, sender, addresses);
        this.discovery = new NeighbourDiscovery(cache, sender, addresses, routers);
    }

    private final class Environment implements NeighbourCache.Environment {
        @Override
        public Solicitor solicitor(IpAddress address) {
            return address.isV4() ? arp : discovery;
        }

        @Override
        public void transmit(Packet packet, NetworkInterface out, long macAddress, long nowNs) {
            putIpHeader(packet, macAddress, out);
            ip.queues().control(packet, out.index(), nowNs);
        }

        @Override
        public void unreachable(Neighbour neighbour, Packet first, long nowNs) {
            if (IcmpQuote.parse(first.memory, first.start, first.end, failure)) {
                failure.kind = IcmpError.Kind.HOST_UNREACHABLE;
                failure.type = failure.v6 ? 1 : 3;
                failure.code = failure.v6 ? 3 : 1;
                failure.mtu = 0;
                ip.delivery().error(failure, nowNs);
            }
        }

        @Override
        public void routerLost(Neighbour neighbour, long nowNs) {
            routers.lost(neighbour.out, neighbour.address);
        }
    }

    @Override
    public int output(Packet packet, NetworkInterface out, long nextHopHigh, long nextHopLow, long nowNs) {
        if (!out.link().ethernet()) {
            return out.index();
        }
        long mac = groupAddress(nextHopHigh, nextHopLow);
        if (mac == 0) {
            Neighbour n = cache.use(packet, out, nextHopHigh, nextHopLow, nowNs);
            if (n == null) {
                return IpOutput.DEFERRED;
            }
            mac = n.macAddress;
        }
        putIpHeader(packet, mac, out);
        return out.index();
    }

    /** The link address of a group: RFC 1112 section 6.4, RFC 2464 section 7, RFC 894; 0 for a unicast address. */
    @Rfc(value = 1112, section = "6.4")
    @Rfc(value = 2464, section = "7")
    private long groupAddress(long high, long low) {
        if (IpAddress.isV4(high, low)) {
            int bits = (int) low;
            if (bits >>> 28 == 14) {
                return Ethernet.multicastV4(bits);
            }
            return ip.interfaces().isBroadcast(high, low) ? Ethernet.BROADCAST : 0;
        }
        return high >>> 56 == 0xff ? Ethernet.multicastV6(low) : 0;
    }

    private static void putIpHeader(Packet p, long macAddress, NetworkInterface out) {
        int type = Ipv4.version(p.memory, p.start) == 4 ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_IPV6;
        putEthernet(p, macAddress, out.link().macAddress(), type);
        if (p.gsoSize > 0) {
            p.gsoHeaderLength += Ethernet.HEADER_LENGTH;
        }
    }

    static void putEthernet(Packet p, long to, long from, int type) {
        p.start -= Ethernet.HEADER_LENGTH;
        Ethernet.write(p.memory, p.start, to, from, type);
    }

    @Override
    public void onArp(NetworkInterface in, Packet packet, long nowNs) {
        arp.receive(in, packet, nowNs);
    }

    /**
     * A message of neighbour discovery, checksum checked; false when it is not valid. On links without Ethernet they
     * are ignored.
     */
    public boolean onMessage(int type, Datagram d, long nowNs) {
        NetworkInterface in = ip.interfaces().get(d.interfaceIndex);
        if (in == null || !in.link().ethernet()) {
            return true;
        }
        return switch (type) {
            case Icmpv6.ROUTER_ADVERTISEMENT -> routers.onAdvertisement(in, d, nowNs);
            case Icmpv6.NEIGHBOR_SOLICITATION -> discovery.onSolicitation(in, d, nowNs);
            case Icmpv6.NEIGHBOR_ADVERTISEMENT -> discovery.onAdvertisement(in, d, nowNs);
            default -> true;
        };
    }

    /**
     * Data got through to a peer behind {@code nextHop}: the neighbour is alive (RFC 4861 section 7.3.1). Costs a table
     * lookup.
     */
    @Rfc(value = 4861, section = "7.3.1")
    public void confirm(int interfaceIndex, IpAddress nextHop, long nowNs) {
        NetworkInterface out = ip.interfaces().get(interfaceIndex);
        if (out != null && out.link().ethernet()) {
            Neighbour n = cache.find(out, nextHop.high(), nextHop.low());
            if (n != null && n.state != NeighbourState.INCOMPLETE) {
                cache.confirm(n, nowNs);
            }
        }
    }

    /**
     * Nothing comes back from behind {@code nextHop}: it is asked whether it is there when it is used next, though it
     * was heard of lately (RFC 1122 section 3.3.1.4, dead gateway detection by advice from above).
     */
    @Rfc(value = 1122, section = "3.3.1.4")
    public void doubt(int interfaceIndex, IpAddress nextHop) {
        NetworkInterface out = ip.interfaces().get(interfaceIndex);
        Neighbour n = out == null ? null : cache.find(out, nextHop.high(), nextHop.low());
        if (n != null && n.state == NeighbourState.REACHABLE) {
            cache.suspect(n);
        }
    }

    /** An interface was added. */
    public void interfaceAdded(NetworkInterface i) {
        if (i.link().ethernet()) {
            addresses.interfaceAdded(i);
            routers.linkUp(i);
        }
    }

    /** An address was added. */
    public void addressAdded(NetworkInterface i, InterfaceAddress a) {
        if (i.link().ethernet()) {
            addresses.addressAdded(a);
        }
    }

    /** A link went up or down. */
    public void linkChanged(NetworkInterface i, long nowNs) {
        if (!i.link().ethernet()) {
            return;
        }
        cache.flush(i, nowNs);
        if (i.up()) {
            addresses.linkUp(i);
            routers.linkUp(i);
        }
    }

    /** Runs what is due. */
    public void onDeadline(long nowNs) {
        cache.onDeadline(nowNs);
        addresses.onDeadline(nowNs);
        routers.onDeadline(nowNs);
    }

    /** When {@link #onDeadline} must be called next. */
    public long nextDeadlineNs() {
        return Math.min(cache.nextDeadlineNs(), Math.min(addresses.nextDeadlineNs(), routers.nextDeadlineNs()));
    }

    /** The table of neighbours. */
    public NeighbourCache cache() {
        return cache;
    }
}

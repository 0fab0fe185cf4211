package sluice.core.neighbour;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.core.ip.InterfaceAddress;
import sluice.core.ip.NetworkInterface;
import sluice.wire.Bytes;
import sluice.wire.Ethernet;
import sluice.wire.IpAddress;
import sluice.wire.Ndp;

/** Neighbour solicitations and advertisements received, and solicitations sent for the cache. */
@Rfc(value = 4861, section = "7.2")
final class NeighbourDiscovery implements Solicitor {
    private final NeighbourCache cache;
    private final NdpSender sender;
    private final AddressConfiguration addresses;
    private final RouterDiscovery routers;

    NeighbourDiscovery(NeighbourCache cache, NdpSender sender, AddressConfiguration addresses,
            RouterDiscovery routers) {
        this.cache = cache;
        this.sender = sender;
        this.addresses = addresses;
        this.routers = routers;
    }

    /** A solicitation; false when it is not valid (7.1.1). */
    @Rfc(value = 4861, section = "7.1.1")
    boolean onSolicitation(NetworkInterface in, Datagram d, long nowNs) {
        if (!wellFormed(d, Ndp.NEIGHBOR_LENGTH)) {
            return false;
        }
        MemorySegment m = d.packet.memory;
        IpAddress target = IpAddress.readV6(m, d.payloadOffset + 8L);
        IpAddress source = d.source();
        long mac = option(d, Ndp.NEIGHBOR_LENGTH, Ndp.OPTION_SOURCE_LINK_ADDRESS);
        if (target.isMulticast() || (source.isAny()
                && (mac >= 0 || d.destinationHigh != 0xff02_0000_0000_0000L || d.destinationLow >>> 24 != 0x1ff))) {
            return false;
        }
        InterfaceAddress own = in.find(target);
        if (own == null || own.duplicate) {
            return true;
        }
        if (own.tentative) {
            if (source.isAny()) {
                addresses.duplicate(in, own, nowNs);
            }
            return true;
        }
        boolean duplicateDetection = source.isAny();
        if (!duplicateDetection && mac >= 0) {
            cache.learnStale(in, source, mac, true, nowNs);
        }
        sender.advertisement(in, target, duplicateDetection ? NdpSender.ALL_NODES : source, target, !duplicateDetection,
                addresses.isRouter(), nowNs);
        return true;
    }

    /** An advertisement; false when it is not valid (7.1.2). */
    @Rfc(value = 4861, section = "7.2.5")
    boolean onAdvertisement(NetworkInterface in, Datagram d, long nowNs) {
        if (!wellFormed(d, Ndp.NEIGHBOR_LENGTH)) {
            return false;
        }
        MemorySegment m = d.packet.memory;
        IpAddress target = IpAddress.readV6(m, d.payloadOffset + 8L);
        int flags = Ndp.flags(m, d.payloadOffset);
        boolean isRouter = (flags & Ndp.FLAG_ROUTER) != 0;
        boolean solicited = (flags & Ndp.FLAG_SOLICITED) != 0;
        boolean override = (flags & Ndp.FLAG_OVERRIDE) != 0;
        if (target.isMulticast() || (solicited && d.destinationHigh >>> 56 == 0xff)) {
            return false;
        }
        InterfaceAddress own = in.find(target);
        if (own != null) {
            if (own.tentative) {
                addresses.duplicate(in, own, nowNs);
            }
            return true;
        }
        Neighbour n = cache.find(in, target.high(), target.low());
        long mac = option(d, Ndp.NEIGHBOR_LENGTH, Ndp.OPTION_TARGET_LINK_ADDRESS);
        if (n != null) {
            update(n, mac, isRouter, solicited, override, nowNs);
        }
        return true;
    }

    private void update(Neighbour n, long mac, boolean isRouter, boolean solicited, boolean override, long nowNs) {
        if (n.state == NeighbourState.INCOMPLETE) {
            if (mac < 0) {
                return;
            }
            n.router = isRouter;
            if (solicited) {
                cache.learnReachable(n, mac, nowNs);
            } else {
                cache.learnStale(n.out, n.address, mac, false, nowNs);
            }
            return;
        }
        boolean differs = mac >= 0 && mac != n.macAddress;
        if (!override && differs) {
            if (n.state == NeighbourState.REACHABLE) {
                cache.suspect(n);
            }
            return;
        }
        if (solicited) {
            cache.learnReachable(n, differs ? mac : n.macAddress, nowNs);
        } else if (differs) {
            cache.learnStale(n.out, n.address, mac, false, nowNs);
        }
        if (n.router && !isRouter) {
            routers.lost(n.out, n.address);
        }
        n.router = isRouter;
    }

    @Override
    public void solicit(Neighbour n, boolean unicast, long nowNs) {
        IpAddress source = sourceFor(n.out, n.address);
        if (source != null) {
            sender.solicitation(n.out, source, unicast ? n.address : NetworkInterface.solicitedNode(n.address),
                    n.address, nowNs);
        }
    }

    private static @Nullable IpAddress sourceFor(NetworkInterface out, IpAddress target) {
        InterfaceAddress linkLocal = out.linkLocal();
        if (linkLocal != null && target.isLinkLocal()) {
            return linkLocal.address;
        }
        for (InterfaceAddress a : out.addresses()) {
            if (!a.address.isV4() && a.usable() && !a.address.isLinkLocal()) {
                return a.address;
            }
        }
        return linkLocal == null ? null : linkLocal.address;
    }

    /**
     * What every message of neighbour discovery must fulfil: hop limit 255, code 0, length, options of non-zero length
     * that fit.
     */
    static boolean wellFormed(Datagram d, int fixed) {
        MemorySegment m = d.packet.memory;
        if (d.hopLimit != Ndp.HOP_LIMIT || d.payloadLength < fixed || Bytes.u8(m, d.payloadOffset + 1) != 0) {
            return false;
        }
        int at = fixed;
        while (at < d.payloadLength) {
            int length = at + 1 < d.payloadLength ? Bytes.u8(m, d.payloadOffset + at + 1) << 3 : 0;
            if (length == 0 || at + length > d.payloadLength) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /**
     * The link address in option {@code kind} (1 source, 2 target) of a well-formed message; -1 when it is missing or
     * no unicast address.
     */
    static long option(Datagram d, int fixed, int kind) {
        MemorySegment m = d.packet.memory;
        for (int at = fixed; at < d.payloadLength; at += Bytes.u8(m, d.payloadOffset + at + 1) << 3) {
            if (Bytes.u8(m, d.payloadOffset + at) == kind) {
                long mac = Ethernet.readMac(m, d.payloadOffset + at + 2L);
                return Ethernet.isGroup(mac) ? -1 : mac;
            }
        }
        return -1;
    }
}

package sluice.core.neighbour;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.ip.Drops;
import sluice.core.ip.InterfaceAddress;
import sluice.core.ip.Interfaces;
import sluice.core.ip.IpQueues;
import sluice.core.ip.NetworkInterface;
import sluice.wire.Arp;
import sluice.wire.Ethernet;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** The address resolution protocol for IPv4 over Ethernet. */
@Rfc(value = 826)
@Rfc(value = 1122, section = "2.3.2")
final class ArpProtocol implements Solicitor {
    private final Interfaces interfaces;
    private final IpQueues queues;
    private final Drops drops;
    private final NeighbourCache cache;

    ArpProtocol(Interfaces interfaces, IpQueues queues, Drops drops, NeighbourCache cache) {
        this.interfaces = interfaces;
        this.queues = queues;
        this.drops = drops;
        this.cache = cache;
    }

    /** A packet from the link, Ethernet header taken off. */
    void receive(NetworkInterface in, Packet p, long nowNs) {
        MemorySegment m = p.memory;
        int s = p.start;
        if (!Arp.isIpv4OverEthernet(m, s, p.end - s)) {
            drops.drop(Counter.SluiceInvalidLinkPacket, nowNs);
            return;
        }
        int operation = Arp.operation(m, s);
        long mac = Arp.senderMac(m, s);
        int senderBits = Arp.senderAddress(m, s);
        int targetBits = Arp.targetAddress(m, s);
        IpAddress sender = IpAddress.ofV4(senderBits);
        boolean badSender = Ethernet.isGroup(mac) || mac == 0 || sender.isMulticast() || sender.isLoopback()
                || interfaces.isBroadcast(0, sender.low());
        if (operation < Arp.REQUEST || operation > Arp.REPLY || badSender || interfaces.isLocal(0, sender.low())) {
            drops.drop(Counter.SluiceInvalidLinkPacket, nowNs);
            return;
        }
        boolean forUs = targetBits >>> 24 != 127 && interfaces.isLocal(0, IpAddress.ofV4(targetBits).low());
        if (senderBits != 0) {
            learn(in, sender, mac, operation, forUs, nowNs);
        }
        if (forUs && operation == 1) {
            send(in, 2, mac, IpAddress.ofV4(targetBits), mac, sender, nowNs);
        }
    }

    private void learn(NetworkInterface in, IpAddress sender, long mac, int operation, boolean forUs, long nowNs) {
        Neighbour n = cache.find(in, sender.high(), sender.low());
        if (n != null && operation == 2 && forUs) {
            cache.learnReachable(n, mac, nowNs);
        } else {
            cache.learnStale(in, sender, mac, forUs && operation == 1, nowNs);
        }
    }

    @Override
    public void solicit(Neighbour n, boolean unicast, long nowNs) {
        IpAddress source = sourceFor(n.out, n.address);
        if (source != null) {
            send(n.out, 1, unicast ? n.macAddress : Ethernet.BROADCAST, source, 0, n.address, nowNs);
        }
    }

    /** Tells the link about a new address of ours (RFC 5227 section 2.3). */
    @Rfc(value = 5227, section = "2.3")
    void announce(NetworkInterface out, IpAddress address, long nowNs) {
        send(out, 1, Ethernet.BROADCAST, address, 0, address, nowNs);
    }

    private static @Nullable IpAddress sourceFor(NetworkInterface out, IpAddress target) {
        IpAddress any = null;
        for (InterfaceAddress a : out.addresses()) {
            if (a.address.isV4() && a.usable()) {
                int shift = 32 - a.prefixLength;
                if (shift >= 32 || (a.address.v4Bits() ^ target.v4Bits()) >>> shift == 0) {
                    return a.address;
                }
                any = any == null ? a.address : any;
            }
        }
        return any;
    }

    private void send(NetworkInterface out, int operation, long toMac, IpAddress source, long targetMac,
            IpAddress target, long nowNs) {
        Packet p = queues.packets().take(64);
        if (p == null) {
            drops.drop(Counter.SluiceControlQueueDrop, nowNs);
            return;
        }
        p.end = p.start + Arp.write(p.memory, p.start, operation, out.link().macAddress(), source.v4Bits(), targetMac,
                target.v4Bits());
        NeighbourLayer.putEthernet(p, toMac, out.link().macAddress(), Ethernet.TYPE_ARP);
        queues.control(p, out.index(), nowNs);
    }
}

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
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** The address resolution protocol for IPv4 over Ethernet. */
@Rfc(value = 826)
@Rfc(value = 1122, section = "2.3.2")
final class Arp implements Solicitor {
    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final int LENGTH = 28;

    private final Interfaces interfaces;
    private final IpQueues queues;
    private final Drops drops;
    private final NeighbourCache cache;

    Arp(Interfaces interfaces, IpQueues queues, Drops drops, NeighbourCache cache) {
        this.interfaces = interfaces;
        this.queues = queues;
        this.drops = drops;
        this.cache = cache;
    }

    /** A packet from the link, Ethernet header taken off. */
    void receive(NetworkInterface in, Packet p, long nowNs) {
        MemorySegment m = p.memory;
        int s = p.start;
        if (p.end - s < LENGTH || Bytes.i32(m, s) != 0x0001_0800 || Bytes.u16(m, s + 4) != 0x0604) {
            drops.drop(Counter.SluiceInvalidLinkPacket, nowNs);
            return;
        }
        int operation = Bytes.u16(m, s + 6);
        long mac = mac(m, s + 8);
        int senderBits = Bytes.i32(m, s + 14);
        int targetBits = Bytes.i32(m, s + 24);
        IpAddress sender = IpAddress.ofV4(senderBits);
        boolean badSender = (mac >>> 40 & 1) != 0 || mac == 0 || sender.isMulticast() || sender.isLoopback() || interfaces.isBroadcast(0, sender.low());
        if (operation < 1 || operation > 2 || badSender || interfaces.isLocal(0, sender.low())) {
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
            send(n.out, 1, unicast ? n.macAddress : BROADCAST, source, 0, n.address, nowNs);
        }
    }

    /** Tells the link about a new address of ours (RFC 5227 section 2.3). */
    @Rfc(value = 5227, section = "2.3")
    void announce(NetworkInterface out, IpAddress address, long nowNs) {
        send(out, 1, BROADCAST, address, 0, address, nowNs);
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

    private void send(NetworkInterface out, int operation, long toMac, IpAddress source, long targetMac, IpAddress target, long nowNs) {
        Packet p = queues.packets().take(64);
        if (p == null) {
            drops.drop(Counter.SluiceControlQueueDrop, nowNs);
            return;
        }
        MemorySegment m = p.memory;
        int s = p.start;
        Bytes.put32(m, s, 0x0001_0800);
        Bytes.put32(m, s + 4, 0x0604 << 16 | operation);
        putMac(m, s + 8, out.link().macAddress());
        Bytes.put32(m, s + 14, source.v4Bits());
        putMac(m, s + 18, targetMac);
        Bytes.put32(m, s + 24, target.v4Bits());
        p.end = s + LENGTH;
        NeighbourLayer.putEthernet(p, toMac, out.link().macAddress(), 0x0806);
        queues.control(p, out.index(), nowNs);
    }

    static long mac(MemorySegment m, long offset) {
        return (long) Bytes.u16(m, offset) << 32 | Bytes.u32(m, offset + 2);
    }

    static void putMac(MemorySegment m, long offset, long mac) {
        Bytes.put16(m, offset, (int) (mac >>> 32));
        Bytes.put32(m, offset + 2, (int) mac);
    }
}

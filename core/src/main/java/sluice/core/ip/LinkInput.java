package sluice.core.ip;

import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.LinkProperties;
import sluice.wire.Bytes;
import sluice.wire.Ethernet;
import sluice.wire.Packet;

/** The first step of input: takes the link header off and tells IPv4, IPv6 and ARP apart. */
@Rfc(value = 894)
final class LinkInput {
    private final Interfaces interfaces;
    private final Drops drops;
    private final Ipv4Input v4;
    private final Ipv6Input v6;
    private final ArpInput arp;

    LinkInput(Interfaces interfaces, Drops drops, Ipv4Input v4, Ipv6Input v6, ArpInput arp) {
        this.interfaces = interfaces;
        this.drops = drops;
        this.v4 = v4;
        this.v6 = v6;
        this.arp = arp;
    }

    /** A packet as the link gave it. */
    void onPacket(int interfaceIndex, Packet p, long nowNs) {
        NetworkInterface in = interfaces.get(interfaceIndex);
        if (in == null || !in.up() || p.tailLength > p.room()) {
            drops.drop(Counter.SluiceInvalidLinkPacket, nowNs);
            return;
        }
        p.flatten();
        LinkProperties link = in.link();
        if (!link.ethernet()) {
            onIp(in, p, false, false, nowNs);
            return;
        }
        if (p.end - p.start < Ethernet.HEADER_LENGTH) {
            drops.drop(Counter.SluiceInvalidLinkPacket, nowNs);
            return;
        }
        long to = Ethernet.destination(p.memory, p.start);
        boolean group = Ethernet.isGroup(to);
        int type = Ethernet.type(p.memory, p.start);
        p.start += Ethernet.HEADER_LENGTH;
        p.gsoHeaderLength = Math.max(0, p.gsoHeaderLength - Ethernet.HEADER_LENGTH);
        if (!group && to != link.macAddress()) {
            drops.drop(Counter.SluiceInvalidLinkPacket, nowNs);
        } else if (type == Ethernet.TYPE_IPV4) {
            v4.receive(in, p, group, false, nowNs);
        } else if (type == Ethernet.TYPE_IPV6) {
            v6.receive(in, p, group, false, nowNs);
        } else if (type == Ethernet.TYPE_ARP) {
            arp.onArp(in, p, nowNs);
        } else {
            drops.drop(Counter.SluiceInvalidLinkPacket, nowNs);
        }
    }

    /** A bare IP packet. */
    void onIp(NetworkInterface in, Packet p, boolean group, boolean looped, long nowNs) {
        int version = p.end > p.start ? Bytes.u8(p.memory, p.start) >>> 4 : 0;
        if (version == 4) {
            v4.receive(in, p, group, looped, nowNs);
        } else if (version == 6) {
            v6.receive(in, p, group, looped, nowNs);
        } else {
            drops.drop(Counter.SluiceInvalidLinkPacket, nowNs);
        }
    }
}

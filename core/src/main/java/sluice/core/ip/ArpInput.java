package sluice.core.ip;

import sluice.wire.Packet;

/** Takes ARP packets from Ethernet links. */
public interface ArpInput {
    /** One packet, link header taken off: {@code [start, end)} is the ARP packet. */
    void onArp(NetworkInterface in, Packet packet, long nowNs);
}

package sluice.core.ip;

/**
 * What the two input procedures share.
 *
 * @param drops ends of packets
 * @param interfaces interfaces and own addresses
 * @param routes the way back
 * @param reassembly fragments
 * @param delivery transports
 * @param errors ICMP
 * @param forwarder packets that are not for us
 */
record IpParts(Drops drops, Interfaces interfaces, RouteSelection routes, Reassembly reassembly, Delivery delivery,
        ErrorReplies errors, Forwarder forwarder) {}

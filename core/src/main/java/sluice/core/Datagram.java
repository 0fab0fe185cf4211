package sluice.core;

import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * The IP datagram that is being delivered to a transport: filled by IP input, valid until the call returns. One per
 * host, reused.
 *
 * <p>Offsets are into {@code packet.memory}. Addresses are 128-bit halves as in {@link IpAddress}, so that nothing is
 * allocated at packet rate.
 */
public final class Datagram {
    /** The packet; its bytes stay in place during the delivery. */
    public Packet packet = Packet.NONE;
    /** Interface it came in on. */
    public int interfaceIndex;
    /** Whether it is IPv6. */
    public boolean v6;
    /** Offset of the IP header. */
    public int ipOffset;
    /** Bytes of the IP header with options or extension headers. */
    public int ipHeaderLength;
    /** Source address, upper half. */
    public long sourceHigh;
    /** Source address, lower half. */
    public long sourceLow;
    /** Destination address, upper half. */
    public long destinationHigh;
    /** Destination address, lower half. */
    public long destinationLow;
    /** Protocol (or last next-header) number: 1, 6, 17, 58. */
    public int protocol;
    /** TTL or hop limit as received. */
    public int hopLimit;
    /** DSCP and ECN: the TOS byte or traffic class. */
    public int trafficClass;
    /** Offset of the transport header. */
    public int payloadOffset;
    /** Bytes of transport header and data. */
    public int payloadLength;
    /**
     * Whether it was sent to us alone: to one of our unicast addresses, and not by a broadcast or multicast of the
     * link.
     */
    public boolean toUnicast;

    /**
     * The IPv4 options that send a reply back along the source route this datagram came by (RFC 9293 MUST-53): the hops
     * in order, without the final destination, padded to 4 bytes, ready for {@link IpOutput#send}; null when there was
     * no source route. Never changed once it is made, so it may be kept.
     */
    public byte @Nullable [] sourceRoute;

    /** Source as an object; allocates. */
    public IpAddress source() {
        return new IpAddress(sourceHigh, sourceLow);
    }

    /** Destination as an object; allocates. */
    public IpAddress destination() {
        return new IpAddress(destinationHigh, destinationLow);
    }
}

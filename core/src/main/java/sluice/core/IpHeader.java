package sluice.core;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.wire.IpAddress;

/**
 * What a transport says of a packet's IP header, and of where copies of the packet go. One object is filled for packet
 * after packet: {@link #set} begins, and puts back to its default what is not chosen.
 */
@Rfc(value = 9293, section = "3.9.2")
public final class IpHeader {
    public IpAddress source = IpAddress.ANY_V4;
    public IpAddress destination = IpAddress.ANY_V4;
    /** 6, 17, 1, 58. */
    public int protocol;
    /** TTL or hop limit, 1…255. */
    public int hopLimit;
    /** DSCP in its place, and ECN. */
    public int trafficClass;
    /** Whether the IPv4 DF bit is set and the packet never fragmented. */
    public boolean dontFragment;
    /** IPv4 options, padded to 4 bytes, or null. */
    public byte @Nullable [] options;
    /** Whether a UDP multicast to a group that we are members of comes back to us too (IP_MULTICAST_LOOP). */
    public boolean multicastLoop = true;

    /** A header without choices: traffic class 0, may be fragmented, no options, multicasts come back. */
    public IpHeader set(IpAddress from, IpAddress to, int protocolNumber, int hops) {
        source = from;
        destination = to;
        protocol = protocolNumber;
        hopLimit = hops;
        trafficClass = 0;
        dontFragment = false;
        options = null;
        multicastLoop = true;
        return this;
    }
}

package sluice.core.udp;

import sluice.base.Rfc;
import sluice.wire.IpAddress;

/**
 * What {@link UdpSocket#receive} tells about the datagram it copied. One per socket, reused: valid until the next call.
 */
@Rfc(value = 1122, section = "4.1.3.5")
public final class UdpReceived {
    /** Bytes copied. */
    public int length;
    /** Bytes of the datagram; more than {@link #length} when it was cut to the buffer. */
    public int fullLength;
    /** Sender, upper half (as in {@link IpAddress}). */
    public long sourceHigh;
    /** Sender, lower half. */
    public long sourceLow;
    /** Sender's port. */
    public int sourcePort;
    /** Where it was sent to, upper half: one of our addresses, a broadcast address or a group. */
    public long destinationHigh;
    /** Where it was sent to, lower half. */
    public long destinationLow;
    /** Interface it came in on. */
    public int interfaceIndex;
    /** TTL or hop limit as received. */
    public int ttl;
    /** TOS or traffic class as received. */
    public int tos;
    /** When it arrived, nanoseconds on the host's clock. */
    public long timestampNs;

    UdpReceived() {}

    /** Whether bytes were cut off. */
    public boolean truncated() {
        return fullLength > length;
    }

    /** Sender as an object; allocates. */
    public IpAddress source() {
        return new IpAddress(sourceHigh, sourceLow);
    }

    /** Where it was sent to, as an object; allocates. */
    public IpAddress destination() {
        return new IpAddress(destinationHigh, destinationLow);
    }
}

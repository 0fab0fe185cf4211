package sluice.core;

import sluice.wire.Packet;

/** A protocol above IP, as the host drives it. */
public interface Transport {
    /**
     * A datagram for this protocol arrived, checked by IP. The transport checks its own checksum unless the packet's
     * {@code checksumValid} or {@code checksumPartial} says it is good.
     */
    void onDatagram(Datagram datagram, long nowNs);

    /** An ICMP error quotes a packet of this protocol. */
    void onIcmpError(IcmpError error, long nowNs);

    /** Whether {@link #pollTransmit} may have something; false only when it has nothing. */
    boolean hasOutput();

    /**
     * The next packet this protocol has to send: built into {@code into} with IP headers; the interface index, or
     * {@link IpOutput#DEFERRED} when there is nothing more.
     */
    int pollTransmit(Packet into, long nowNs);

    /** Runs what is due at {@code nowNs}. */
    void onDeadline(long nowNs);

    /** When {@link #onDeadline} must be called next; {@link sluice.base.Time#NEVER} for never. */
    long nextDeadlineNs();
}

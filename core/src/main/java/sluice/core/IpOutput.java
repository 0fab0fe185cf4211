package sluice.core;

import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** What transports ask of IP on the way out. */
public interface IpOutput {
    /**
     * The packet left the caller's hands but not the host: it waits for a neighbour, was cut into fragments that wait,
     * or was dropped and counted.
     */
    int DEFERRED = -1;

    /**
     * The way to {@code destination}.
     *
     * @param source our address if the caller already has one, else null and the route's {@link Route#source} is it
     * (RFC 6724 for IPv6, RFC 1122 3.3.4.3 for IPv4)
     * @return null when there is no route
     */
    @Nullable Route route(@Nullable IpAddress source, IpAddress destination);

    /**
     * The same for one packet that anybody may have caused: an answer to a SYN, a reset, an ICMP message. What is found
     * is not remembered, so that packets with sources of chance fill no table.
     */
    default @Nullable Route routeOnce(@Nullable IpAddress source, IpAddress destination) {
        return route(source, destination);
    }

    /**
     * Largest IP packet that the path to {@code destination} is known to carry, bytes: the link's MTU or less after
     * path-MTU discovery (RFC 1191, RFC 8201).
     */
    int pathMtu(Route route, IpAddress destination, long nowNs);

    /**
     * Whether path-MTU discovery is off for an IPv4 path: its route says so ("mtu lock"), or a router reported less
     * than {@code net.ipv4.route.min_pmtu}. Packets of up to {@link #pathMtu} then go without DF, and routers cut them.
     */
    boolean pathMtuLocked(Route route, IpAddress destination, long nowNs);

    /**
     * When what ICMP taught of the path is believed no longer; {@link sluice.base.Time#NEVER} when it taught nothing.
     */
    long pathMtuUntilNs(IpAddress destination, long nowNs);

    /**
     * Takes note that a router of the path carries packets of at most {@code mtu} bytes; expires after {@code
     * net.ipv4.route.mtu_expires}. Below {@code net.ipv4.route.min_pmtu} the path is locked there instead; over IPv6
     * less than 1280 is not believed.
     */
    void reducePathMtu(IpAddress destination, int mtu, long nowNs);

    /**
     * What was sent this way has arrived: the neighbour is alive (RFC 4861 section 7.3.1). Cheap: looks at most once a
     * second for each route.
     */
    void confirm(Route route, long nowNs);

    /**
     * Nothing has come back over this route for long (negative advice): its next hop may be dead, and is asked when it
     * is used next. A router that does not answer is one no more, and the next packet takes another.
     */
    void doubt(Route route);

    /** Whether the address is one of ours (any interface, loopback included). */
    boolean isLocal(IpAddress address);

    /** Whether the address is a broadcast address of one of our networks, or 255.255.255.255. */
    boolean isBroadcast(IpAddress address);

    /**
     * Bytes of headers that {@link #send} will put in front: 20 plus options for IPv4, 40 for IPv6; without link
     * header.
     */
    int headerLength(IpAddress destination, byte @Nullable [] ipOptions);

    /**
     * Puts IP (and link) headers in front of a transport packet and decides where it goes now.
     *
     * @param packet transport header at {@code packet.start}; payload possibly in the tail; offload fields set by the
     * transport ({@code checksumStart} counts from the memory's start and stays true; {@code gsoHeaderLength} counts
     * from {@code start} and is adjusted here)
     * @param route from {@link #route}
     * @param header what the IP header says; read before the call returns, not kept
     * @return index of the interface on which to transmit {@code packet} now, or {@link #DEFERRED}
     */
    int send(Packet packet, Route route, IpHeader header, long nowNs);

    /**
     * Sends a small packet made while input is processed (a reset, a challenge ACK of TIME-WAIT, an ICMP message):
     * builds headers and queues it for the next {@code pollTransmit}; the queue is bounded and drops are counted.
     *
     * @param packet from {@link #allocate}
     */
    void enqueue(Packet packet, Route route, IpHeader header, long nowNs);

    /** An empty packet of at most 1,500 bytes to be filled and given to {@link #enqueue}. */
    Packet allocate();
}

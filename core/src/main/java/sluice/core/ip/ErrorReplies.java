package sluice.core.ip;

import sluice.core.Datagram;

/**
 * What IP input asks of ICMP: an error message about a packet. The implementation knows when none may be sent, and the
 * rate limits.
 */
public interface ErrorReplies {
    /**
     * The destination takes no such protocol: ICMP 3/2, ICMPv6 4/1 with the offset of the next-header field that said
     * so.
     */
    void protocolUnreachable(Datagram about, int nextHeaderOffset, long nowNs);

    /**
     * ICMP 12 or ICMPv6 4 with {@code code}; {@code pointer} is the offset in the packet of the octet that is wrong.
     */
    void parameterProblem(Datagram about, int code, int pointer, long nowNs);

    /** ICMP 11 or ICMPv6 3; code 0 for a hop limit that ran out, 1 for reassembly. */
    void timeExceeded(Datagram about, int code, long nowNs);

    /** ICMP 3/4 or ICMPv6 2: the packet does not fit the next link. */
    void tooBig(Datagram about, int mtu, long nowNs);

    /** ICMP 3/3 or ICMPv6 1/4: no socket on that port. */
    void portUnreachable(Datagram about, long nowNs);

    /** ICMP 3 or ICMPv6 1 code 0: no route. */
    void noRoute(Datagram about, long nowNs);
}

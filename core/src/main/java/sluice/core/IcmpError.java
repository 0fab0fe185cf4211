package sluice.core;

import sluice.base.Errno;

/**
 * An ICMP or ICMPv6 error that quotes a packet of ours, as handed to the transport that sent it. One per host, reused.
 *
 * <p>Source: RFC 792, RFC 1122 section 3.2.2, RFC 4443; the split into hard and soft errors for TCP is RFC 9293 section
 * 3.9.2.2.
 */
public final class IcmpError {
    /** What happened, for both families; IPv4's codes as in Linux's icmp_err_convert. */
    public enum Kind {
        /** Unreachable 0, 11; ICMPv6 unreachable 0. */
        NET_UNREACHABLE(Errno.ENETUNREACH, false),
        /** Unreachable 1, 12; ICMPv6 unreachable 2, 3. */
        HOST_UNREACHABLE(Errno.EHOSTUNREACH, false),
        /** Unreachable 2. */
        PROTOCOL_UNREACHABLE(Errno.ENOPROTOOPT, true),
        /** Unreachable 3; ICMPv6 unreachable 4. */
        PORT_UNREACHABLE(Errno.ECONNREFUSED, true),
        /** Unreachable 4; ICMPv6 packet too big. */
        PACKET_TOO_BIG(Errno.EMSGSIZE, false),
        /** Unreachable 5. */
        SOURCE_ROUTE_FAILED(Errno.EOPNOTSUPP, false),
        /** Unreachable 6, 9: there is no such network, or none that takes our packets. */
        NET_REFUSED(Errno.ENETUNREACH, false),
        /** Unreachable 7. */
        HOST_UNKNOWN(Errno.EHOSTDOWN, false),
        /** Unreachable 8. */
        HOST_ISOLATED(Errno.ENONET, false),
        /** Unreachable 10, 13, 14, 15: a filter or a precedence stands in the way. */
        HOST_REFUSED(Errno.EHOSTUNREACH, false),
        /** ICMPv6 unreachable 1, 5, 6. */
        PROHIBITED(Errno.EACCES, false),
        /** ICMPv6 unreachable with a code that is not known. */
        UNREACHABLE(Errno.EPROTO, false),
        /** Time exceeded. */
        TIME_EXCEEDED(Errno.EHOSTUNREACH, false),
        /** Parameter problem. */
        PARAMETER_PROBLEM(Errno.EPROTO, false),
        /** An ICMPv6 error of a type that is not known (RFC 4443 section 2.4 has it passed on). */
        OTHER(Errno.EPROTO, false);

        private final Errno errno;
        private final boolean hard;

        Kind(Errno errno, boolean hard) {
            this.errno = errno;
            this.hard = hard;
        }

        /** The error an application sees. */
        public Errno errno() {
            return errno;
        }

        /** Whether TCP in a handshake gives up at once (RFC 9293 SHLD-26). */
        public boolean hard() {
            return hard;
        }
    }

    /** What happened. */
    public Kind kind = Kind.HOST_UNREACHABLE;
    /** ICMP type as received. */
    public int type;
    /** ICMP code as received. */
    public int code;
    /** Next-hop MTU of {@link Kind#PACKET_TOO_BIG}, bytes; 0 when the router did not say. */
    public int mtu;
    /** Whether the quoted packet is IPv6. */
    public boolean v6;
    /** Our address (source of the quoted packet), upper half. */
    public long localHigh;
    /** Our address, lower half. */
    public long localLow;
    /** The peer's address (destination of the quoted packet), upper half. */
    public long remoteHigh;
    /** The peer's address, lower half. */
    public long remoteLow;
    /** Protocol of the quoted packet. */
    public int protocol;
    /** Our port. */
    public int localPort;
    /** The peer's port. */
    public int remotePort;
    /** Sequence number of a quoted TCP segment. */
    public int seq;
    /** Quoted bytes from the transport header on. */
    public int quotedLength;

    /**
     * Whether fragments of a packet of ours were lost, which says nothing of the path: what Linux tells nobody. Of IPv4
     * alone; IPv6's are passed on.
     */
    public boolean isReassemblyTimeout() {
        return kind == Kind.TIME_EXCEEDED && code == 1 && !v6;
    }
}

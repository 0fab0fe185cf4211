package sluice.sockets.internal.dns;

import sluice.wire.IpAddress;

/** What a record says, for the kinds of record that a host looks at. */
public sealed interface DnsData {
    /** An address (A, AAAA). */
    record Address(IpAddress address) implements DnsData {}

    /** Another name (CNAME, PTR). */
    record Target(DnsName name) implements DnsData {}

    /**
     * The start of a zone (SOA).
     *
     * @param minimumSeconds how long "there is none" holds at the most, seconds, 0…2³²-1 (RFC 2308 4)
     */
    record Authority(long minimumSeconds) implements DnsData {}

    /** A record of another kind or class, not looked into. */
    record Other(int length) implements DnsData {}
}

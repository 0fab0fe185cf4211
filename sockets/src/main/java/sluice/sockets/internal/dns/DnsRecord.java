package sluice.sockets.internal.dns;

/**
 * A resource record (RFC 1035 4.1.3).
 *
 * @param name whose it is
 * @param type what kind it is, 0…65535
 * @param dnsClass its class, 0…65535
 * @param ttlSeconds how long it may be kept, seconds, 0…2³¹-1 (RFC 2181 8: more counts as 0); for OPT the raw 32 bits
 * @param data what it says
 */
public record DnsRecord(DnsName name, int type, int dnsClass, long ttlSeconds, DnsData data) {}

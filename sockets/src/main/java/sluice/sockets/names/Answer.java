package sluice.sockets.names;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsData;
import sluice.sockets.internal.dns.DnsMessage;
import sluice.sockets.internal.dns.DnsName;
import sluice.sockets.internal.dns.DnsRecord;
import sluice.wire.IpAddress;

/**
 * What became of one question.
 *
 * @param addresses what was found, of A and AAAA
 * @param name what was found, of PTR; where there is none, what the alias stands for, if it is one
 * @param ttlSeconds how long it holds; 0 when it is not to be kept
 */
record Answer(Outcome outcome, List<IpAddress> addresses, @Nullable DnsName name, long ttlSeconds) {
    /** Longest time that an answer is kept, seconds. */
    static final long MAX_TTL_SECONDS = 86_400;
    /** Longest time that it is kept that there is none, seconds (RFC 2308 5 names one to three hours). */
    static final long MAX_NEGATIVE_TTL_SECONDS = 10_800;
    /** Aliases that are followed in one message. */
    static final int MAX_ALIASES = 16;

    /** An outcome alone. */
    static Answer of(Outcome outcome) {
        return new Answer(outcome, List.of(), null, 0);
    }

    /** The same for a shorter time. */
    Answer atMost(long seconds) {
        return seconds >= ttlSeconds ? this : new Answer(outcome, addresses, name, seconds);
    }

    /** What {@code m} says to {@code q}: the aliases are followed as far as it has them (RFC 1034 3.6.2). */
    static Answer of(DnsMessage.Question q, DnsMessage m) {
        if (m.rcode() == Dns.SERVFAIL) {
            return of(Outcome.SERVER_FAILURE);
        }
        if (m.rcode() != Dns.NOERROR && m.rcode() != Dns.NXDOMAIN) {
            return of(Outcome.REFUSAL);
        }
        DnsName at = q.name();
        long ttl = MAX_TTL_SECONDS;
        for (int aliases = 0; aliases <= MAX_ALIASES; aliases++) {
            List<IpAddress> addresses = new ArrayList<>();
            DnsName pointer = null;
            DnsRecord alias = null;
            for (DnsRecord r : m.answers()) {
                if (!r.name().equals(at)) {
                    continue;
                }
                if (r.type() == q.type() && r.data() instanceof DnsData.Address a) {
                    addresses.add(a.address());
                    ttl = Math.min(ttl, r.ttlSeconds());
                } else if (r.type() == q.type() && r.data() instanceof DnsData.Target t) {
                    pointer = pointer == null ? t.name() : pointer;
                    ttl = Math.min(ttl, r.ttlSeconds());
                } else if (r.type() == Dns.CNAME && alias == null) {
                    alias = r;
                }
            }
            if (!addresses.isEmpty() || pointer != null) {
                return new Answer(Outcome.FOUND, List.copyOf(addresses), pointer, ttl);
            }
            if (alias == null || !(alias.data() instanceof DnsData.Target target)) {
                break;
            }
            at = target.name();
            ttl = Math.min(ttl, alias.ttlSeconds());
        }
        return none(q, m, at, ttl);
    }

    /** There is none at the end of the aliases: for how long, says the zone's SOA, if it is there (RFC 2308 5). */
    private static Answer none(DnsMessage.Question q, DnsMessage m, DnsName end, long ttl) {
        long negative = -1;
        for (DnsRecord r : m.authority()) {
            if (r.data() instanceof DnsData.Authority a) {
                negative = Math.min(Math.min(r.ttlSeconds(), a.minimumSeconds()), MAX_NEGATIVE_TTL_SECONDS);
                break;
            }
        }
        if (m.rcode() == Dns.NOERROR && negative < 0 && !end.equals(q.name())) {
            return new Answer(Outcome.ALIAS, List.of(), end, ttl);
        }
        return new Answer(m.rcode() == Dns.NXDOMAIN ? Outcome.NOT_FOUND : Outcome.NO_DATA, List.of(),
                end.equals(q.name()) ? null : end, Math.min(Math.max(negative, 0), ttl));
    }
}

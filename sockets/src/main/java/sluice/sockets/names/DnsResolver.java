package sluice.sockets.names;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsMessage;
import sluice.sockets.internal.dns.DnsName;

/**
 * Answers questions from the cache or by asking, and follows an alias by a further question where the server did not
 * follow it itself. Inside the host, not nested, since it waits.
 */
final class DnsResolver {
    /** Further questions for one name. */
    private static final int MAX_FURTHER = 8;
    /** In the place of a type: no record of any type is there under that name (RFC 2308 5). */
    private static final int ANY_TYPE = 0;

    private final HostAccess access;
    private final DnsClient client;
    private final AnswerCache cache;

    DnsResolver(HostAccess access, DnsClient client, AnswerCache cache) {
        this.access = access;
        this.client = client;
        this.cache = cache;
    }

    /** The answers for these types, in their order. */
    List<Answer> ask(DnsName name, List<Integer> types) {
        return ask(name, types, MAX_FURTHER);
    }

    private List<Answer> ask(DnsName name, List<Integer> types, int further) {
        List<@Nullable Answer> answers = new ArrayList<>();
        List<DnsMessage.Question> unknown = new ArrayList<>();
        for (int type : types) {
            DnsMessage.Question q = new DnsMessage.Question(name, type, Dns.IN);
            Answer known = cached(q);
            answers.add(known);
            if (known == null) {
                unknown.add(q);
            }
        }
        List<Answer> asked = unknown.isEmpty() ? List.of() : client.ask(unknown);
        List<Answer> all = new ArrayList<>();
        int next = 0;
        for (Answer known : answers) {
            if (known != null) {
                all.add(known);
            } else {
                all.add(settled(unknown.get(next), asked.get(next), further));
                next++;
            }
        }
        return all;
    }

    private @Nullable Answer cached(DnsMessage.Question q) {
        Answer none = cache.get(anyType(q), access.nowNs());
        return none != null ? none : cache.get(q, access.nowNs());
    }

    private static DnsMessage.Question anyType(DnsMessage.Question q) {
        return new DnsMessage.Question(q.name(), ANY_TYPE, q.dnsClass());
    }

    /** Follows the alias, if the answer is one, and keeps what comes out. */
    private Answer settled(DnsMessage.Question q, Answer a, int further) {
        Answer settled = a;
        if (a.outcome() == Outcome.ALIAS) {
            DnsName target = a.name();
            settled = further == 0 || target == null ? Answer.of(Outcome.SERVER_FAILURE)
                    : ask(target, List.of(q.type()), further - 1).getFirst().atMost(a.ttlSeconds());
            cache.put(q, settled, access.nowNs());
        } else {
            boolean noSuchName = a.outcome() == Outcome.NOT_FOUND && a.name() == null;
            cache.put(noSuchName ? anyType(q) : q, settled, access.nowNs());
        }
        return settled;
    }
}

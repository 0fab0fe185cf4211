package sluice.sockets.names;

import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsName;
import sluice.wire.IpAddress;

/**
 * The names of one host: its hosts file, then its servers, which are asked over the host's own UDP and TCP in the
 * host's own time, with a cache. From {@link #start} to {@link #close} the JVM's resolver ({@link
 * StackResolverProvider}) answers from them for threads that belong to the host ({@link sluice.engine.ThreadHost}).
 *
 * <p><b>What is asked, and how long</b> is glibc's way: A and AAAA at once from one port; the servers one after the
 * other, {@code attempts} times; the first has {@code timeout} seconds, the one at place n (from 0) {@code
 * timeout}·2ⁿ divided by the number of servers, one at least; the search list as {@code ndots} says. A lookup thus
 * ends, with the defaults and two silent servers, after 20 s.
 *
 * <p><b>Trust.</b> Ids and source ports are random, and an answer counts only when server, port, id and question are
 * those of the query (RFC 5452 9). Nothing is checked by signatures (DNSSEC).
 *
 * <p><b>Bounds:</b> {@link #MOST_ANSWERS} cached answers, kept as long as their TTL says and a day at most, three hours
 * at most for what is not there (RFC 2308 5); 16 aliases in a message, 8 further questions for the next.
 *
 * <p><b>Thread rules.</b> Any thread, from outside the host; lookups wait, and an interrupt does not end them.
 */
public final class Names implements AutoCloseable {
    /** Answers that are kept. */
    public static final int MOST_ANSWERS = 1000;

    private static final ConcurrentHashMap<HostAccess, Names> BY_HOST = new ConcurrentHashMap<>();
    private static final String REVERSE_V4 = "in-addr.arpa";
    private static final String REVERSE_V6 = "ip6.arpa";

    private final HostAccess access;
    private final ResolvConf conf;
    private final HostsFile hosts;
    private final SearchList search;
    private final AnswerCache cache = new AnswerCache(MOST_ANSWERS);
    private final DnsResolver dns;
    private final InetAddressResolver resolver = new StackResolver(this);

    private Names(HostAccess access, ResolvConf conf, HostsFile hosts, Entropy entropy) {
        this.access = access;
        this.conf = conf;
        this.hosts = hosts;
        search = new SearchList(conf);
        dns = new DnsResolver(access, new DnsClient(access, conf, entropy), cache);
    }

    /**
     * Gives a host its names.
     *
     * @param entropy where ids come from; used inside the host only
     * @throws IllegalStateException it has names already
     */
    public static Names start(HostAccess access, ResolvConf conf, HostsFile hosts, Entropy entropy) {
        Names names = new Names(access, conf, hosts, entropy);
        HostResolvers.add(access, names.resolver);
        BY_HOST.put(access, names);
        return names;
    }

    /** The names of a host; null when it has none of its own. */
    public static @Nullable Names of(HostAccess access) {
        return BY_HOST.get(access);
    }

    /**
     * The addresses of a host, those that can be reached first, and of these IPv6 first.
     *
     * @throws UnknownHostException with the JDK's words: "NAME: Name or service not known", …
     */
    public List<IpAddress> addresses(String host) throws UnknownHostException {
        return addresses(host, true, true);
    }

    /** The same of the families asked for, one at least. */
    public List<IpAddress> addresses(String host, boolean v4, boolean v6) throws UnknownHostException {
        List<IpAddress> known = hosts.addresses(host).stream().filter(a -> a.isV4() ? v4 : v6).toList();
        if (!known.isEmpty()) {
            return inOrder(host, known);
        }
        List<Integer> types = new ArrayList<>(2);
        if (v4) {
            types.add(Dns.A);
        }
        if (v6 && !(v4 && conf.options().has(ResolvOptions.Flag.NO_AAAA))) {
            types.add(Dns.AAAA);
        }
        Answer a = conf.servers().isEmpty() ? Answer.of(Outcome.NOT_FOUND)
                : inside(host, () -> search.search(host, name -> addressesOf(name, types)));
        if (a.outcome() != Outcome.FOUND) {
            throw unknown(host, a.outcome());
        }
        return inOrder(host, a.addresses());
    }

    /** What is found of either type is found; else what the first says that is not "no such record". */
    private Answer addressesOf(String text, List<Integer> types) {
        DnsName name = DnsName.of(text);
        if (name == null) {
            return Answer.of(Outcome.NOT_FOUND);
        }
        List<IpAddress> found = new ArrayList<>();
        Answer none = null;
        for (Answer a : dns.ask(name, types)) {
            found.addAll(a.addresses());
            if (none == null || none.outcome() == Outcome.NO_DATA) {
                none = a;
            }
        }
        return found.isEmpty() && none != null ? none : new Answer(Outcome.FOUND, List.copyOf(found), null, 0);
    }

    /**
     * The name of an address: the hosts file's, or that of its PTR record (through aliases, RFC 2317).
     *
     * @throws UnknownHostException it has none that could be a host's
     */
    public String nameOf(IpAddress address) throws UnknownHostException {
        String known = hosts.name(address);
        if (known != null) {
            return known;
        }
        DnsName asked = DnsName.of(reverse(address));
        Answer a = conf.servers().isEmpty() || asked == null ? Answer.of(Outcome.NOT_FOUND)
                : inside(address.toString(), () -> dns.ask(asked, List.of(Dns.PTR)).getFirst());
        DnsName name = a.outcome() == Outcome.FOUND ? a.name() : null;
        if (name == null || !name.isHostName()) {
            throw unknown(address.toString(), a.outcome() == Outcome.FOUND ? Outcome.NOT_FOUND : a.outcome());
        }
        return name.toString();
    }

    /** The name under which an address has its PTR record (RFC 1035 3.5, RFC 3596 2.5). */
    static String reverse(IpAddress address) {
        StringBuilder s = new StringBuilder();
        if (address.isV4()) {
            for (int i = 0; i < 32; i += 8) {
                s.append(address.v4Bits() >>> i & 0xff).append('.');
            }
            return s.append(REVERSE_V4).toString();
        }
        for (int i = 0; i < 128; i += 4) {
            long half = i < 64 ? address.low() : address.high();
            s.append(Character.forDigit((int) (half >>> i % 64) & 0xf, 16)).append('.');
        }
        return s.append(REVERSE_V6).toString();
    }

    /** For {@code java.net}: what the JVM's resolver answers with for threads of this host. */
    public InetAddressResolver resolver() {
        return resolver;
    }

    /** Forgets what was learned from servers. */
    public void clearCache() {
        access.execute(host -> {
            cache.clear();
            return null;
        });
    }

    /** Answers that are kept now, those that hold no longer included until they are asked for. */
    int cachedAnswers() {
        return access.execute(host -> cache.size());
    }

    /** The host has no names any more. Idempotent; lookups that are going on end as they would. */
    @Override
    public void close() {
        if (BY_HOST.remove(access, this)) {
            HostResolvers.remove(access);
        }
    }

    private interface Lookup {
        Answer run();
    }

    private Answer inside(String what, Lookup lookup) throws UnknownHostException {
        try {
            access.enter();
            try {
                return lookup.run();
            } finally {
                access.exit();
            }
        } catch (ShardStoppedException e) {
            throw stopped(what, e);
        }
    }

    private static UnknownHostException stopped(String what, ShardStoppedException e) {
        UnknownHostException u = unknown(what, Outcome.NOBODY);
        u.initCause(e);
        return u;
    }

    private static UnknownHostException unknown(String what, Outcome outcome) {
        return new UnknownHostException(what + ": " + outcome.text());
    }

    /** RFC 6724 6, rules 1 and 6, of what the host knows: addresses without a way to them last, IPv6 before IPv4. */
    private List<IpAddress> inOrder(String what, List<IpAddress> found) throws UnknownHostException {
        try {
            return access.execute(host -> found.stream().distinct()
                    .sorted(Comparator.comparing((IpAddress a) -> host.ip().route(null, a) == null)
                            .thenComparing(a -> a.isV4()))
                    .toList());
        } catch (ShardStoppedException e) {
            throw stopped(what, e);
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Names[%d servers, search %s]", conf.servers().size(), conf.search());
    }
}

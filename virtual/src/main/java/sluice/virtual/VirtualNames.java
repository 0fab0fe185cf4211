package sluice.virtual;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/**
 * The names of a network, as its name servers answer: at the beginning those of its hosts. What changes here reaches a
 * program when its JVM's cache has run out ({@link HostSpec#nameCache}).
 *
 * <p><b>Thread rules.</b> Any thread.
 */
public final class VirtualNames {
    /** What is answered for a name. */
    record Entry(List<IpAddress> addresses, Duration takes, boolean silent) {}

    /** What glibc's resolver takes with its defaults when no server answers: two attempts of 5 s. */
    private static final Duration GIVE_UP = Duration.ofSeconds(10);

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    VirtualNames() {}

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** From now on {@code name} has these addresses, in this order. */
    public VirtualNames set(String name, String... addresses) {
        List<IpAddress> all = new ArrayList<>();
        for (String a : addresses) {
            all.add(IpAddress.parse(a));
        }
        return set(name, all);
    }

    VirtualNames set(String name, List<IpAddress> addresses) {
        entries.merge(key(name), new Entry(List.copyOf(addresses), Duration.ZERO, false),
                (old, now) -> new Entry(now.addresses, old.takes, false));
        return this;
    }

    /** From now on nobody knows {@code name}. */
    public VirtualNames remove(String name) {
        entries.remove(key(name));
        return this;
    }

    /** From now on an answer for {@code name} takes that long. */
    public VirtualNames slow(String name, Duration takes) {
        entries.merge(key(name), new Entry(List.of(), takes, false),
                (old, now) -> new Entry(old.addresses, now.takes, old.silent));
        return this;
    }

    /** From now on no server answers for {@code name}: lookups fail after 10 s. {@link #set} ends it. */
    public VirtualNames silent(String name) {
        entries.put(key(name), new Entry(List.of(), GIVE_UP, true));
        return this;
    }

    /**
     * Answers DNS queries over UDP at port 53 of {@code host}, for programs that have a resolver of their own (Netty's
     * {@code DnsNameResolver}) and are told its address: IPv4 and IPv6 addresses of what is known here, with a TTL of
     * 30 s. Programs that use {@code InetAddress} need none. A resolver that reads {@code /etc/resolv.conf} finds it
     * when {@code host} has the address that stands there ({@link HostSpec#address}).
     */
    public Running serveOn(VirtualHost host) {
        return host.start("names", new NameServer(this)::serve);
    }

    /** The names that were asked for so far, answers of caches not counted. */
    public Set<String> asked() {
        return Set.copyOf(asked);
    }

    @Nullable Entry ask(String name) {
        asked.add(key(name));
        return entries.get(key(name));
    }

    /** The name of an address, if one has it. */
    @Nullable String nameOf(IpAddress address) {
        for (Map.Entry<String, Entry> e : new HashMap<>(entries).entrySet()) {
            if (new HashSet<>(e.getValue().addresses).contains(address)) {
                return e.getKey();
            }
        }
        return null;
    }
}

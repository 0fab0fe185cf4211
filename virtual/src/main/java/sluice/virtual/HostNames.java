package sluice.virtual;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/**
 * What {@code InetAddress} is told on one host: its own name, those of the network, and for a while what the network
 * said before, as the JVM's cache has it.
 */
final class HostNames implements InetAddressResolver {
    private static final List<IpAddress> LOOPBACK = List.of(IpAddress.LOOPBACK_V4, IpAddress.LOOPBACK_V6);

    /** What was learned, null for "not known", and until when it holds. */
    private record Kept(@Nullable List<IpAddress> addresses, String words, long untilNs) {}

    private final VirtualNames names;
    private final Simulation simulation;
    private final HostSpec host;
    private final List<IpAddress> own;
    private final Map<String, Kept> cache = new HashMap<>();

    HostNames(VirtualNames names, Simulation simulation, HostSpec host, List<IpAddress> own) {
        this.names = names;
        this.simulation = simulation;
        this.host = host;
        this.own = own;
    }

    @Override
    public Stream<InetAddress> lookupByName(String name, LookupPolicy policy) throws UnknownHostException {
        int wanted = policy.characteristics();
        List<InetAddress> found = new ArrayList<>();
        for (IpAddress a : inOrder(addresses(name), (wanted & LookupPolicy.IPV6_FIRST) != 0)) {
            if ((wanted & (a.isV4() ? LookupPolicy.IPV4 : LookupPolicy.IPV6)) != 0) {
                found.add(InetAddress.getByAddress(name, Addresses.toInet(a).getAddress()));
            }
        }
        if (found.isEmpty()) {
            throw unknown(name, "No address associated with hostname");
        }
        return found.stream();
    }

    private static List<IpAddress> inOrder(List<IpAddress> all, boolean v6First) {
        List<IpAddress> sorted = new ArrayList<>();
        all.stream().filter(a -> a.isV4() != v6First).forEach(sorted::add);
        all.stream().filter(a -> a.isV4() == v6First).forEach(sorted::add);
        return sorted;
    }

    private List<IpAddress> addresses(String name) throws UnknownHostException {
        if (name.equals("localhost")) {
            return LOOPBACK;
        }
        if (name.equals(host.name()) || name.equals(Platform.hostName())) {
            return own;
        }
        Kept kept;
        synchronized (cache) {
            kept = cache.get(name);
        }
        if (kept == null || kept.untilNs <= simulation.clock().nowNs()) {
            kept = ask(name);
            synchronized (cache) {
                cache.put(name, kept);
            }
        }
        List<IpAddress> found = kept.addresses;
        if (found == null) {
            throw unknown(name, kept.words);
        }
        return found;
    }

    private Kept ask(String name) throws UnknownHostException {
        VirtualNames.@Nullable Entry e = names.ask(name);
        if (e != null && e.takes().isPositive()) {
            try {
                Thread.sleep(e.takes());
            } catch (InterruptedException x) {
                Thread.currentThread().interrupt();
            }
        }
        if (e == null) {
            return kept(null, "Name or service not known", host.negativeNameCacheTtl());
        }
        return e.silent() ? kept(null, "Temporary failure in name resolution", host.negativeNameCacheTtl())
                : kept(e.addresses(), "", host.nameCacheTtl());
    }

    private Kept kept(@Nullable List<IpAddress> addresses, String words, Duration ttl) {
        long now = simulation.clock().nowNs();
        return new Kept(addresses, words, ttl.isNegative() ? Long.MAX_VALUE : now + ttl.toNanos());
    }

    private static UnknownHostException unknown(String name, String why) {
        return new UnknownHostException(name + ": " + why);
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
        IpAddress a = Addresses.of(InetAddress.getByAddress(address));
        if (a.isLoopback()) {
            return "localhost";
        }
        String name = own.contains(a) ? host.name() : names.nameOf(a);
        if (name == null) {
            throw unknown(a.toString(), "Name or service not known");
        }
        return name;
    }
}

package sluice.core.ip;

import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.core.Route;
import sluice.core.RouteMetrics;
import sluice.wire.IpAddress;

/**
 * Finds the {@link Route} to a destination and remembers it until a table changes; then every remembered route turns
 * invalid at once.
 */
final class RouteSelection {
    /** Most routes remembered; when more are wanted all are forgotten, and those that somebody holds stay valid. */
    static final int MAX_CACHED = 16_384;

    /** Ordered, so that the table stays a tree of small steps when somebody makes keys of the same hash code. */
    private record Key(IpAddress source, IpAddress destination) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int c = destination.compareTo(other.destination);
            return c != 0 ? c : source.compareTo(other.source);
        }
    }

    private final Interfaces interfaces;
    private final RoutingTable table;
    private final AddressMap<Route> byDestination;
    private final HashMap<Key, Route> bySource = new HashMap<>();
    private Route.Tables tables = new Route.Tables();
    private long nowNs;

    RouteSelection(Interfaces interfaces, RoutingTable table, Entropy entropy) {
        this.interfaces = interfaces;
        this.table = table;
        this.byDestination = new AddressMap<>(entropy);
    }

    /** Time as last seen by the host, for expiries. */
    void setNow(long now) {
        nowNs = now;
    }

    /** Forgets everything: a table, an address or a link changed. */
    void invalidate() {
        tables.changed();
        tables = new Route.Tables();
        forget();
    }

    private void forget() {
        byDestination.clear();
        bySource.clear();
    }

    /** How many are remembered. */
    int size() {
        return byDestination.size() + bySource.size();
    }

    /** As {@link #route}, but what is found is not remembered. */
    @Nullable Route routeOnce(@Nullable IpAddress source, IpAddress destination) {
        return select(source == null || source.isAny() ? null : source, destination);
    }

    @Nullable Route route(@Nullable IpAddress source, IpAddress destination) {
        if (source == null || source.isAny()) {
            Route known = byDestination.get(destination.high(), destination.low());
            if (known != null) {
                return known;
            }
            Route made = select(null, destination);
            if (made != null) {
                makeRoom();
                byDestination.put(destination.high(), destination.low(), made);
            }
            return made;
        }
        Key key = new Key(source, destination);
        Route known = bySource.get(key);
        if (known != null) {
            return known;
        }
        Route made = select(source, destination);
        if (made != null) {
            makeRoom();
            bySource.put(key, made);
        }
        return made;
    }

    private void makeRoom() {
        if (size() >= MAX_CACHED) {
            forget();
        }
    }

    /** Whether the host would send to {@code address} over the interface {@code index} (reverse path check). */
    boolean reachableOver(IpAddress address, int index) {
        RouteEntry e = lookup(address);
        return e != null && e.interfaceIndex() == index;
    }

    private @Nullable RouteEntry lookup(IpAddress destination) {
        return table.lookup(destination, r -> {
            NetworkInterface i = interfaces.get(r.interfaceIndex());
            return i != null && i.up() && r.expiresNs() > nowNs;
        });
    }

    private @Nullable Route select(@Nullable IpAddress source, IpAddress destination) {
        if (destination.isAny()) {
            return null;
        }
        if (interfaces.isLocal(destination.high(), destination.low())) {
            return new Route(0, source != null ? source : destination, destination, interfaces.require(0).link(), true,
                    RouteMetrics.NONE, tables);
        }
        if (destination.isMulticast() || destination.isLimitedBroadcast()) {
            return toMany(source, destination);
        }
        RouteEntry e = lookup(destination);
        if (e == null) {
            return null;
        }
        NetworkInterface out = interfaces.require(e.interfaceIndex());
        IpAddress gateway = e.gateway();
        IpAddress nextHop = gateway != null ? gateway : destination;
        IpAddress from = source != null ? source : SourceSelection.select(interfaces, out, destination, nextHop, nowNs);
        if (from == null || from.isV4() != destination.isV4()) {
            return null;
        }
        return new Route(out.index(), from, nextHop, out.link(), out.loopback(), e.metrics(), tables);
    }

    /**
     * Multicast and limited broadcast: the interface of the given source, else of the matching route, else the first
     * that is up and has an address.
     */
    private @Nullable Route toMany(@Nullable IpAddress source, IpAddress destination) {
        NetworkInterface out = source == null ? null : interfaces.owner(source.high(), source.low());
        RouteEntry e = out == null ? lookup(destination) : null;
        if (e != null) {
            out = interfaces.get(e.interfaceIndex());
        }
        if (out == null) {
            for (NetworkInterface i : interfaces.all()) {
                if (!i.loopback() && i.up()
                        && SourceSelection.select(interfaces, i, destination, destination, nowNs) != null) {
                    out = i;
                    break;
                }
            }
        }
        if (out == null) {
            return null;
        }
        IpAddress from = source != null ? source
                : SourceSelection.select(interfaces, out, destination, destination, nowNs);
        return from == null ? null : new Route(out.index(), from, destination, out.link(), out.loopback(),
                RouteMetrics.NONE, tables);
    }
}

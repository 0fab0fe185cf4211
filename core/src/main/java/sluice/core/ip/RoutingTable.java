package sluice.core.ip;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.wire.IpAddress;

/**
 * Routes of both families, longest prefix first, then lowest metric, then the order of insertion. Bounded to {@link
 * #MAX_ROUTES}.
 */
@Rfc(value = 1122, section = "3.3.1")
public final class RoutingTable {
    /** Most routes. */
    public static final int MAX_ROUTES = 8192;

    private static final Comparator<RouteEntry> ORDER = Comparator.comparingInt((RouteEntry r) -> -length(r))
            .thenComparingInt(RouteEntry::metric);

    private final ArrayList<RouteEntry> entries = new ArrayList<>();
    private long nextExpiryNs = Time.NEVER;

    private static int length(RouteEntry r) {
        return r.prefix().length() + (r.prefix().address().isV4() ? 96 : 0);
    }

    /** Puts a route in, in place of one with the same prefix, interface, gateway and metric. */
    public void add(RouteEntry route) {
        removeIf(r -> r.prefix().equals(route.prefix()) && r.interfaceIndex() == route.interfaceIndex()
                && r.metric() == route.metric()
                && java.util.Objects.equals(r.gateway(), route.gateway()));
        if (entries.size() >= MAX_ROUTES) {
            throw new ErrnoException(Errno.ENOBUFS, "add route " + route.prefix());
        }
        int at = 0;
        while (at < entries.size() && ORDER.compare(entries.get(at), route) <= 0) {
            at++;
        }
        entries.add(at, route);
        nextExpiryNs = Math.min(nextExpiryNs, route.expiresNs());
    }

    /** Takes out what matches; whether anything did. */
    public boolean removeIf(Predicate<RouteEntry> predicate) {
        boolean any = entries.removeIf(predicate);
        if (any) {
            nextExpiryNs = entries.stream().mapToLong(RouteEntry::expiresNs).min().orElse(Time.NEVER);
        }
        return any;
    }

    /** The best route to {@code destination} over an interface that {@code usable} accepts; null when there is none. */
    public @Nullable RouteEntry lookup(IpAddress destination, Predicate<RouteEntry> usable) {
        for (int i = 0; i < entries.size(); i++) {
            RouteEntry r = entries.get(i);
            if (r.prefix().address().isV4() == destination.isV4() && r.prefix().contains(destination)
                    && usable.test(r)) {
                return r;
            }
        }
        return null;
    }

    /** All routes, best first. */
    public List<RouteEntry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** The earliest expiry; {@link Time#NEVER} when none expires. */
    public long nextExpiryNs() {
        return nextExpiryNs;
    }
}

package sluice.core.ip;

import org.jspecify.annotations.Nullable;
import sluice.core.RouteMetrics;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * One line of the routing table.
 *
 * @param prefix destinations
 * @param interfaceIndex interface to send on
 * @param gateway the router; null when the destinations are on the link
 * @param metric the lower one wins among equally long prefixes
 * @param origin who made it
 * @param expiresNs when it ends, nanoseconds; {@link sluice.base.Time#NEVER} for never
 * @param metrics what it says of the path
 */
public record RouteEntry(Prefix prefix, int interfaceIndex, @Nullable IpAddress gateway, int metric, Origin origin,
        long expiresNs,
        RouteMetrics metrics) {
    /** A route that says nothing of the path. */
    public RouteEntry(Prefix prefix, int interfaceIndex, @Nullable IpAddress gateway, int metric, Origin origin,
            long expiresNs) {
        this(prefix, interfaceIndex, gateway, metric, origin, expiresNs, RouteMetrics.NONE);
    }

    /** Who made a route. */
    public enum Origin {
        /** An address of the interface. */
        CONNECTED,
        /** The user. */
        STATIC,
        /** A router advertisement. */
        ADVERTISED
    }
}

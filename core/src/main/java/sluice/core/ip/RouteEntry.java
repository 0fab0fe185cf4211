package sluice.core.ip;

import org.jspecify.annotations.Nullable;
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
 * @param expiresNs when it ends, nanoseconds; {@link Long#MAX_VALUE} for never
 */
public record RouteEntry(Prefix prefix, int interfaceIndex, @Nullable IpAddress gateway, int metric, Origin origin, long expiresNs) {
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

package sluice.core;

import sluice.base.Time;
import sluice.wire.IpAddress;

/**
 * Where packets to one destination go: chosen by the routing table, kept by connections and asked for again when {@link
 * #isValid} turns false.
 *
 * <p>Belongs to one host; not thread-safe.
 */
public final class Route {
    /** Interface to send on. */
    public final int interfaceIndex;
    /** Our address to send from. */
    public final IpAddress source;
    /** The neighbour that takes the packet: the destination itself, or a router. */
    public final IpAddress nextHop;
    /** What the link can do. */
    public final LinkProperties link;
    /** Whether the destination is one of this host's own addresses. */
    public final boolean loopback;
    /** What the routing table says of the path. */
    public final RouteMetrics metrics;
    private final Tables tables;
    /** When a transport last said that its data get through, nanoseconds. */
    public long confirmedNs = Time.NEVER;

    /** The tables that routes are looked up in, as they stand: all routes of them turn invalid at once. */
    public static final class Tables {
        private boolean valid = true;

        /** They have changed. */
        public void changed() {
            valid = false;
        }
    }

    /** Made by the routing table. */
    public Route(int interfaceIndex, IpAddress source, IpAddress nextHop, LinkProperties link, boolean loopback) {
        this(interfaceIndex, source, nextHop, link, loopback, RouteMetrics.NONE, new Tables());
    }

    /** Made by the routing table, with what it says of the path. */
    public Route(int interfaceIndex, IpAddress source, IpAddress nextHop, LinkProperties link, boolean loopback,
            RouteMetrics metrics, Tables tables) {
        this.tables = tables;
        this.metrics = metrics;
        this.interfaceIndex = interfaceIndex;
        this.source = source;
        this.nextHop = nextHop;
        this.link = link;
        this.loopback = loopback;
    }

    /** False once tables changed so that the route must be looked up again. */
    public boolean isValid() {
        return tables.valid;
    }
}

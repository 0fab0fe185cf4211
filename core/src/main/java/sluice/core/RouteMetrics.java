package sluice.core;

/**
 * What a route says of the path beyond the link, by the words of {@code ip route}; 0 where it says nothing.
 *
 * @param mtu largest packet of the path, bytes, 68…65535
 * @param mtuLocked ICMP never lowers it ("mtu lock")
 * @param advmss MSS to announce, bytes
 * @param initcwnd initial congestion window, segments
 */
public record RouteMetrics(int mtu, boolean mtuLocked, int advmss, int initcwnd) {
    /** A route that says nothing. */
    public static final RouteMetrics NONE = new RouteMetrics(0, false, 0, 0);

    /** Checks ranges. */
    public RouteMetrics {
        if (mtu != 0 && (mtu < 68 || mtu > 65_535)) {
            throw new IllegalArgumentException("mtu " + mtu + " is outside 68…65535");
        }
        if (advmss < 0 || advmss > 65_535) {
            throw new IllegalArgumentException("advmss " + advmss + " is outside 0…65535");
        }
        if (initcwnd < 0 || initcwnd > 1 << 20) {
            throw new IllegalArgumentException("initcwnd " + initcwnd + " is outside 0…1048576");
        }
    }
}

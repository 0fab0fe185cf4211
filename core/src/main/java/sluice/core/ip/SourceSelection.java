package sluice.core.ip;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.wire.IpAddress;

/** Which of our addresses speaks to a destination. */
@Rfc(value = 6724, section = "5")
@Rfc(value = 1122, section = "3.3.4.3")
final class SourceSelection {
    private SourceSelection() {}

    /**
     * The best source on {@code out} for a packet to {@code destination} through {@code nextHop}; falls back to the
     * other interfaces; null when nothing fits.
     */
    static @Nullable IpAddress select(Interfaces interfaces, NetworkInterface out, IpAddress destination,
            IpAddress nextHop, long nowNs) {
        InterfaceAddress best = null;
        for (InterfaceAddress a : out.addresses) {
            if (a.usable() && a.address.isV4() == destination.isV4()
                    && (best == null || better(a, best, destination, nextHop, nowNs))) {
                best = a;
            }
        }
        if (best != null && (destination.isV4() || scope(best.address) >= scope(destination))) {
            return best.address;
        }
        for (NetworkInterface other : interfaces.all()) {
            if (other != out && !other.loopback()) {
                for (InterfaceAddress a : other.addresses) {
                    if (a.usable() && a.address.isV4() == destination.isV4() && !a.address.isLinkLocal()
                            && (best == null || (!a.address.isV4() && better(a, best, destination, nextHop, nowNs)))) {
                        best = a;
                    }
                }
            }
        }
        return best == null ? null : best.address;
    }

    /**
     * Whether {@code a} beats {@code b}: rules 1, 2, 3, 6 and 8 (5 by the order of the search; 4, 5.5 and 7 need what
     * we do not keep).
     */
    private static boolean better(InterfaceAddress a, InterfaceAddress b, IpAddress destination, IpAddress nextHop,
            long nowNs) {
        if (destination.isV4()) {
            return betterV4(a, b, nextHop);
        }
        if (a.address.equals(destination) || b.address.equals(destination)) {
            return a.address.equals(destination);
        }
        int sa = scope(a.address);
        int sb = scope(b.address);
        int sd = scope(destination);
        if (sa != sb) {
            return sa < sb ? sa >= sd : sb < sd;
        }
        boolean da = a.preferredUntilNs <= nowNs;
        boolean db = b.preferredUntilNs <= nowNs;
        if (da != db) {
            return db;
        }
        int label = label(destination);
        boolean la = label(a.address) == label;
        boolean lb = label(b.address) == label;
        if (la != lb) {
            return la;
        }
        return Math.min(common(a.address, destination), a.prefixLength) > Math.min(common(b.address, destination),
                b.prefixLength);
    }

    /** IPv4: an address whose network holds the next hop first, the longest network among those. */
    private static boolean betterV4(InterfaceAddress a, InterfaceAddress b, IpAddress nextHop) {
        boolean na = common(a.address, nextHop) >= a.prefixLength + 96;
        boolean nb = common(b.address, nextHop) >= b.prefixLength + 96;
        if (na != nb) {
            return na;
        }
        return na && a.prefixLength > b.prefixLength;
    }

    /** Length in bits of the common beginning of two addresses, in their 128-bit form. */
    static int common(IpAddress a, IpAddress b) {
        long h = a.high() ^ b.high();
        return h != 0 ? Long.numberOfLeadingZeros(h) : 64 + Long.numberOfLeadingZeros(a.low() ^ b.low());
    }

    /** Scopes by RFC 6724 section 3.1: 1 interface, 2 link, 5 site, 14 global. */
    static int scope(IpAddress a) {
        if (!a.isV4() && a.isMulticast()) {
            return (int) (a.high() >>> 48) & 15;
        }
        if (a.isLinkLocal() || a.isLoopback()) {
            return 2;
        }
        if (!a.isV4() && a.high() >>> 54 == 0x3fb) {
            return 5;
        }
        return 14;
    }

    /** Labels of the default policy table, RFC 6724 section 2.1. */
    private static int label(IpAddress a) {
        if (a.isV4()) {
            return 4;
        }
        long h = a.high();
        if (h == 0) {
            return a.low() == 1 ? 0 : a.low() >>> 32 == 0 ? 3 : 1;
        }
        if (h >>> 48 == 0x2002) {
            return 2;
        }
        if (h >>> 32 == 0x2001_0000L) {
            return 5;
        }
        if (h >>> 57 == 0xfc >>> 1) {
            return 13;
        }
        if (h >>> 54 == 0x3fb) {
            return 11;
        }
        return h >>> 48 == 0x3ffe ? 12 : 1;
    }
}

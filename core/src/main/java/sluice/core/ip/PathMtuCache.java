package sluice.core.ip;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.wire.IpAddress;

/**
 * What is known about paths that carry less than our own link: per destination the largest packet, and until when to
 * believe it.
 *
 * <p>Bounded to {@link #MAX_ENTRIES}; the oldest knowledge goes first. A forged report can only lower an estimate to
 * the floor ({@code min_pmtu}, or 1280 for IPv6), never raise one.
 */
@Rfc(value = 1191, section = "6")
@Rfc(value = 8201, section = "5.2")
public final class PathMtuCache {
    /** Most destinations remembered. */
    public static final int MAX_ENTRIES = 4096;
    /** Smallest MTU of IPv6 (RFC 8200 section 5), bytes. */
    public static final int MIN_V6 = 1280;
    /** RFC 1191 section 7.1: common MTUs, to fall to when a router does not say its own. */
    private static final int[] PLATEAUS = {32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};

    private static final class Entry {
        int mtu;
        long expiresNs;
    }

    private final LinkedHashMap<IpAddress, Entry> entries = new LinkedHashMap<>();

    /** The largest packet for {@code destination}, at most {@code linkMtu}. */
    public int get(IpAddress destination, int linkMtu, long nowNs) {
        if (entries.isEmpty()) {
            return linkMtu;
        }
        Entry e = entries.get(destination);
        if (e == null) {
            return linkMtu;
        }
        if (e.expiresNs <= nowNs) {
            entries.remove(destination);
            return linkMtu;
        }
        return Math.min(e.mtu, linkMtu);
    }

    /** Whether nothing is known of any path. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Lowers what is known.
     *
     * @param mtu bytes; 0 for "the next plateau below what is believed now"
     * @param floor never believed to be less than this, bytes
     * @param lifetimeNs how long to believe it
     * @return whether the estimate became smaller
     */
    public boolean reduce(IpAddress destination, int mtu, int linkMtu, int floor, long lifetimeNs, long nowNs) {
        int current = get(destination, linkMtu, nowNs);
        int wanted = Math.max(floor, mtu > 0 ? mtu : plateauBelow(current));
        if (wanted > current || (wanted == current && !entries.containsKey(destination))) {
            return false;
        }
        Entry e = entries.remove(destination);
        if (e == null) {
            e = new Entry();
            if (entries.size() >= MAX_ENTRIES) {
                Iterator<Map.Entry<IpAddress, Entry>> oldest = entries.entrySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
        e.mtu = wanted;
        e.expiresNs = nowNs + lifetimeNs;
        entries.put(destination, e);
        return wanted < current;
    }

    /** The remembered MTU of a destination, for printing; null when nothing is known. */
    public @Nullable Integer peek(IpAddress destination) {
        Entry e = entries.get(destination);
        return e == null ? null : e.mtu;
    }

    /** How many destinations are remembered. */
    public int size() {
        return entries.size();
    }

    /** The largest plateau below {@code length} bytes. */
    @Rfc(value = 1191, section = "7.1")
    public static int plateauBelow(int length) {
        for (int p : PLATEAUS) {
            if (p < length) {
                return p;
            }
        }
        return 68;
    }
}

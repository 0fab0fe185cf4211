package sluice.core.ip;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.wire.IpAddress;

/**
 * What is known about paths that carry less than our own link: per destination the largest packet, and until when to
 * believe it.
 *
 * <p>A path that carries less than a bound (IPv4's {@code min_pmtu}) is <em>locked</em> at the bound: packets of that
 * size are sent, without DF, and cut on their way. Nothing more is learned of it until the lock expires.
 *
 * <p>Bounded to {@link #MAX_ENTRIES}; the oldest knowledge goes first. A forged report can only lower an estimate to
 * the bound, never raise one.
 */
@Rfc(value = 1191, section = "6")
@Rfc(value = 8201, section = "5.2")
public final class PathMtuCache {
    /** Most destinations remembered. */
    public static final int MAX_ENTRIES = 4096;
    /** RFC 1191 section 7.1: common MTUs, to fall to when a router does not say its own. */
    private static final int[] PLATEAUS = {32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};

    private static final class Entry {
        int mtu;
        boolean locked;
        long expiresNs;
    }

    private final LinkedHashMap<IpAddress, Entry> entries = new LinkedHashMap<>();

    /** The largest packet for {@code destination}, at most {@code linkMtu}. */
    public int get(IpAddress destination, int linkMtu, long nowNs) {
        Entry e = find(destination, nowNs);
        return e == null ? linkMtu : Math.min(e.mtu, linkMtu);
    }

    /** Whether the path is locked: it carries less than {@link #get} says, and routers must be let cut packets. */
    public boolean isLocked(IpAddress destination, long nowNs) {
        Entry e = find(destination, nowNs);
        return e != null && e.locked;
    }

    /** Until when that is believed; {@link Time#NEVER} when nothing is known. */
    public long untilNs(IpAddress destination, long nowNs) {
        Entry e = find(destination, nowNs);
        return e == null ? Time.NEVER : e.expiresNs;
    }

    private @Nullable Entry find(IpAddress destination, long nowNs) {
        Entry e = entries.isEmpty() ? null : entries.get(destination);
        if (e != null && e.expiresNs <= nowNs) {
            entries.remove(destination);
            return null;
        }
        return e;
    }

    /** Whether nothing is known of any path. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Lowers what is known.
     *
     * @param mtu what a router of the path carries, bytes
     * @param linkMtu what the path is believed to carry when nothing is known here, bytes
     * @param lockedBelow a path that carries less than this is locked there, bytes; 0 for never
     * @param lifetimeNs how long to believe it
     * @return whether the estimate became smaller, or locked
     */
    public boolean reduce(IpAddress destination, int mtu, int linkMtu, int lockedBelow, long lifetimeNs, long nowNs) {
        Entry known = find(destination, nowNs);
        int current = known == null ? linkMtu : Math.min(known.mtu, linkMtu);
        boolean lock = mtu < lockedBelow;
        if (known != null && known.locked || mtu > current || known == null && mtu == current && !lock) {
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
        e.mtu = lock ? Math.min(current, lockedBelow) : mtu;
        e.locked = lock;
        e.expiresNs = nowNs + lifetimeNs;
        entries.put(destination, e);
        return e.mtu < current || lock;
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

package sluice.core.tcp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/**
 * The ports in LISTEN: the listener with the exact address comes before those on all addresses. Of several that share
 * an address (SO_REUSEPORT) the four-tuple's hash chooses, as on Linux.
 */
public final class Listeners {
    private final Map<Integer, List<Listener>> byPort = new HashMap<>();

    private final ConnectionTable table;

    Listeners(ConnectionTable table) {
        this.table = table;
    }

    /** The listener for a segment; null when there is none. */
    public @Nullable Listener find(long localHigh, long localLow, int port, long remoteHigh, long remoteLow,
            int remotePort) {
        List<Listener> all = byPort.get(port);
        Listener best = all == null ? null : best(all, localHigh, localLow);
        if (all == null || best == null || all.size() == 1 || !best.options().reusePort) {
            return best;
        }
        int place = table.place(localHigh, localLow, port, remoteHigh, remoteLow, remotePort);
        return ofGroup(all, best.localAddress(), place);
    }

    private static @Nullable Listener best(List<Listener> all, long localHigh, long localLow) {
        boolean v4 = IpAddress.isV4(localHigh, localLow);
        Listener general = null;
        for (int i = 0; i < all.size(); i++) {
            Listener l = all.get(i);
            IpAddress a = l.localAddress();
            if (a.low() == localLow && a.high() == localHigh) {
                return l;
            }
            if (a.isAny() && (a.isV4() == v4 || !a.isV4() && general == null)) {
                general = l;
            }
        }
        return general;
    }

    private static @Nullable Listener ofGroup(List<Listener> all, IpAddress address, int place) {
        int members = 0;
        for (int i = 0; i < all.size(); i++) {
            members += isMember(all.get(i), address) ? 1 : 0;
        }
        int left = (int) ((place & 0xffff_ffffL) * members >>> 32);
        for (int i = 0; i < all.size(); i++) {
            if (isMember(all.get(i), address) && left-- == 0) {
                return all.get(i);
            }
        }
        return null;
    }

    private static boolean isMember(Listener l, IpAddress address) {
        return l.options().reusePort && l.localAddress().equals(address);
    }

    /** Whether nobody listens there, or all who do share the port with {@code reusePort}. */
    public boolean free(IpAddress local, int port, boolean reusePort) {
        List<Listener> all = byPort.get(port);
        if (all == null) {
            return true;
        }
        for (Listener l : all) {
            IpAddress a = l.localAddress();
            if (reusePort && l.options().reusePort) {
                continue;
            }
            if (a.equals(local) || (a.isAny() || local.isAny())
                    && (a.isV4() == local.isV4() || a.isAny() && !a.isV4() || local.isAny() && !local.isV4())) {
                return false;
            }
        }
        return true;
    }

    /** Whether an active open may use the port: nobody listens on it. */
    public boolean freeForConnect(IpAddress local, int port) {
        List<Listener> all = byPort.get(port);
        return all == null || best(all, local.high(), local.low()) == null;
    }

    public void add(Listener l) {
        byPort.computeIfAbsent(l.localPort(), p -> new ArrayList<>(1)).add(l);
    }

    public void remove(Listener l) {
        List<Listener> all = byPort.get(l.localPort());
        if (all != null && all.remove(l) && all.isEmpty()) {
            byPort.remove(l.localPort());
        }
    }

    public void forEach(Consumer<? super Listener> action) {
        byPort.values().stream().flatMap(List::stream).toList().forEach(action);
    }
}

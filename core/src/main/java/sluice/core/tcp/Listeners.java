package sluice.core.tcp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/** The ports in LISTEN: the listener with the exact address comes before those on all addresses. */
public final class Listeners {
    private final Map<Integer, List<Listener>> byPort = new HashMap<>();

    public @Nullable Listener find(long localHigh, long localLow, int port) {
        List<Listener> all = byPort.get(port);
        if (all == null) {
            return null;
        }
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

    /** Whether a listener on {@code local} and {@code port} would not stand in the way of another. */
    public boolean free(IpAddress local, int port) {
        List<Listener> all = byPort.get(port);
        if (all == null) {
            return true;
        }
        for (Listener l : all) {
            IpAddress a = l.localAddress();
            if (a.equals(local) || (a.isAny() || local.isAny())
                    && (a.isV4() == local.isV4() || a.isAny() && !a.isV4() || local.isAny() && !local.isV4())) {
                return false;
            }
        }
        return true;
    }

    /** Whether an active open may use the port: nobody listens on it. */
    public boolean freeForConnect(IpAddress local, int port) {
        return find(local.high(), local.low(), port) == null;
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

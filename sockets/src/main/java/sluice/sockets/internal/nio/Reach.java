package sluice.sockets.internal.nio;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import sluice.core.ip.NetworkInterface;
import sluice.core.ip.RouteEntry;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/**
 * Which addresses are a host's, and which the platform's, for programs that name no stack (decision 12). A host that
 * runs no more keeps what it would have had: its threads get errors, not another network. So do those of a host that is
 * {@linkplain HostAccess#isAlone alone}.
 */
final class Reach {
    private Reach() {}

    /** Whether the host has a route to a destination; loopback addresses are its own. */
    static boolean reaches(HostAccess access, InetAddress to) {
        if (to.isAnyLocalAddress() || to.isLoopbackAddress() || access.isAlone()) {
            return true;
        }
        IpAddress a = Addresses.of(to);
        try {
            return access.execute(host -> {
                for (RouteEntry r : host.routes()) {
                    if (r.prefix().contains(a)) {
                        return true;
                    }
                }
                return false;
            });
        } catch (ShardStoppedException e) {
            return true;
        }
    }

    /** Whether an address to bind to is one of the host's. */
    static boolean has(HostAccess access, InetAddress local) {
        if (local.isAnyLocalAddress() || local.isLoopbackAddress() || access.isAlone()) {
            return true;
        }
        IpAddress a = Addresses.of(local);
        try {
            return access.execute(host -> {
                for (NetworkInterface i : host.interfaces()) {
                    if (i.find(a) != null) {
                        return true;
                    }
                }
                return false;
            });
        } catch (ShardStoppedException e) {
            return true;
        }
    }

    /** The address that a channel can be used with; null when the channel itself shall complain of it. */
    static @Nullable InetAddress usable(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress i && !i.isUnresolved() ? i.getAddress() : null;
    }
}

package sluice.core.tcp.layer;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.wire.IpAddress;

/** The ports that sockets took before they connect or listen. Few at a time: a list. */
@Rfc(value = 9293, section = "3.9.1.1")
final class BoundPorts {
    private final List<BoundPort> all = new ArrayList<>();

    /** Takes a port; {@link #free} was asked before. */
    BoundPort add(IpAddress address, int port, SocketOptions options) {
        BoundPort b = new BoundPort(all, address, port, options);
        all.add(b);
        return b;
    }

    /** Whether nobody holds the port on {@code address}, or all who do share it, as this one would. */
    boolean free(IpAddress address, int port, SocketOptions options) {
        for (BoundPort b : all) {
            if (b.port() == port && overlap(b.address(), address) && !b.isSharedWith(options)) {
                return false;
            }
        }
        return true;
    }

    private static boolean overlap(IpAddress a, IpAddress b) {
        return a.equals(b) || a.isAny() && (!a.isV4() || b.isV4()) || b.isAny() && (!b.isV4() || a.isV4());
    }
}

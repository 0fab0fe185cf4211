package sluice.core.tcp.user;

import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.IpOutput;
import sluice.core.Route;
import sluice.core.tcp.TcpContext;
import sluice.wire.IpAddress;

/** OPEN, active: which addresses may be connected to, and from where. */
@Rfc(value = 9293, section = "3.10.1")
@Rfc(value = 9293, section = "3.9.1.1", req = {"MUST-43", "MUST-44", "MUST-45", "MUST-46"})
public final class OpenCall {
    private OpenCall() {}

    /** The route of an active open; throws with the reason when there can be none. */
    public static Route route(TcpContext tcp, @Nullable IpAddress local, IpAddress remote, int remotePort) {
        IpOutput ip = tcp.ip();
        String what = "connect to " + remote + ":" + remotePort;
        if (remotePort < 1 || remotePort > 65_535) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, what);
        }
        if (remote.isMulticast() || ip.isBroadcast(remote)) {
            throw new ErrnoException(Errno.ENETUNREACH, what);
        }
        if (local != null && local.isV4() != remote.isV4()) {
            throw new ErrnoException(Errno.EAFNOSUPPORT, what + " from " + local);
        }
        if (local != null && !ip.isLocal(local)) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, what + " from " + local);
        }
        Route route = ip.route(local, remote);
        if (route == null) {
            throw new ErrnoException(Errno.ENETUNREACH, what);
        }
        return route;
    }
}

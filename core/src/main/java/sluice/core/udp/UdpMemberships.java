package sluice.core.udp;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Route;
import sluice.core.ip.IpLayer;
import sluice.core.ip.NetworkInterface;
import sluice.wire.IpAddress;

/** The multicast groups that one socket has joined. */
@Rfc(value = 1112, section = "7.1")
final class UdpMemberships {
    /** Groups one socket may join. */
    static final int MAX = 64;

    private record Membership(IpAddress group, int interfaceIndex) {}

    private final IpLayer ip;
    private final List<Membership> joined = new ArrayList<>(0);

    UdpMemberships(IpLayer ip) {
        this.ip = ip;
    }

    /** {@link UdpSocket#join}. */
    void join(IpAddress group, int interfaceIndex) {
        String call = "join " + group;
        NetworkInterface in = groupInterface(group, interfaceIndex, call);
        Membership wanted = new Membership(group, in.index());
        if (joined.contains(wanted)) {
            throw new ErrnoException(Errno.EADDRINUSE, call);
        }
        if (joined.size() >= MAX || !in.join(group)) {
            throw new ErrnoException(Errno.ENOBUFS, call);
        }
        joined.add(wanted);
    }

    /** {@link UdpSocket#leave}. */
    void leave(IpAddress group, int interfaceIndex) {
        String call = "leave " + group;
        NetworkInterface in = groupInterface(group, interfaceIndex, call);
        if (!joined.remove(new Membership(group, in.index()))) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, call);
        }
        in.leave(group);
    }

    private NetworkInterface groupInterface(IpAddress group, int interfaceIndex, String call) {
        if (!group.isMulticast()) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        if (interfaceIndex != 0) {
            return ip.interfaces().require(interfaceIndex);
        }
        Route route = ip.route(null, group);
        if (route == null) {
            throw new ErrnoException(Errno.ENOENT, call);
        }
        return ip.interfaces().require(route.interfaceIndex);
    }

    void leaveAll() {
        for (Membership m : joined) {
            ip.interfaces().require(m.interfaceIndex).leave(m.group);
        }
        joined.clear();
    }

    /** Whether the group is joined on the interface. Allocates nothing. */
    boolean contains(int interfaceIndex, long high, long low) {
        for (int i = 0; i < joined.size(); i++) {
            Membership m = joined.get(i);
            if (m.interfaceIndex == interfaceIndex && m.group.high() == high && m.group.low() == low) {
                return true;
            }
        }
        return false;
    }
}

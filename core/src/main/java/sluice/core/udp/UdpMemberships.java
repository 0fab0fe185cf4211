package sluice.core.udp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.Route;
import sluice.core.ip.IpLayer;
import sluice.core.ip.NetworkInterface;
import sluice.wire.IpAddress;

/**
 * The multicast groups that one socket has joined, and from which sources it wants what comes for them: from all but
 * some, or from some only. The filter is the socket's; routers are told of neither groups nor sources.
 */
@Rfc(value = 1112, section = "7.1")
@Rfc(value = 3376, section = "3.1")
final class UdpMemberships {
    /** Groups one socket may join. */
    static final int MAX = 64;

    /** Sources that one membership may name. */
    static final int MAX_SOURCES = 64;

    /** A group on an interface: with the sources that are wanted, or the sources that are not. */
    private record Membership(IpAddress group, int interfaceIndex, boolean include, List<IpAddress> sources) {
        boolean is(IpAddress otherGroup, int otherIndex) {
            return interfaceIndex == otherIndex && group.equals(otherGroup);
        }

        boolean wants(long high, long low) {
            for (int i = 0; i < sources.size(); i++) {
                IpAddress s = sources.get(i);
                if (s.high() == high && s.low() == low) {
                    return include;
                }
            }
            return !include;
        }
    }

    private final IpLayer ip;
    private final List<Membership> joined = new ArrayList<>(0);

    UdpMemberships(IpLayer ip) {
        this.ip = ip;
    }

    /** {@link UdpSocket#join}. */
    void join(IpAddress group, int interfaceIndex) {
        String call = "join " + group;
        NetworkInterface in = groupInterface(group, interfaceIndex, call);
        if (find(group, in.index()) != null) {
            throw new ErrnoException(Errno.EADDRINUSE, call);
        }
        add(group, in, false, call);
    }

    private Membership add(IpAddress group, NetworkInterface in, boolean include, String call) {
        if (joined.size() >= MAX || !in.join(group)) {
            throw new ErrnoException(Errno.ENOBUFS, call);
        }
        Membership m = new Membership(group, in.index(), include, new ArrayList<>(0));
        joined.add(m);
        return m;
    }

    private @Nullable Membership find(IpAddress group, int interfaceIndex) {
        for (Membership m : joined) {
            if (m.is(group, interfaceIndex)) {
                return m;
            }
        }
        return null;
    }

    /** {@link UdpSocket#joinSource}. */
    void joinSource(IpAddress group, int interfaceIndex, IpAddress source) {
        String call = "join " + group + " from " + source;
        NetworkInterface in = groupInterface(group, interfaceIndex, call);
        Membership m = find(group, in.index());
        if (m == null) {
            m = add(group, in, true, call);
        }
        name(m, true, source, call);
    }

    /** {@link UdpSocket#leaveSource}. */
    void leaveSource(IpAddress group, int interfaceIndex, IpAddress source) {
        String call = "leave " + group + " from " + source;
        NetworkInterface in = groupInterface(group, interfaceIndex, call);
        Membership m = named(group, in.index(), true, source, call);
        if (m.sources.isEmpty()) {
            joined.remove(m);
            in.leave(group);
        }
    }

    /** {@link UdpSocket#block}. */
    void block(IpAddress group, int interfaceIndex, IpAddress source) {
        String call = "block " + source + " of " + group;
        Membership m = find(group, groupInterface(group, interfaceIndex, call).index());
        if (m == null) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        name(m, false, source, call);
    }

    /** {@link UdpSocket#unblock}. */
    void unblock(IpAddress group, int interfaceIndex, IpAddress source) {
        String call = "unblock " + source + " of " + group;
        named(group, groupInterface(group, interfaceIndex, call).index(), false, source, call);
    }

    private static void name(Membership m, boolean include, IpAddress source, String call) {
        if (m.include != include) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        if (m.sources.contains(source)) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, call);
        }
        if (m.sources.size() >= MAX_SOURCES) {
            throw new ErrnoException(Errno.ENOBUFS, call);
        }
        m.sources.add(source);
    }

    /** Takes a source off a membership; the membership. */
    private Membership named(IpAddress group, int index, boolean include, IpAddress source, String call) {
        Membership m = find(group, index);
        if (m == null || m.include != include) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        if (!m.sources.remove(source)) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, call);
        }
        return m;
    }

    /** {@link UdpSocket#leave}. */
    void leave(IpAddress group, int interfaceIndex) {
        String call = "leave " + group;
        NetworkInterface in = groupInterface(group, interfaceIndex, call);
        if (!joined.removeIf(m -> m.is(group, in.index()))) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, call);
        }
        in.leave(group);
    }

    private NetworkInterface groupInterface(IpAddress group, int interfaceIndex, String call) {
        if (!group.isMulticast()) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        NetworkInterface in = interfaceIndex != 0 ? ip.interfaces().get(interfaceIndex) : routed(group);
        if (in == null) {
            throw new ErrnoException(Errno.ENODEV, call);
        }
        return in;
    }

    private @Nullable NetworkInterface routed(IpAddress group) {
        Route route = ip.route(null, group);
        return route == null ? null : ip.interfaces().require(route.interfaceIndex);
    }

    void leaveAll() {
        for (Membership m : joined) {
            ip.interfaces().require(m.interfaceIndex).leave(m.group);
        }
        joined.clear();
    }

    /** Whether what a source sends to the group on the interface is wanted. Allocates nothing. */
    boolean wants(int interfaceIndex, long high, long low, long sourceHigh, long sourceLow) {
        for (int i = 0; i < joined.size(); i++) {
            Membership m = joined.get(i);
            if (m.interfaceIndex == interfaceIndex && m.group.high() == high && m.group.low() == low) {
                return m.wants(sourceHigh, sourceLow);
            }
        }
        return false;
    }
}

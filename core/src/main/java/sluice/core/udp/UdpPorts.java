package sluice.core.udp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.ip.AddressMap;
import sluice.wire.IpAddress;

/** Which sockets hold which ports, and which of them a datagram is for. Lookups allocate nothing. */
final class UdpPorts {
    private final Settings settings;
    private final Entropy entropy;
    private final AddressMap<ArrayList<UdpSocket>> ports;

    UdpPorts(HostContext context) {
        settings = context.settings();
        entropy = context.entropy();
        ports = new AddressMap<>(context.entropy());
    }

    /** Puts a socket on a port; EADDRINUSE when another holds it. */
    void add(UdpSocket socket, IpAddress address, int port) {
        if (conflicts(socket, address, port)) {
            throw new ErrnoException(Errno.EADDRINUSE, "bind UDP " + address + " port " + port);
        }
        ArrayList<UdpSocket> list = ports.get(0, port);
        if (list == null) {
            list = new ArrayList<>(1);
            ports.put(0, port, list);
        }
        list.add(socket);
    }

    private boolean conflicts(UdpSocket socket, IpAddress address, int port) {
        ArrayList<UdpSocket> list = ports.get(0, port);
        if (list != null) {
            for (UdpSocket other : list) {
                UdpOptions a = other.options();
                UdpOptions b = socket.options();
                if (!(a.reuseAddress && b.reuseAddress || a.reusePort && b.reusePort)
                        && overlaps(socket, address, other)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean overlaps(UdpSocket socket, IpAddress a, UdpSocket other) {
        IpAddress b = other.localAddress();
        boolean sameFamily = a.isV4() == b.isV4();
        if (a.equals(b)) {
            return true;
        }
        if (sameFamily) {
            return a.isAny() || b.isAny();
        }
        return a.isV4() ? b.isAny() && !other.options().v6Only : a.isAny() && !socket.options().v6Only;
    }

    /**
     * A free port of {@code ip_local_port_range}: a random one, then the next free one after it; EADDRNOTAVAIL when all
     * are taken.
     */
    @Rfc(value = 6056, section = "3.3.1")
    int ephemeral(UdpSocket socket, IpAddress address) {
        int first = (int) settings.get(Setting.IP_LOCAL_PORT_RANGE, 0);
        int span = (int) settings.get(Setting.IP_LOCAL_PORT_RANGE, 1) - first + 1;
        int start = entropy.nextInt(span);
        for (int i = 0; i < span; i++) {
            int port = first + (start + i) % span;
            if (!settings.isReservedPort(port) && ports.get(0, port) == null) {
                return port;
            }
        }
        for (int i = 0; i < span; i++) {
            int port = first + (start + i) % span;
            if (!settings.isReservedPort(port) && !conflicts(socket, address, port)) {
                return port;
            }
        }
        throw new ErrnoException(Errno.EADDRNOTAVAIL, "bind UDP " + address + " port 0");
    }

    void remove(UdpSocket socket, int port) {
        ArrayList<UdpSocket> list = ports.get(0, port);
        if (list != null && list.remove(socket) && list.isEmpty()) {
            ports.remove(0, port);
        }
    }

    /** All sockets on a port; null when there is none. */
    @Nullable List<UdpSocket> all(int port) {
        return ports.get(0, port);
    }

    /**
     * The socket that suits best: connected to the sender before bound to the address before bound to any; among equals
     * the latest, or with SO_REUSEPORT the one that the hash of both sides chooses, as on Linux.
     */
    @Nullable UdpSocket find(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow,
            int remotePort) {
        ArrayList<UdpSocket> list = ports.get(0, localPort);
        UdpSocket best = null;
        int bestScore = 0;
        for (int i = 0; list != null && i < list.size(); i++) {
            UdpSocket s = list.get(i);
            int score = s.score(localHigh, localLow, remoteHigh, remoteLow, remotePort);
            if (score > 0 && score >= bestScore) {
                best = s;
                bestScore = score;
            }
        }
        return list == null || best == null || list.size() == 1 || !isShared(best, best) ? best
                : ofGroup(list, best, place(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort));
    }

    private int place(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        int first = ports.hash(localHigh ^ Long.rotateLeft(remoteHigh, 32), localLow ^ Long.rotateLeft(remoteLow, 32));
        return ports.hash(first, (long) localPort << 16 | remotePort);
    }

    private static UdpSocket ofGroup(List<UdpSocket> all, UdpSocket best, int place) {
        int members = 0;
        for (int i = 0; i < all.size(); i++) {
            members += isShared(all.get(i), best) ? 1 : 0;
        }
        int left = (int) ((place & 0xffff_ffffL) * members >>> 32);
        for (int i = 0; i < all.size(); i++) {
            if (isShared(all.get(i), best) && left-- == 0) {
                return all.get(i);
            }
        }
        return best;
    }

    /** Whether a socket takes its part of what comes to the address of {@code best}; a connected one has its own. */
    private static boolean isShared(UdpSocket s, UdpSocket best) {
        return s.options().reusePort && s.remoteAddress() == null && s.localAddress().equals(best.localAddress());
    }

    /** Every socket, for printing. */
    void forEach(java.util.function.Consumer<UdpSocket> consumer) {
        ports.forEach(list -> list.forEach(consumer));
    }
}

package sluice.drill;

import sluice.base.Errno;
import sluice.core.MtuDiscovery;
import sluice.core.udp.UdpOptions;
import sluice.drill.Descriptor.Datagrams;

/** Socket options of UDP sockets, with the answers of Linux. */
final class DatagramOptions {
    private DatagramOptions() {}

    static Outcome set(Datagrams d, String name, long value) {
        if (name.startsWith("TCP_") && LinuxNames.OPTIONS.contains(name)) {
            return Outcome.error(Errno.ENOPROTOOPT);
        }
        UdpOptions o = d.socket.options();
        int v = (int) value;
        switch (name) {
            case "SO_REUSEADDR" -> o.reuseAddress = v != 0;
            case "SO_REUSEPORT" -> o.reusePort = v != 0;
            case "SO_BROADCAST" -> o.broadcast = v != 0;
            case "IP_RECVERR", "IPV6_RECVERR" -> o.receiveErrors = v != 0;
            case "IP_TOS", "IPV6_TCLASS" -> o.setTos(v & 0xff);
            case "IP_TTL", "IPV6_UNICAST_HOPS" -> {
                if (v < 1 || v > 255) {
                    return Outcome.error(Errno.EINVAL);
                }
                o.setTtl(v);
            }
            case "IP_MTU_DISCOVER", "IPV6_MTU_DISCOVER" -> {
                if (v < 0 || v >= MtuDiscovery.values().length) {
                    return Outcome.error(Errno.EINVAL);
                }
                o.mtuDiscovery = MtuDiscovery.values()[v];
            }
            default -> throw LinuxNames.notDone("option of a UDP socket", name, LinuxNames.OPTIONS);
        }
        return Outcome.ZERO;
    }

    static long get(Datagrams d, String name) {
        UdpOptions o = d.socket.options();
        return switch (name) {
            case "SO_TYPE" -> 2;
            case "SO_PROTOCOL" -> Seen.UDP;
            case "SO_ACCEPTCONN" -> 0;
            case "SO_ERROR" -> {
                Errno e = d.socket.takeError();
                yield e == null ? 0 : e.number();
            }
            case "SO_REUSEADDR" -> o.reuseAddress ? 1 : 0;
            case "SO_REUSEPORT" -> o.reusePort ? 1 : 0;
            case "SO_BROADCAST" -> o.broadcast ? 1 : 0;
            case "IP_RECVERR", "IPV6_RECVERR" -> o.receiveErrors ? 1 : 0;
            case "IP_TOS", "IPV6_TCLASS" -> o.tos();
            case "IP_TTL", "IPV6_UNICAST_HOPS" -> o.ttl();
            default -> throw LinuxNames.notDone("option of a UDP socket", name, LinuxNames.OPTIONS);
        };
    }
}

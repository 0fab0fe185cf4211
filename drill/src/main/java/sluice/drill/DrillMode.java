package sluice.drill;

import java.util.Map;

/**
 * Which IP a script is run over, with the addresses and definitions that the public suite's runner gives in that mode.
 */
public enum DrillMode {
    /** IPv4. */
    IPV4("ipv4", "192.168.0.1", "192.168.0.1", "192.0.2.1", 1500,
            Map.of("TFO_COOKIE", "3021b9d889017eeb", "CODE", "host_unreachable", "CMSG_LEVEL_IP", "SOL_IP",
                    "CMSG_TYPE_RECVERR", "IP_RECVERR")),
    /** IPv6. */
    IPV6("ipv6", "fd3d:0a0b:17d6::1", "fd3d:0a0b:17d6:8888::1", "fd3d:fa7b:d17d::1", 1520,
            Map.of("TFO_COOKIE", "c1d1e9742a47a9bc", "CMSG_LEVEL_IP", "SOL_IPV6", "CMSG_TYPE_RECVERR", "IPV6_RECVERR")),
    /** IPv4 through sockets of IPv6. */
    MAPPED("ipv4-mapped-ipv6", "192.168.0.1", "192.168.0.1", "192.0.2.1", 1500,
            Map.of("TFO_COOKIE", "3021b9d889017eeb", "CODE", "host_unreachable", "CMSG_LEVEL_IP", "SOL_IPV6",
                    "CMSG_TYPE_RECVERR", "IPV6_RECVERR"));

    private final String optionName;
    private final String local;
    private final String gateway;
    private final String remote;
    private final int mtu;
    private final Map<String, String> defines;

    DrillMode(String optionName, String local, String gateway, String remote, int mtu, Map<String, String> defines) {
        this.optionName = optionName;
        this.local = local;
        this.gateway = gateway;
        this.remote = remote;
        this.mtu = mtu;
        this.defines = defines;
    }

    /** As {@code --ip_version} has it. */
    public String optionName() {
        return optionName;
    }

    /** The mode of that name; IllegalArgumentException when there is none. */
    public static DrillMode of(String name) {
        for (DrillMode m : values()) {
            if (m.optionName.equals(name)) {
                return m;
            }
        }
        throw new IllegalArgumentException("--ip_version is ipv4, ipv6 or ipv4-mapped-ipv6, not \"" + name + "\"");
    }

    String local() {
        return local;
    }

    String gateway() {
        return gateway;
    }

    String remote() {
        return remote;
    }

    int mtu() {
        return mtu;
    }

    Map<String, String> defines() {
        return defines;
    }
}

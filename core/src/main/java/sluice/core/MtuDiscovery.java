package sluice.core;

/** IP_MTU_DISCOVER: what a socket does where the path carries less than its packets. */
public enum MtuDiscovery {
    /** Never set DF. A UDP socket cuts what does not fit; TCP learns nothing from ICMP. */
    DONT,
    /** Set DF on what fits the path, unless the path is locked ({@link IpOutput#pathMtuLocked}). */
    WANT,
    /** Always set DF, on a locked path too. A UDP socket refuses what does not fit with EMSGSIZE. */
    DO;

    /** What a socket has that chose nothing (net.ipv4.ip_no_pmtu_disc). */
    public static MtuDiscovery byDefault(Settings settings) {
        return settings.get(Setting.IP_NO_PMTU_DISC) == 0 ? WANT : DONT;
    }

    /** Whether the socket wants to know what the path carries. */
    public boolean isOn() {
        return this != DONT;
    }

    /**
     * Whether a packet that fits the path's MTU has DF (Linux's {@code ip_dont_fragment}).
     *
     * @param locked the path carries less than its MTU says, and routers must be let cut packets
     */
    public boolean dontFragment(boolean locked) {
        return this == DO || this == WANT && !locked;
    }
}

package sluice.wire;

/** What a captured packet begins with, by the numbers of pcap (www.tcpdump.org/linktypes.html). */
public final class LinkType {
    /** BSD loopback: four bytes of address family in the byte order of the machine that captured, then IP. */
    public static final int NULL = 0;
    /** Ethernet II. */
    public static final int ETHERNET = 1;
    /** IPv4 or IPv6, told apart by the version field. */
    public static final int RAW = 101;
    /** IPv4. */
    public static final int IPV4 = 228;
    /** IPv6. */
    public static final int IPV6 = 229;

    private LinkType() {}
}

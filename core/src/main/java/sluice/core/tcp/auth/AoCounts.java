package sluice.core.tcp.auth;

/** What happened to the segments of a connection with TCP-AO: the pkt_ fields of Linux's tcp_ao_info_opt. */
public final class AoCounts {
    /** Good MACs. */
    public long good;
    /** Wrong MACs. */
    public long bad;
    /** KeyIDs for which there is no key. */
    public long keyNotFound;
    /** Unsigned segments. */
    public long required;
    /** ICMP errors that were ignored. */
    public long droppedIcmps;
}

package sluice.core.tcp.data;

import sluice.base.Deadlines;
import sluice.core.HostContext;
import sluice.core.IpOutput;

/** What TCP of one host has for each of its connections: the host's parts, IP, the queue of timers, sizes. */
public class TcpServices {
    private final HostContext host;
    private final IpOutput ip;
    private final Deadlines<TcpTimer> deadlines = new Deadlines<>();
    private final BufferSizes sizes;
    private final SpareSegments spareSegments = new SpareSegments();

    /** For TCP over {@code ip}. */
    protected TcpServices(HostContext host, IpOutput ip) {
        this.host = host;
        this.ip = ip;
        sizes = new BufferSizes(host.settings());
    }

    /** What the host's parts share. */
    public final HostContext host() {
        return host;
    }

    /** IP below. */
    public final IpOutput ip() {
        return ip;
    }

    /** The queue of all timers. */
    public final Deadlines<TcpTimer> deadlines() {
        return deadlines;
    }

    /** Entries of scoreboards that are not used now. */
    final SpareSegments spareSegments() {
        return spareSegments;
    }

    /** Sizes by the settings. */
    public final BufferSizes sizes() {
        return sizes;
    }
}

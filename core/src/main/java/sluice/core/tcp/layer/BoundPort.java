package sluice.core.tcp.layer;

import java.util.List;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.wire.IpAddress;

/**
 * A port that a socket holds from bind(2) until it connects, listens or closes. Used by the thread inside the host.
 */
@Rfc(value = 9293, section = "3.9.1.1")
public final class BoundPort {
    private final List<BoundPort> all;
    private final IpAddress address;
    private final int port;
    private final boolean reuseAddress;
    private final boolean reusePort;

    BoundPort(List<BoundPort> all, IpAddress address, int port, SocketOptions options) {
        this.all = all;
        this.address = address;
        this.port = port;
        reuseAddress = options.reuseAddress;
        reusePort = options.reusePort;
    }

    /** One of ours, or 0.0.0.0 or :: for all. */
    public IpAddress address() {
        return address;
    }

    /** 1…65535. */
    public int port() {
        return port;
    }

    /** Whether another may have it as well: one that says SO_REUSEADDR too, or SO_REUSEPORT. */
    boolean isSharedWith(SocketOptions other) {
        return reuseAddress && other.reuseAddress || reusePort && other.reusePort;
    }

    /** Gives the port back: right before the call that uses it, or at the end. More calls do nothing. */
    public void release() {
        all.remove(this);
    }
}

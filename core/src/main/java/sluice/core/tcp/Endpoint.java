package sluice.core.tcp;

import org.jspecify.annotations.Nullable;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.IpAddress;

/**
 * Anything that answers to a port: four kinds of very different size, so that floods cost half-opens and closed
 * connections cost time-waits.
 */
public sealed interface Endpoint permits Listener, Connection {
    /** Its state. */
    TcpState state();

    /** Our address; 0.0.0.0 or :: for a listener on all. */
    IpAddress localAddress();

    /** Our port. */
    int localPort();

    /** The peer's address; null for a listener. */
    @Nullable IpAddress remoteAddress();

    /** The peer's port; 0 for a listener. */
    int remotePort();
}

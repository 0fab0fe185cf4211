package sluice.core.tcp;

import sluice.core.tcp.segment.FourTuple;
import sluice.wire.IpAddress;

/** An endpoint with a peer: what the connection table holds. */
public sealed interface Connection extends Endpoint permits Tcb, HalfOpen, TimeWait {
    /** Its four-tuple. */
    FourTuple tuple();

    @Override
    default IpAddress localAddress() {
        return tuple().local();
    }

    @Override
    default int localPort() {
        return tuple().localPort();
    }

    @Override
    default IpAddress remoteAddress() {
        return tuple().remote();
    }

    @Override
    default int remotePort() {
        return tuple().remotePort();
    }
}

package sluice.core.tcp.segment;

import sluice.wire.IpAddress;

/**
 * What tells one connection from another.
 *
 * @param local our address
 * @param localPort our port
 * @param remote the peer's address
 * @param remotePort the peer's port
 */
public record FourTuple(IpAddress local, int localPort, IpAddress remote, int remotePort) {
    /** Whether this is the tuple with these parts; allocates nothing. */
    public boolean is(long localHigh, long localLow, int ourPort, long remoteHigh, long remoteLow, int theirPort) {
        return localPort == ourPort && remotePort == theirPort && remote.low() == remoteLow && local.low() == localLow
                && remote.high() == remoteHigh
                && local.high() == localHigh;
    }

    @Override
    public String toString() {
        return local + ":" + localPort + "-" + remote + ":" + remotePort;
    }
}

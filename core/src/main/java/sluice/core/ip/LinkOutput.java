package sluice.core.ip;

import sluice.wire.Packet;

/** The last step of IP output: puts a link header in front where the link has one. */
public interface LinkOutput {
    /**
     * Readies {@code packet} (an IP packet) for the neighbour at {@code nextHop}.
     *
     * @return the interface's index when the packet can be transmitted now; {@link sluice.core.IpOutput#DEFERRED} when
     * a copy of it waits for the neighbour's address, or it was dropped and counted
     */
    int output(Packet packet, NetworkInterface out, long nextHopHigh, long nextHopLow, long nowNs);
}

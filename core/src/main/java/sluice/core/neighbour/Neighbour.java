package sluice.core.neighbour;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sluice.base.Deadlines;
import sluice.core.ip.NetworkInterface;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * An address on a link and the link address that answers for it. Read by printers; changed by {@link NeighbourCache}
 * only.
 */
public final class Neighbour extends Deadlines.Entry {
    final NetworkInterface out;
    final IpAddress address;
    NeighbourState state = NeighbourState.INCOMPLETE;
    long macAddress;
    long reachableUntilNs;
    int probes;
    boolean router;
    final ArrayDeque<Packet> waiting = new ArrayDeque<>(0);
    int waitingBytes;
    /** Its place among those that may have to give way. */
    @Nullable NeighbourOrder order;
    @Nullable Neighbour earlier;
    @Nullable Neighbour later;

    Neighbour(NetworkInterface out, IpAddress address) {
        this.out = out;
        this.address = address;
    }

    /** The interface it is a neighbour on. */
    public NetworkInterface networkInterface() {
        return out;
    }

    /** Its IP address. */
    public IpAddress address() {
        return address;
    }

    /** What is known. */
    public NeighbourState state() {
        return state;
    }

    /** Its 48-bit link address; meaningless while INCOMPLETE. */
    public long macAddress() {
        return macAddress;
    }

    /** Whether it advertised itself as a router. */
    public boolean router() {
        return router;
    }
}

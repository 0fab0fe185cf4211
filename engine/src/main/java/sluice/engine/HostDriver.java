package sluice.engine;

import org.jspecify.annotations.Nullable;
import sluice.core.Host;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.wire.Packet;

/**
 * How a host is drained after each change (a packet, a deadline, a user call): its ready endpoints tell their
 * listeners, then its packets go out, again and again until a round finds nothing. Endpoints come first, so that what
 * their listeners send leaves with the acknowledgments that the host owes. The one such loop: shards on real threads,
 * hosts in virtual time and scripts differ only in their bounds, in where packets go and in how listeners are called.
 *
 * <p><b>Thread rules.</b> Used by whoever is inside the host.
 */
public final class HostDriver {
    /** Where the packets of a host go. */
    public interface Outlet {
        /** Whether anything can be taken now; otherwise the host is not asked, and its data stays in its rings. */
        default boolean isOpen(long nowNs) {
            return true;
        }

        /** The packet to fill next, of at least {@link Packet#MAX_CAPACITY} bytes. */
        Packet packet();

        /**
         * Takes the packet that was filled; its tail may lie in a send ring until the host is asked again.
         *
         * @param interfaceIndex the interface it leaves by, 1 and up
         * @return whether more can be taken now; this one was taken in any case
         */
        boolean take(int interfaceIndex, Packet packet, long nowNs);
    }

    private final Host host;
    private final Outlet outlet;
    private final ReadinessListener.Caller caller;
    private boolean dispatching;

    /** Drives {@code host}; listeners are called through {@code caller}. */
    public HostDriver(Host host, Outlet outlet, ReadinessListener.Caller caller) {
        this.host = host;
        this.outlet = outlet;
        this.caller = caller;
    }

    /**
     * Brings the host to rest.
     *
     * @param rounds most rounds
     * @param endpoints most endpoints in a round
     * @param packets most packets in a round
     * @return whether it is at rest (or its outlet is closed); false when the rounds were not enough
     */
    public boolean drain(int rounds, int endpoints, int packets, long nowNs) {
        for (int i = 0; i < rounds; i++) {
            int done = dispatch(endpoints, nowNs) + transmit(packets, nowNs);
            // What the host sends to itself leaves nothing to transmit, but makes endpoints ready.
            boolean idle = dispatching || !host.hasReady();
            if (idle && (done == 0 || !host.hasOutput())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Has ready endpoints tell their listeners; nothing when called by a listener.
     *
     * @param most endpoints
     * @return how many there were; {@code most} when some may be left
     */
    public int dispatch(int most, long nowNs) {
        if (dispatching || !host.hasReady()) {
            return 0;
        }
        dispatching = true;
        try {
            for (int n = 0; n < most; n++) {
                @Nullable Pollable p = host.pollReady();
                if (p == null) {
                    return n;
                }
                p.tellListeners(caller, nowNs);
            }
            return most;
        } finally {
            dispatching = false;
        }
    }

    /** Whether listeners are being called. */
    public boolean isDispatching() {
        return dispatching;
    }

    /**
     * Sends what the host has to send.
     *
     * @param most packets
     * @return how many there were; {@code most} when some may be left that could be sent now
     */
    public int transmit(int most, long nowNs) {
        if (!outlet.isOpen(nowNs)) {
            return 0;
        }
        for (int n = 0; n < most; n++) {
            if (!host.hasOutput()) {
                return n;
            }
            Packet p = outlet.packet();
            int i = host.pollTransmit(p, nowNs);
            if (i < 0) {
                return n;
            }
            if (!outlet.take(i, p, nowNs)) {
                return n + 1;
            }
        }
        return most;
    }
}

package sluice.link;

import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.LinkProperties;
import sluice.wire.Packet;

/**
 * Something that carries packets: a TUN device, a pipe to another host, or a link that wraps another one (capture,
 * trace, impairment).
 *
 * <p>Polled, never calls back. Used by one thread at a time.
 */
public interface Link extends AutoCloseable {
    /** What the stack has to know of it. */
    LinkProperties properties();

    /**
     * Takes the next packet that has arrived into {@code into} (cleared first).
     *
     * @return false when none is there now
     */
    boolean receive(Packet into, long nowNs);

    /**
     * Sends a packet. The packet and its tail belong to the caller again when the call returns.
     *
     * @return false when the link is full: nothing was sent, try again later
     */
    boolean transmit(Packet packet, long nowNs);

    /**
     * When a packet held inside (delayed, rate-limited) will be ready; {@link Time#NEVER} when nothing is held or
     * only the outside can tell.
     */
    default long nextEventNs() {
        return Time.NEVER;
    }

    /**
     * Whether it has ended by itself, as a device that was deleted: nothing will come or go any more. A device that is
     * only down is not gone.
     */
    default boolean isGone() {
        return false;
    }

    /**
     * Names who is to be woken when something arrives or a full queue has room again; null for nobody. The stack calls
     * it. Only for links that other threads fill: who waits for a device asks the kernel.
     */
    default void setWaiter(@Nullable LinkWaiter toWake) {
        // the kernel wakes
    }

    /** Frees what it holds. Idempotent. */
    @Override
    void close();
}

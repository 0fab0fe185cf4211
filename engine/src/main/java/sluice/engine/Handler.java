package sluice.engine;

import sluice.core.Pollable;

/**
 * A service that lives inside the shard: hung on an endpoint's {@link Pollable#attachment}, it is called when the
 * endpoint's readiness gains a bit.
 *
 * <p><b>Thread rules.</b> Called by whichever thread is inside the shard, with the shard's lock held, so it may call
 * the core's user calls directly and needs no lock of its own for what only handlers of the same shard touch. It must
 * not block and should do a bounded amount of work: what it leaves undone it announces with {@link
 * Pollable#signalReady()} to be called again after the packets that wait. What it throws aborts its endpoint and
 * nothing else.
 */
@FunctionalInterface
public interface Handler {
    /**
     * The endpoint can do something it could not do before.
     *
     * @param shard where we are; its host is {@link Shard#host()}
     * @param endpoint the listener, connection or UDP endpoint
     * @param readiness its bits now ({@link Pollable#READABLE} …)
     * @param nowNs the time to hand to user calls
     */
    void ready(Shard shard, Pollable endpoint, int readiness, long nowNs);
}

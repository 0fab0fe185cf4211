package sluice.engine;

import org.jspecify.annotations.Nullable;

/**
 * A place for one thread to wait in: made once per endpoint and direction, used for every wait there, so that waiting
 * allocates nothing.
 *
 * <p>All fields are guarded by the shard's lock.
 */
public final class Waiter {
    /** Who waits; null when nobody does. */
    @Nullable Thread thread;
    /** The readiness bits that end the wait. */
    int interest;
    /** Set by whoever ends the wait. */
    boolean signalled;
    /** Neighbours in the shard's list of all that wait. */
    @Nullable Waiter previous;
    @Nullable Waiter next;
}

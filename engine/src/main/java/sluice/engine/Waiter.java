package sluice.engine;

import org.jspecify.annotations.Nullable;
import sluice.core.Pollable;

/**
 * A place for one thread to wait in: made once per endpoint and direction ({@link Waiters}), used for every wait there, so that waiting
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

    /** Whether a thread waits here for one of these bits; an error or a hang-up ends every wait. */
    boolean awaits(int readiness) {
        return thread != null && !signalled && (readiness & (interest | Pollable.ERROR | Pollable.HANGUP)) != 0;
    }
}

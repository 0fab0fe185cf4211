package sluice.engine;

import org.jspecify.annotations.Nullable;
import sluice.core.Pollable;

/**
 * A place for one thread to wait in: made once per endpoint and direction ({@link Waiters}), used for every wait there,
 * so that waiting allocates nothing.
 *
 * <p>Programs hand it to {@link HostAccess#block} and {@link HostAccess#wake}; its methods are for implementations of
 * those, inside the host.
 */
public final class Waiter {
    /** Who waits; null when nobody does. */
    @Nullable Thread thread;
    /** Whether it is a selector's. */
    final boolean selects;
    /** The readiness bits that end the wait. */
    int interest;
    /** Set by whoever ends the wait. */
    boolean signalled;
    /** Neighbours in the shard's list of all that wait. */
    @Nullable Waiter previous;
    @Nullable Waiter next;

    /** For one endpoint, or something else. */
    public Waiter() {
        this(false);
    }

    private Waiter(boolean selects) {
        this.selects = selects;
    }

    /** For the thread of a selector, which waits for many endpoints and serves what became ready itself. */
    public static Waiter ofSelector() {
        return new Waiter(true);
    }

    /**
     * The calling thread waits here from now on, for these bits.
     *
     * @throws IllegalStateException another waits here already
     */
    public void begin(int bits) {
        if (thread != null) {
            throw new IllegalStateException("another thread waits here already");
        }
        signalled = false;
        interest = bits;
        thread = Thread.currentThread();
    }

    /** Nobody waits here any more. */
    public void end() {
        thread = null;
    }

    /** Ends the wait; false when nobody waits or it has been ended. The thread still has to be woken. */
    public boolean signal() {
        if (thread == null || signalled) {
            return false;
        }
        signalled = true;
        return true;
    }

    /** Whether the wait has been ended. */
    public boolean isSignalled() {
        return signalled;
    }

    /** Whether a thread waits here for one of these bits; an error or a hang-up ends every wait. */
    boolean awaits(int readiness) {
        return thread != null && !signalled && (readiness & (interest | Pollable.ERROR | Pollable.HANGUP)) != 0;
    }
}

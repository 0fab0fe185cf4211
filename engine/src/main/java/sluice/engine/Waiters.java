package sluice.engine;

/**
 * What a blocking socket hangs on its endpoint's {@link sluice.core.Pollable#attachment}: a place to wait in for each
 * kind of call.
 */
public final class Waiters {
    /** For readers and accepters. */
    public final Waiter read = new Waiter();
    /** For writers and connecting. */
    public final Waiter write = new Waiter();
    /** For a close that waits for the peer. */
    public final Waiter close = new Waiter();
}

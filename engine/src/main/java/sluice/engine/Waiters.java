package sluice.engine;

/** What a blocking socket hangs on its endpoint's {@link sluice.core.Pollable#attachment}: one place to wait for input, one to wait for output. */
public final class Waiters {
    /** For readers and accepters. */
    public final Waiter read = new Waiter();
    /** For writers, connecting and lingering. */
    public final Waiter write = new Waiter();
}

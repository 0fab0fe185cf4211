package sluice.engine;

import sluice.core.Pollable;
import sluice.core.ReadinessListener;

/**
 * What a blocking socket has listen to its endpoint: a place to wait in for each kind of call. Made once per endpoint;
 * a wait adds and removes nothing.
 */
public final class Waiters implements ReadinessListener {
    /** For readers and accepters. */
    public final Waiter read = new Waiter();
    /** For writers and connecting. */
    public final Waiter write = new Waiter();
    /** For a close that waits for the peer. */
    public final Waiter close = new Waiter();
    private final HostAccess access;

    /** Places for threads that wait in this host. */
    public Waiters(HostAccess access) {
        this.access = access;
    }

    @Override
    public void ready(Pollable endpoint, int readiness, long nowNs) {
        wakeIfReady(read, readiness);
        wakeIfReady(write, readiness);
        wakeIfReady(close, readiness);
    }

    private void wakeIfReady(Waiter w, int readiness) {
        if (w.awaits(readiness)) {
            access.wake(w);
        }
    }

    @Override
    public boolean worksInTheCall() {
        return false;
    }
}

package sluice.link;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for links in memory, which call {@link #wakeup} when something arrives, or when a full one has room again.
 *
 * <p>{@link #await} belongs to one thread at a time, platform or virtual; {@link #wakeup} is for any. Many wake-ups of
 * a thread that is awake cost one compare-and-set and end the next wait at once.
 */
public final class ParkWaiter implements LinkWaiter {
    private static final int AWAKE = 0;
    private static final int SLEEPING = 1;
    private static final int WOKEN = 2;

    private final AtomicInteger phase = new AtomicInteger(AWAKE);
    private volatile @Nullable Thread waiting;

    /** A waiter. */
    public ParkWaiter() {}

    @Override
    public void await(long timeoutNs, boolean wantWritable) {
        waiting = Thread.currentThread();
        if (!phase.compareAndSet(AWAKE, SLEEPING)) {
            phase.set(AWAKE);
            return;
        }
        boolean limited = timeoutNs != Long.MAX_VALUE;
        long started = System.nanoTime();
        while (phase.get() == SLEEPING && !Thread.currentThread().isInterrupted()) {
            if (limited) {
                long left = timeoutNs - (System.nanoTime() - started);
                if (left <= 0) {
                    break;
                }
                LockSupport.parkNanos(this, left);
            } else {
                LockSupport.park(this);
            }
        }
        phase.set(AWAKE);
    }

    @Override
    public void wakeup() {
        if (phase.get() != WOKEN && phase.getAndSet(WOKEN) == SLEEPING) {
            LockSupport.unpark(waiting);
        }
    }

    @Override
    public void close() {
        wakeup();
    }
}

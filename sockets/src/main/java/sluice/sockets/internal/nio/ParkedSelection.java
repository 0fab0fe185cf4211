package sluice.sockets.internal.nio;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;

/**
 * Where a selection waits whose keys are of several hosts that are alone ({@link
 * sluice.engine.HostAccess#isAlone}): there is nothing of the platform's to wait for, so its thread parks, in whatever
 * time it has. No key is ever here.
 */
final class ParkedSelection extends KeyPlace {
    private volatile @Nullable Thread waiting;

    /** Waits until {@link #rouse}, an interrupt, or that long. May return early. */
    void await(long nanos) {
        waiting = Thread.currentThread();
        if (nanos == Time.NEVER) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
    }

    @Override
    void rouse() {
        LockSupport.unpark(waiting);
    }

    /** The selection begins; from now on it can be roused. */
    void begin() {
        waiting = Thread.currentThread();
    }

    @Override
    void lookFor(SluiceSelectionKey k) {}

    @Override
    void drop(List<SluiceSelectionKey> keys) {}
}

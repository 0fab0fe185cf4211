package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/** Members in {@link Object#wait}, the longest first. Guarded by the simulation's lock. */
final class WaitSet {
    private volatile @Nullable Member first;

    private @Nullable Member last;

    /** Who waits longest. May be asked without the lock: who owns a monitor knows of those that wait in it. */
    @Nullable Member first() {
        return first;
    }

    void add(Member m) {
        m.previousWaiting = last;
        m.nextWaiting = null;
        if (last == null) {
            first = m;
        } else {
            last.nextWaiting = m;
        }
        last = m;
    }

    /** Nothing when it is not there. */
    void remove(Member m) {
        Member before = m.previousWaiting;
        Member after = m.nextWaiting;
        if (before == null && first != m) {
            return;
        }
        if (before == null) {
            first = after;
        } else {
            before.nextWaiting = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previousWaiting = before;
        }
        m.previousWaiting = null;
        m.nextWaiting = null;
    }
}

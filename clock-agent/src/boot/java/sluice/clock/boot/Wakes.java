package sluice.clock.boot;

import java.util.concurrent.locks.LockSupport;

/** Members to be woken when the simulation's lock is left; what wakes them may take other locks. */
final class Wakes {
    private Member[] members = new Member[2];
    private int size;

    /** The lock is held. */
    void add(Member m, boolean inMonitor) {
        if (size == members.length) {
            Member[] more = new Member[size * 2];
            System.arraycopy(members, 0, more, 0, size);
            members = more;
        }
        m.wakeInMonitor = inMonitor;
        members[size++] = m;
    }

    /** The lock is not held. */
    void run() {
        for (int i = 0; i < size; i++) {
            Member m = members[i];
            if (m.thread == Thread.currentThread()) {
                continue;
            }
            if (m.wakeInMonitor) {
                Waker.wake(m);
            } else {
                unpark(m);
            }
        }
    }

    /** As {@link #run}, by a thread that owns {@code monitor}. */
    void runOwning(Object monitor) {
        boolean notify = false;
        for (int i = 0; i < size; i++) {
            Member m = members[i];
            if (!m.wakeInMonitor) {
                unpark(m);
            } else if (m.target == monitor) {
                notify = true;
            } else {
                Waker.wake(m);
            }
        }
        if (notify) {
            monitor.notifyAll();
        }
    }

    /**
     * The platform's unpark, before which stands the hook that has to know it from the program's: one of those may
     * come from another thread at the same time.
     */
    private static void unpark(Member m) {
        Thread caller = Thread.currentThread();
        Member member = MemberTable.find(caller);
        if (member != null) {
            member.wakes = true;
            LockSupport.unpark(m.thread);
            member.wakes = false;
            return;
        }
        m.waking = caller;
        LockSupport.unpark(m.thread);
        if (m.waking == caller) {
            m.waking = null;
        }
    }
}

package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/**
 * Threads that wake members out of {@link Object#wait}, for which the monitor has to be taken. It may be held by a
 * member that waits for something else; so whoever has the time must not do it itself.
 */
final class Waker extends Thread {
    private static final Object LOCK = new Object();

    private static @Nullable Waker idle;

    private @Nullable Member task;
    private @Nullable Waker nextIdle;

    private Waker(Member task) {
        super(null, null, "sluice-waker", 0, false);
        this.task = task;
        setDaemon(true);
    }

    /** Wakes {@code m} soon. */
    static void wake(Member m) {
        Waker w;
        synchronized (LOCK) {
            w = idle;
            if (w != null) {
                idle = w.nextIdle;
                w.nextIdle = null;
                w.task = m;
                m.waker = w;
                LOCK.notifyAll();
                return;
            }
        }
        w = new Waker(m);
        m.waker = w;
        w.start();
    }

    @Override
    public void run() {
        while (true) {
            Member m = next();
            Object monitor = m.target;
            if (monitor != null) {
                synchronized (monitor) {
                    m.waker = null;
                    monitor.notifyAll();
                }
            }
        }
    }

    private Member next() {
        synchronized (LOCK) {
            Member m = task;
            while (m == null) {
                if (nextIdle == null && idle != this && !listed()) {
                    nextIdle = idle;
                    idle = this;
                }
                try {
                    LOCK.wait();
                } catch (InterruptedException e) {
                    // Nobody should; it goes on.
                }
                m = task;
            }
            task = null;
            return m;
        }
    }

    private boolean listed() {
        for (Waker w = idle; w != null; w = w.nextIdle) {
            if (w == this) {
                return true;
            }
        }
        return false;
    }
}

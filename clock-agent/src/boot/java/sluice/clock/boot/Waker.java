package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/**
 * Threads that wake members out of {@link Object#wait}, for which the monitor has to be taken. It may be held by a
 * member that waits for something else; so whoever has the time must not do it itself.
 */
final class Waker extends Thread {
    private static final Object LOCK = new Object();

    /** For how long it waits for something to do, nanoseconds of the platform's time. */
    private static final long IDLE_NS = 200_000_000;

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
        for (Member m = next(); m != null; m = next()) {
            Object monitor = m.target;
            if (monitor != null) {
                synchronized (monitor) {
                    monitor.notifyAll();
                }
            }
            if (m.waker == this) {
                m.waker = null;
            }
        }
    }

    /** Whom to wake next; null when there was nobody for so long that this thread ends. */
    private @Nullable Member next() {
        synchronized (LOCK) {
            if (task == null) {
                nextIdle = idle;
                idle = this;
            }
            long untilNs = System.nanoTime() + IDLE_NS;
            while (task == null) {
                long leftMs = (untilNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    unlist();
                    return null;
                }
                try {
                    LOCK.wait(leftMs);
                } catch (InterruptedException e) {
                    // Nobody should; it goes on.
                }
            }
            Member m = task;
            task = null;
            return m;
        }
    }

    private void unlist() {
        if (idle == this) {
            idle = nextIdle;
            return;
        }
        for (Waker w = idle; w != null; w = w.nextIdle) {
            if (w.nextIdle == this) {
                w.nextIdle = nextIdle;
            }
        }
    }
}

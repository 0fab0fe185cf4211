package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/** What members do, for the watchdog and for people. */
final class Survey {
    private static final String[] WORDS = {"runs", "parks", "sleeps", "waits", "joins", "reads the clock", "is frozen",
        "has ended"};

    private Survey() {}

    static Thread[] members(Simulation s) {
        synchronized (s.lock) {
            Thread[] threads = new Thread[s.members.count()];
            for (int i = 0; i < s.members.count(); i++) {
                threads[i] = s.members.get(i).thread;
            }
            return threads;
        }
    }

    static Thread[] runners(Simulation s, long sinceNanoTime) {
        synchronized (s.lock) {
            Thread[] threads = new Thread[s.members.count()];
            int n = 0;
            for (int i = 0; i < s.members.count(); i++) {
                Member m = s.members.get(i);
                if (m.state == Member.RUNS && m.runsSince - sinceNanoTime <= 0) {
                    threads[n++] = m.thread;
                }
            }
            return first(threads, n);
        }
    }

    /**
     * Members that are counted and cannot run, since others have the monitors they want, and wait: for each its thread,
     * the monitor and the thread that has it. Null when one of them can run, or its monitor becomes free without
     * anybody being woken: on a busy machine a thread that is only about to be given the processor looks for long like
     * one that waits.
     *
     * <p>It is certain: nobody began or ended to be able to run meanwhile, and who has such a monitor waits in a way
     * that keeps it until it is woken.
     */
    static Object @Nullable [] heldUp(Simulation s) {
        Member[] all;
        Member[] counted;
        int count = 0;
        long changes;
        synchronized (s.lock) {
            changes = s.changes;
            all = new Member[s.members.count()];
            counted = new Member[all.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = s.members.get(i);
                if (all[i].state == Member.RUNS && !s.baton.isQueued(all[i])) {
                    counted[count++] = all[i];
                }
            }
        }
        Object[] threes = new Object[3 * count];
        for (int i = 0; i < count; i++) {
            if (!isBlocked(counted[i])) {
                return null;
            }
        }
        for (int i = 0; i < count; i++) {
            Member m = counted[i];
            Object monitor = m.acknowledged ? Monitors.wanted(m.thread) : m.target;
            Member owner = monitor == null ? null : owner(monitor, all);
            if (monitor == null || owner == null) {
                return null;
            }
            threes[3 * i] = m.thread;
            threes[3 * i + 1] = monitor;
            threes[3 * i + 2] = owner.thread;
        }
        synchronized (s.lock) {
            return count > 0 && s.changes == changes ? threes : null;
        }
    }

    /** Whether the platform holds it up at a monitor, or the one that is to wake it. */
    private static boolean isBlocked(Member m) {
        if (!m.acknowledged && !m.wakeInMonitor) {
            return false;
        }
        Thread waker = m.acknowledged ? null : m.waker;
        return m.thread.getState() == Thread.State.BLOCKED
                || waker != null && waker.getState() == Thread.State.BLOCKED;
    }

    /** The member that has {@code monitor} and does not go on by itself; null when there is none. */
    private static @Nullable Member owner(Object monitor, Member[] all) {
        for (Member m : all) {
            boolean leftIt = m.target == monitor && m.state != Member.JOINS; // in wait, or about to be
            if (!leftIt && m.thread.getState() != Thread.State.RUNNABLE && Monitors.isIn(m.thread, monitor)) {
                return m;
            }
        }
        return null;
    }

    static boolean hasVisitors(Simulation s) {
        synchronized (s.lock) {
            for (int i = 0; i < s.members.count(); i++) {
                if (s.members.get(i).entered) {
                    return true;
                }
            }
            return false;
        }
    }

    static String[] describe(Simulation s) {
        synchronized (s.lock) {
            String[] lines = new String[s.members.count()];
            for (int i = 0; i < s.members.count(); i++) {
                Member m = s.members.get(i);
                StringBuilder line = new StringBuilder(m.group.name).append('/').append(m.thread.getName()).append(' ')
                        .append(s.baton.isQueued(m) ? "waits for its turn" : WORDS[m.state]);
                if (m.state != Member.RUNS && m.untilNs != Simulation.NEVER) {
                    line.append(" until ").append(m.untilNs / 1_000_000_000L).append('.');
                    String micros = Long.toString(1_000_000L + m.untilNs / 1_000L % 1_000_000L);
                    line.append(micros, 1, micros.length()).append(" s");
                }
                lines[i] = line.toString();
            }
            return lines;
        }
    }

    private static Thread[] first(Thread[] threads, int n) {
        Thread[] some = new Thread[n];
        System.arraycopy(threads, 0, some, 0, n);
        return some;
    }
}

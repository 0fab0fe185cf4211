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

    static Thread @Nullable [] heldUp(Simulation s) {
        Member[] members;
        int count = 0;
        synchronized (s.lock) {
            members = new Member[s.members.count()];
            for (int i = 0; i < s.members.count(); i++) {
                Member m = s.members.get(i);
                if (m.state == Member.RUNS && !s.baton.isQueued(m)) {
                    members[count++] = m;
                }
            }
        }
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            Thread blocked = heldUp(members[i]);
            if (blocked == null) {
                return null;
            }
            threads[i] = blocked;
        }
        return threads;
    }

    private static @Nullable Thread heldUp(Member m) {
        if (m.acknowledged || m.wakeInMonitor) {
            if (m.thread.getState() == Thread.State.BLOCKED) {
                return m.thread;
            }
            Thread waker = m.waker;
            if (!m.acknowledged && waker != null && waker.getState() == Thread.State.BLOCKED) {
                return waker;
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

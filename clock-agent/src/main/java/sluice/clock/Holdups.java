package sluice.clock;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Members that are counted as able to run and are not, since another has the monitor that they want, and waits for
 * something else. That cannot be counted; it is seen by the threads' states.
 *
 * <p><b>Thread rules.</b> The time thread.
 */
final class Holdups {
    /** Real milliseconds between two looks that have to see the same. */
    private static final long AGAIN_MS = 1;

    /** How often it looks again where the platform does not tell who has the monitor: if a virtual thread wants it. */
    private static final int LOOKS_AT_VIRTUAL = 50;

    /** Calls that {@link #place} leaves out. */
    private static final int LAST_CALLS = 4;

    private Holdups() {}

    /** Whether all that are counted are held up so: time may go on. */
    static boolean areAll(VirtualClock clock, Object simulation) {
        long changes = Bridge.changes(simulation);
        Thread[] first = Bridge.heldUp(simulation);
        if (first == null || first.length == 0 || !haveWaitingOwners(first)) {
            return false;
        }
        int looks = 1;
        for (Thread t : first) {
            looks = t.isVirtual() ? LOOKS_AT_VIRTUAL : looks;
        }
        for (int i = 0; i < looks; i++) {
            if (!areStill(simulation, first, changes)) {
                return false;
            }
        }
        boolean passed = false;
        for (Thread t : first) {
            clock.heldUp(t);
            passed |= Bridge.passOver(simulation, t);
        }
        return !passed;
    }

    private static boolean areStill(Object simulation, Thread[] threads, long changes) {
        try {
            Thread.sleep(AGAIN_MS);
        } catch (InterruptedException e) {
            return false;
        }
        Thread[] now = Bridge.heldUp(simulation);
        return now != null && Arrays.equals(now, threads) && haveWaitingOwners(threads)
                && Bridge.changes(simulation) == changes;
    }

    /** Whether each wants a monitor that somebody has who does not run. A virtual thread's monitor is not told. */
    private static boolean haveWaitingOwners(Thread[] threads) {
        for (Thread t : threads) {
            if (!t.isVirtual()) {
                ThreadInfo info = info(t);
                long owner = info == null || info.getThreadState() != Thread.State.BLOCKED ? -1 : info.getLockOwnerId();
                ThreadInfo other = owner < 0 ? null : ManagementFactory.getThreadMXBean().getThreadInfo(owner);
                if (owner < 0 || other != null && other.getThreadState() == Thread.State.RUNNABLE) {
                    return false;
                }
            }
        }
        return true;
    }

    private static @Nullable ThreadInfo info(Thread t) {
        return t.isVirtual() ? null : ManagementFactory.getThreadMXBean().getThreadInfo(t.threadId());
    }

    /** Who has the monitor that {@code t} wants, as far as the platform tells. */
    static String owner(Thread t) {
        ThreadInfo info = info(t);
        if (info == null || info.getLockName() == null) {
            return "a monitor";
        }
        return info.getLockName()
                + (info.getLockOwnerName() == null ? "" : ", which " + info.getLockOwnerName() + " has");
    }

    /** Where a thread is, without the last few calls, which change in a loop. */
    static int place(Thread t) {
        StackTraceElement[] stack = t.getStackTrace();
        int place = 1;
        for (int i = LAST_CALLS; i < stack.length; i++) {
            place = 31 * place + stack[i].hashCode();
        }
        return place;
    }

    /** Name, state and stack. */
    static void describe(Thread t, StringBuilder text) {
        text.append("\n  \"").append(t.getName()).append("\" ").append(t.getState());
        for (StackTraceElement e : t.getStackTrace()) {
            text.append("\n    at ").append(e);
        }
    }
}

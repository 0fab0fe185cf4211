package sluice.clock;

/**
 * Members that are counted as able to run and are not, since another has the monitor that they want, and waits for
 * something else. That cannot be counted; it is seen by what the platform tells of threads.
 *
 * <p><b>Thread rules.</b> The time thread.
 */
final class Holdups {
    /** Calls that {@link #place} leaves out. */
    private static final int LAST_CALLS = 4;

    private Holdups() {}

    /** Whether all that are counted are held up so: time may go on. */
    static boolean areAll(VirtualClock clock, Object simulation) {
        Object[] threes = Bridge.heldUp(simulation);
        if (threes == null) {
            return false;
        }
        boolean passed = false;
        for (int i = 0; i < threes.length; i += 3) {
            Thread held = (Thread) threes[i];
            clock.heldUp(held, threes[i + 1], (Thread) threes[i + 2]);
            passed |= Bridge.passOver(simulation, held);
        }
        return !passed;
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

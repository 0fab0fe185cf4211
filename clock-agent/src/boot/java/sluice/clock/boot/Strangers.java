package sluice.clock.boot;

/**
 * Idle workers of pools that are no members and are given something to do by one: a pool that was made outside the
 * simulation. What it is given would run in the platform's time and on the platform's network, and nothing would say
 * so.
 */
final class Strangers {
    private Strangers() {}

    /** {@code thread}, which is no member, is about to be woken by the calling thread. */
    static void woken(Thread thread) {
        Member giver = MemberTable.find(Thread.currentThread());
        if (giver == null || giver.platform > 0 || giver.simulation().stranger != null || isTheJvms(thread)) {
            return;
        }
        giver.platform++;
        try {
            if (isIdle(thread.getStackTrace())) {
                note(giver, thread);
            }
        } finally {
            giver.platform--;
        }
    }

    /** Carriers of virtual threads, and what else serves the whole JVM. */
    private static boolean isTheJvms(Thread thread) {
        return thread.isVirtual() || thread instanceof Waker
                || thread.getClass().getName().startsWith("jdk.internal.misc.");
    }

    /** Whether it is a worker that waits for something to do. Threads that wait for an end or a lock are elsewhere. */
    private static boolean isIdle(StackTraceElement[] stack) {
        for (StackTraceElement e : stack) {
            String method = e.getMethodName();
            if (method.equals("getTask") && e.getClassName().equals("java.util.concurrent.ThreadPoolExecutor")
                    || method.equals("awaitWork") && e.getClassName().equals("java.util.concurrent.ForkJoinPool")) {
                return true;
            }
        }
        return false;
    }

    private static void note(Member giver, Thread worker) {
        StringBuilder text = new StringBuilder();
        text.append(giver.group.name).append('/').append(giver.thread.getName()).append(" gave a task to \"")
                .append(worker.getName()).append("\", a worker of a pool that was made outside the simulation:"
                        + " it would run in the platform's time and on the platform's network."
                        + " Make the pool where it is used");
        for (StackTraceElement e : Thread.currentThread().getStackTrace()) {
            if (!e.getClassName().startsWith("sluice.clock.boot.") && !e.getMethodName().equals("getStackTrace")) {
                text.append("\n    at ").append(e);
            }
        }
        Simulation s = giver.simulation();
        s.stranger = text.toString();
        Calls.poke(s);
    }
}

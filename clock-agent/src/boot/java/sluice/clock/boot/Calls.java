package sluice.clock.boot;

import java.net.InetAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * What the facade ({@code sluice.clock.Bridge}) calls: the agent puts calls of these in place of its methods, of the
 * same names and types. Simulations and groups are plain objects to it.
 */
public final class Calls {
    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int CLOSED = 2;

    private Calls() {}

    /** Whether there is an agent. */
    public static boolean isPresent() {
        return true;
    }

    /** The first task that a member gave to a pool made outside, in words; null while none did. */
    public static @Nullable String stranger(Object simulation) {
        return ((Simulation) simulation).stranger;
    }

    /** Begins a simulation. */
    public static Object open(Object facade, long epochMillisAtZero, boolean seeded, long seed) {
        prepare();
        Simulation s = new Simulation(facade, epochMillisAtZero, seeded, seed);
        Simulations.add(s);
        return s;
    }

    /** Ends it; the threads that were members. */
    public static Thread[] close(Object simulation) {
        Simulation s = (Simulation) simulation;
        Thread[] left = s.close();
        Simulations.remove(s);
        return left;
    }

    /** The time. */
    public static long nowNs(Object simulation) {
        return ((Simulation) simulation).nowNs;
    }

    // ---- groups and members ----

    /** A new group. */
    public static Object group(Object simulation, String name, Object facade) {
        return new Group((Simulation) simulation, name, facade);
    }

    /** The facade's object for the group of the calling thread, or null. */
    public static @Nullable Object currentGroup() {
        Member m = MemberTable.find(Thread.currentThread());
        return m == null ? null : m.group.facade;
    }

    /** Starts {@code thread} as a member of {@code group}. */
    public static void start(Object group, Thread thread) {
        Group g = (Group) group;
        Simulation s = g.simulation;
        if (s.closed) {
            throw new IllegalStateException("the simulation is closed");
        }
        Member caller = MemberTable.find(Thread.currentThread());
        Member child = new Member(thread, g, false);
        s.add(child);
        if (caller != null && caller.simulation() == s) {
            s.starting(caller, child);
        }
        thread.start();
    }

    /** First of all that a member does whose starter was none: it waits for its turn. */
    public static void begin() {
        Member m = MemberTable.find(Thread.currentThread());
        if (m != null) {
            Hooks.checkpoint(m);
        }
    }

    /** The calling thread becomes a member of {@code group}; the group it was a member of before, or null. */
    public static @Nullable Object enter(Object group) {
        Group g = (Group) group;
        Member m = MemberTable.find(Thread.currentThread());
        if (m != null) {
            if (m.simulation() != g.simulation) {
                throw new IllegalStateException("the thread is a member of another simulation");
            }
            Group before = m.group;
            m.group = g;
            return before;
        }
        if (g.simulation.closed) {
            throw new IllegalStateException("the simulation is closed");
        }
        m = new Member(Thread.currentThread(), g, true);
        g.simulation.add(m);
        Hooks.checkpoint(m);
        return null;
    }

    /** Undoes {@link #enter}. */
    public static void leave(@Nullable Object before) {
        Member m = MemberTable.find(Thread.currentThread());
        if (m == null) {
            return;
        }
        if (before != null) {
            m.group = (Group) before;
        } else {
            m.platform++;
            m.simulation().remove(m);
        }
    }

    /** Parks the calling member. */
    public static void park(Object simulation, long untilNs) {
        Member m = MemberTable.find(Thread.currentThread());
        if (m == null || m.simulation() != simulation) {
            throw new IllegalStateException("the calling thread is no member of this simulation");
        }
        Hooks.parkLeavable(m, untilNs);
    }

    /** Stops a group's threads where they next wait. */
    public static void freeze(Object group) {
        ((Group) group).frozen = true;
    }

    /** Undoes {@link #freeze}. */
    public static void thaw(Object group) {
        ((Group) group).thaw();
    }

    /** Ends a group's threads that sleep or {@link #park}, and those that are about to; others go on. */
    public static void end(Object group) {
        ((Group) group).end();
    }

    /** Ends a group's threads. */
    public static void kill(Object group) {
        ((Group) group).kill();
    }

    /** Whether a member threw {@code e} because its group was killed. */
    public static boolean isKilled(Throwable e) {
        return e instanceof MemberKilled;
    }

    /** What {@code InetAddress.getLocalHost()} is for the members of {@code group}. */
    public static void setLocalHost(Object group, Callable<InetAddress> localHost) {
        ((Group) group).localHost = localHost;
    }

    /** A group's threads. */
    public static Thread[] threads(Object group) {
        Group g = (Group) group;
        Simulation s = g.simulation;
        synchronized (s.lock) {
            int n = 0;
            for (int i = 0; i < s.members.count(); i++) {
                n += s.members.get(i).group == g ? 1 : 0;
            }
            Thread[] threads = new Thread[n];
            for (int i = s.members.count() - 1; n > 0; i--) {
                if (s.members.get(i).group == g) {
                    threads[--n] = s.members.get(i).thread;
                }
            }
            return threads;
        }
    }

    // ---- the time thread ----

    /** Waits until nobody can run, at most {@code millis}: 0 nobody can, 1 somebody can, 2 closed. */
    public static int awaitIdle(Object simulation, long millis) {
        Simulation s = (Simulation) simulation;
        synchronized (s.lock) {
            if (s.running > 0 && !s.closed) {
                await(s, millis);
            }
            return s.closed ? CLOSED : s.running > 0 ? BUSY : IDLE;
        }
    }

    /**
     * Nobody can run, and nothing is to come: waits until that may have changed, at most {@code millis}.
     *
     * @param seen what {@link #changes} was before the time thread looked
     */
    public static int awaitChange(Object simulation, long seen, long millis) {
        Simulation s = (Simulation) simulation;
        synchronized (s.lock) {
            if (!s.poked && s.changes == seen && !s.closed) {
                await(s, millis);
            }
            boolean changed = s.poked || s.changes != seen;
            s.poked = false;
            return s.closed ? CLOSED : changed ? BUSY : IDLE;
        }
    }

    private static void await(Simulation s, long millis) {
        try {
            s.lock.wait(millis);
        } catch (InterruptedException e) {
            // The time thread is nobody's to interrupt.
        }
    }

    /** The time thread has to look again. */
    public static void poke(Object simulation) {
        Simulation s = (Simulation) simulation;
        synchronized (s.lock) {
            s.poked = true;
            s.lock.notifyAll();
        }
    }

    /** The first time that a member waits for. */
    public static long nextDeadlineNs(Object simulation) {
        Simulation s = (Simulation) simulation;
        synchronized (s.lock) {
            return s.deadlines.firstNs();
        }
    }

    /** Time goes on. */
    public static void setNow(Object simulation, long nowNs) {
        ((Simulation) simulation).setNow(nowNs);
    }

    /** The time thread begins a step: whom it wakes goes on when it has ended. */
    public static void beginStep(Object simulation) {
        ((Simulation) simulation).beginStep();
    }

    /** Ends it. */
    public static void endStep(Object simulation) {
        ((Simulation) simulation).endStep();
    }

    /** Wakes those whose time has come. */
    public static void expire(Object simulation) {
        ((Simulation) simulation).expire();
    }

    /** All members throw {@code e} from now on. */
    public static void fail(Object simulation, Error e) {
        ((Simulation) simulation).fail(e);
    }

    // ---- what is to be seen from outside ----

    /** Goes up whenever somebody begins or ends to be able to run. */
    public static long changes(Object simulation) {
        Simulation s = (Simulation) simulation;
        synchronized (s.lock) {
            return s.changes;
        }
    }

    /** All members. */
    public static Thread[] members(Object simulation) {
        return Survey.members((Simulation) simulation);
    }

    /** Members that can run, and have been able to since before {@code sinceNanoTime} of the platform. */
    public static Thread[] runners(Object simulation, long sinceNanoTime) {
        return Survey.runners((Simulation) simulation, sinceNanoTime);
    }

    /**
     * For each member that can run, if all are held up at monitors: its thread, the monitor, and the thread that has it
     * and waits; else null.
     */
    public static Object @Nullable [] heldUp(Object simulation) {
        return Survey.heldUp((Simulation) simulation);
    }

    /** Gives the baton on if {@code thread} has it; whether somebody took it. */
    public static boolean passOver(Object simulation, Thread thread) {
        Member m = MemberTable.find(thread);
        return m != null && ((Simulation) simulation).passOver(m);
    }

    /** Whether a thread that is a member for a while only waits. */
    public static boolean hasVisitors(Object simulation) {
        return Survey.hasVisitors((Simulation) simulation);
    }

    /** A line for each member. */
    public static String[] describe(Object simulation) {
        return Survey.describe((Simulation) simulation);
    }

    /** Loads what hooks need before any of them is called. */
    private static void prepare() {
        Member m = new Member(Thread.currentThread(), new Group(new Simulation("", 0, false, 0), "", ""), false);
        MemberTable.add(m);
        MemberTable.remove(m);
        new Wakes().run();
        String killed = new MemberKilled("").getMessage();
        Simulations.notified(m, false);
        Hooks.interrupted(m.thread);
        Object[] used = {killed, Survey.class, Seeds.class, Waker.class, Strangers.class, ForkJoinPool.class};
        if (used.length == 0) {
            throw new IllegalStateException();
        }
    }
}

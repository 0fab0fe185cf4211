package sluice.clock.boot;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What instrumented code calls instead of, or before, the platform's methods. Each answers the platform's value, or
 * says "not mine" (false, null), for threads that are members of no simulation.
 */
public final class Hooks {
    /** How often a member may read the clock without waiting before it pays. */
    private static final int FREE_READINGS = 1_000;

    /** What a reading costs then, nanoseconds. */
    private static final long READING_NS = 1_000;

    private static final long MAX_STEP_NS = 256_000;

    /** Killed this often, a thread is left to wait. */
    private static final int MAX_KILLINGS = 1_000;

    /** Whether there is any simulation in this JVM. Not volatile: a simulation's threads begin after it was set. */
    static boolean active;

    private Hooks() {}

    /** The calling thread's membership, unless it is to have the platform's behaviour. */
    private static @Nullable Member member() {
        Member m = MemberTable.find(Thread.currentThread());
        return m == null || m.platform > 0 ? null : m;
    }

    // ---- instead of static methods ----

    /** {@link System#nanoTime}. */
    public static long nanoTime() {
        return active ? virtualNanoTime() : System.nanoTime();
    }

    private static long virtualNanoTime() {
        Member m = member();
        if (m == null) {
            return System.nanoTime();
        }
        return m.simulation().nanoTimeAtZero + read(m);
    }

    /** {@link System#currentTimeMillis}. */
    public static long currentTimeMillis() {
        return active ? virtualMillis() : System.currentTimeMillis();
    }

    private static long virtualMillis() {
        Member m = member();
        if (m == null) {
            return System.currentTimeMillis();
        }
        return m.simulation().epochMillisAtZero + Math.floorDiv(read(m), 1_000_000L);
    }

    /** Before {@code Clock.currentInstant}: null for the platform's. */
    public static @Nullable Instant instant() {
        Member m = active ? member() : null;
        if (m == null) {
            return null;
        }
        long ns = read(m);
        long millis = m.simulation().epochMillisAtZero;
        return Instant.ofEpochSecond(Math.floorDiv(millis, 1_000L),
                Math.floorMod(millis, 1_000L) * 1_000_000L + ns);
    }

    /** The time since the simulation began, as a member sees it that pays for its readings. */
    private static long read(Member m) {
        checkpoint(m);
        if (++m.readings > FREE_READINGS) {
            m.debtNs += READING_NS;
            if (m.debtNs >= m.stepNs) {
                pay(m);
            }
        }
        return m.simulation().nowNs + m.debtNs;
    }

    private static void pay(Member m) {
        int readings = m.readings;
        long debt = m.debtNs;
        m.debtNs = 0;
        m.simulation().await(m, Member.SPINS, null, m.simulation().nowNs + debt, null);
        m.readings = readings;
        m.stepNs = m.stepNs == 0 ? 16 * READING_NS : Math.min(m.stepNs * 2, MAX_STEP_NS);
        checkKilled(m);
    }

    /** {@link Thread#onSpinWait}. */
    public static void onSpinWait() {
        Thread.onSpinWait();
        if (active) {
            yieldTurn();
        }
    }

    /** {@link ForkJoinPool#commonPool}: that of a member's group. */
    public static ForkJoinPool commonPool() {
        Member m = active ? member() : null;
        return m == null ? ForkJoinPool.commonPool() : groupsPool(m);
    }

    private static ForkJoinPool groupsPool(Member m) {
        Group g = m.group;
        ForkJoinPool pool = g.commonPool;
        if (pool == null) {
            m.platform++;
            try {
                pool = new ForkJoinPool(Math.max(1, ForkJoinPool.getCommonPoolParallelism()));
            } finally {
                m.platform--;
            }
            synchronized (g) {
                if (g.commonPool == null) {
                    g.commonPool = pool;
                }
                pool = g.commonPool;
            }
        }
        return pool;
    }

    /** {@link InetAddress#getLocalHost}: that of a member's group, if it said. */
    public static InetAddress getLocalHost() throws UnknownHostException {
        Member m = active ? member() : null;
        Callable<InetAddress> own = m == null ? null : m.group.localHost;
        if (own == null) {
            return InetAddress.getLocalHost();
        }
        try {
            return own.call();
        } catch (UnknownHostException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- instead of methods of objects: the object comes first ----

    /** {@link Object#notify}. */
    public static void notify(Object monitor) {
        if (!active || !Thread.holdsLock(monitor) || !Simulations.notified(monitor, false)) {
            monitor.notify();
        }
    }

    /** {@link Object#notifyAll}. */
    public static void notifyAll(Object monitor) {
        if (active && Thread.holdsLock(monitor)) {
            Simulations.notified(monitor, true);
        }
        monitor.notifyAll();
    }

    /** {@code jdk.internal.misc.Unsafe.park}, where {@code java.util.concurrent} calls it. */
    public static void park(Object unsafe, boolean absolute, long time) {
        if (absolute) {
            LockSupport.parkUntil(time);
        } else if (time == 0) {
            LockSupport.park();
        } else {
            LockSupport.parkNanos(time);
        }
    }

    /** {@code jdk.internal.misc.Unsafe.unpark}. */
    public static void unpark(Object unsafe, Object thread) {
        LockSupport.unpark((Thread) thread);
    }

    // ---- before methods of the JDK: true says that it is done ----

    /** {@link LockSupport#park()}. */
    public static boolean park() {
        Member m = active ? member() : null;
        return m != null && park(m, null, Simulation.NEVER);
    }

    /** {@link LockSupport#park(Object)}. */
    public static boolean park(Object blocker) {
        Member m = active ? member() : null;
        return m != null && park(m, blocker, Simulation.NEVER);
    }

    /** {@link LockSupport#parkNanos(long)}. */
    public static boolean parkNanos(long nanos) {
        return parkNanos(null, nanos);
    }

    /** {@link LockSupport#parkNanos(Object, long)}. */
    public static boolean parkNanos(@Nullable Object blocker, long nanos) {
        Member m = active ? member() : null;
        return m != null && (nanos <= 0 || park(m, blocker, after(m, nanos)));
    }

    /** {@link LockSupport#parkUntil(long)}. */
    public static boolean parkUntil(long millis) {
        return parkUntil(null, millis);
    }

    /** {@link LockSupport#parkUntil(Object, long)}. */
    public static boolean parkUntil(@Nullable Object blocker, long millis) {
        Member m = active ? member() : null;
        return m != null && park(m, blocker, atMillis(m, millis));
    }

    /** A wait for what is outside the JDK. */
    static void parkLeavable(Member m, long untilNs) {
        m.leavable = true;
        try {
            park(m, null, untilNs);
        } finally {
            m.leavable = false;
        }
    }

    private static boolean park(Member m, @Nullable Object blocker, long untilNs) {
        checkpoint(m);
        m.simulation().await(m, Member.PARKS, null, untilNs, blocker);
        afterWait(m);
        return true;
    }

    /** {@link LockSupport#unpark}. */
    public static boolean unpark(Thread thread) {
        if (!active || thread == null) {
            return false;
        }
        Member m = MemberTable.find(thread);
        if (m == null) {
            Strangers.woken(thread);
            return false;
        }
        Thread caller = Thread.currentThread();
        Member member = MemberTable.find(caller);
        if (member == null ? m.waking == caller : member.wakes) {
            return false;
        }
        m.simulation().unpark(m);
        return true;
    }

    /** {@code Thread.sleepNanos}. */
    public static boolean sleep(long nanos) throws InterruptedException {
        Member m = active ? member() : null;
        if (m == null) {
            return false;
        }
        m.leavable = true;
        try {
            checkpoint(m);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (nanos <= 0) {
                m.simulation().yieldTurn(m);
                return true;
            }
            int reason = m.simulation().await(m, Member.SLEEPS, null, after(m, nanos), null);
            afterWait(m);
            throwIfInterrupted(m, reason);
        } finally {
            m.leavable = false;
        }
        return true;
    }

    /** {@link Object#wait(long)}. */
    public static boolean await(Object monitor, long millis) throws InterruptedException {
        Member m = active && millis >= 0 ? member() : null;
        if (m == null || !Thread.holdsLock(monitor)) {
            return false;
        }
        checkpoint(m);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long until = millis == 0 ? Simulation.NEVER : after(m, saturatedNs(millis));
        int reason = m.simulation().await(m, Member.WAITS, monitor, until, null);
        afterWait(m);
        throwIfInterrupted(m, reason);
        return true;
    }

    /** {@link Thread#join(long)} of a platform thread; that of a virtual one goes by a latch. */
    public static boolean join(Thread thread, long millis) throws InterruptedException {
        Member m = active && millis >= 0 && !thread.isVirtual() ? member() : null;
        if (m == null || thread == m.thread) {
            return false;
        }
        checkpoint(m);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long platformMillis = millis;
        if (MemberTable.find(thread) != null) {
            long until = millis == 0 ? Simulation.NEVER : after(m, saturatedNs(millis));
            int reason = m.simulation().await(m, Member.JOINS, thread, until, null);
            afterWait(m);
            throwIfInterrupted(m, reason);
            if (reason != Member.WOKEN) {
                return true;
            }
            platformMillis = 0; // it is at its end
        }
        m.platform++;
        try {
            thread.join(platformMillis);
        } finally {
            m.platform--;
        }
        return true;
    }

    /** {@link Thread#yield}. */
    public static boolean yieldNow() {
        if (active) {
            yieldTurn();
        }
        return false;
    }

    private static void yieldTurn() {
        Member m = member();
        if (m != null) {
            checkpoint(m);
            m.simulation().yieldTurn(m);
        }
    }

    /** The starts of threads: who is started by a member is one. */
    public static boolean starting(Thread child) {
        Member m = active ? member() : null;
        if (m != null && isInherited(child) && child.getState() == Thread.State.NEW
                && MemberTable.find(child) == null) {
            checkpoint(m);
            Member c = new Member(child, m.group, false);
            m.simulation().add(c);
            m.simulation().starting(m, c);
        }
        return false;
    }

    /** After a start. */
    public static void started(Thread child) {
        Member m = active ? member() : null;
        if (m != null && !m.go) {
            m.simulation().started(m);
        }
    }

    /** Threads that serve the whole JVM are nobody's. */
    private static boolean isInherited(Thread child) {
        if (child instanceof Waker) {
            return false;
        }
        String type = child.getClass().getName();
        if (type.equals("jdk.internal.misc.CarrierThread")) {
            return false;
        }
        return !type.equals("jdk.internal.misc.InnocuousThread") || child.getName().startsWith("HttpClient");
    }

    /** {@link Thread#interrupt}: who is woken by it is counted before. */
    public static boolean interrupting(Thread thread) {
        Member m = active ? MemberTable.find(thread) : null;
        if (m != null) {
            m.simulation().interrupting(m);
        }
        return false;
    }

    /**
     * {@code Thread.dispatchUncaughtException}: that a thread ended because it was killed is nobody's business,
     * whatever it made of it. A handler would wait for something, and be killed again.
     */
    public static boolean uncaught(Thread thread, Throwable e) {
        Member m = active && !(e instanceof MemberKilled) ? MemberTable.find(thread) : null;
        return e instanceof MemberKilled || m != null && m.group.killed;
    }

    // ---- after methods of the JDK ----

    /** {@code Thread.exit} and {@code VirtualThread.afterDone}, which a carrier calls. */
    public static void ended(Thread thread) {
        Member m = active ? MemberTable.find(thread) : null;
        if (m != null) {
            m.platform++;
            m.simulation().remove(m);
        }
    }

    /** After {@link Thread#interrupt}. */
    public static void interrupted(Thread thread) {
        Member m = active ? MemberTable.find(thread) : null;
        if (m != null) {
            m.simulation().interrupted(m);
        }
    }

    // ---- common ----

    static void checkpoint(Member m) {
        checkKilled(m);
        Simulation s = m.simulation();
        if (m.group.frozen) {
            s.await(m, Member.FROZEN, null, Simulation.NEVER, null);
            checkKilled(m);
        }
        if (s.seeded && !s.isFree(m)) {
            s.yieldTurn(m);
        }
    }

    private static void afterWait(Member m) {
        m.readings = 0;
        m.stepNs = 0;
        m.debtNs = 0;
        checkKilled(m);
    }

    private static void checkKilled(Member m) {
        Error failure = m.simulation().failure;
        boolean ends = m.group.killed || m.group.ending && (m.leavable || m.timer);
        if ((ends || failure != null) && !m.simulation().closed) {
            if (++m.killings > MAX_KILLINGS) {
                m.simulation().await(m, Member.FROZEN, null, Simulation.NEVER, null);
            }
            throw failure != null ? failure : new MemberKilled(m.group.name);
        }
    }

    private static void throwIfInterrupted(Member m, int reason) throws InterruptedException {
        if (reason == Member.CLOSED) {
            throw new InterruptedException("the simulation was closed");
        }
        if (reason != Member.INTERRUPTED) {
            return;
        }
        m.platform++;
        try {
            while (!Thread.interrupted()) {
                Thread.yield(); // who interrupts is about to set it
            }
        } finally {
            m.platform--;
        }
        throw new InterruptedException();
    }

    private static long after(Member m, long nanos) {
        long now = m.simulation().nowNs + m.debtNs;
        return nanos > Simulation.NEVER - now ? Simulation.NEVER : now + nanos;
    }

    private static long atMillis(Member m, long millis) {
        long since = millis - m.simulation().epochMillisAtZero;
        return since < 0 ? 0 : saturatedNs(since);
    }

    private static long saturatedNs(long millis) {
        return millis > Simulation.NEVER / 1_000_000 ? Simulation.NEVER : millis * 1_000_000;
    }
}

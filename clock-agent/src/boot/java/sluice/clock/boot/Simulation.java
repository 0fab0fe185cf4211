package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/**
 * The members of one simulation and the running count: how many of them can run. Who makes a member able to run raises
 * the count first and wakes it then; the member lowers it when it is about to wait. So the count is 0 exactly when
 * nobody can run, and only then does the time thread go on.
 *
 * <p>With one at a time ({@code seeded}) those that can run queue, and the one that has the baton passes it on where it
 * waits, to one drawn from the seed.
 *
 * <p><b>Thread rules.</b> Fields are guarded by {@link #lock}, which nobody holds while it waits or wakes.
 */
final class Simulation {
    static final long NEVER = Long.MAX_VALUE;

    /** Of {@link #begin}: ask again. */
    private static final int IN_DOUBT = -1;

    final Object lock = new Object();

    /** What nanoTime says at time 0: a whole second. */
    final long nanoTimeAtZero;

    final long epochMillisAtZero;
    final boolean seeded;

    /** The facade's object for this simulation. */
    final Object facade;

    volatile long nowNs;
    volatile boolean closed;

    /** Thrown out of every wait of a member once it is there. */
    volatile @Nullable Error failure;

    /** The first task that a member gave to a pool made outside, in words; null while none did. Set once. */
    volatile @Nullable String stranger;

    /** Members that can run. */
    int running;

    /** Goes up whenever a member begins or ends to be able to run. */
    long changes;

    /** Whether the time thread has to look again although nothing changed. */
    boolean poked;

    final Deadlines deadlines = new Deadlines();
    final Members members = new Members();
    final WaitSet waiting = new WaitSet();

    /** Who was woken by the step that the time thread is in; null while it is in none. */
    private @Nullable Wakes step;

    private final long seed;
    final Baton baton;
    private long coming; // how many members there have been

    Simulation(Object facade, long epochMillisAtZero, boolean seeded, long seed) {
        this.facade = facade;
        this.epochMillisAtZero = epochMillisAtZero;
        this.seeded = seeded;
        this.seed = seed;
        this.baton = new Baton(seed);
        nanoTimeAtZero = NanoTimes.begin();
    }

    /** Time is {@code toNs}; nobody can run. */
    void setNow(long toNs) {
        nowNs = toNs;
        NanoTimes.reached(nanoTimeAtZero + toNs);
    }

    // ---- coming and going ----

    /** A thread that is about to be started, or enters. It is counted from now on. */
    void add(Member m) {
        synchronized (lock) {
            members.add(m);
            m.number = coming++;
            m.random = Baton.mix(seed ^ Baton.mix(m.number));
            m.probe = (int) m.random | 1;
            m.runsSince = System.nanoTime();
            running++;
            changes++;
            MemberTable.add(m);
        }
    }

    /** A member has ended or leaves: who joins it goes on. */
    void remove(Member m) {
        Wakes wakes = new Wakes();
        synchronized (lock) {
            if (m.state == Member.ENDED) {
                return;
            }
            boolean ran = m.state == Member.RUNS;
            m.state = Member.ENDED;
            MemberTable.remove(m);
            members.remove(m);
            for (int i = 0; i < members.count(); i++) {
                Member joiner = members.get(i);
                if (joiner.state == Member.JOINS && joiner.target == m.thread) {
                    raise(joiner, Member.WOKEN, wakes);
                }
            }
            if (ran) {
                lower(m, wakes);
            }
        }
        wakes.run();
    }

    // ---- waiting ----

    /**
     * The calling member waits; when this returns it can run, and is counted.
     *
     * @param how one of the states of {@link Member}
     * @param target the monitor, or the thread that is joined
     * @return why it ended
     */
    int await(Member m, int how, @Nullable Object target, long untilNs, @Nullable Object blocker) {
        Wakes wakes = new Wakes();
        int already = begin(m, how, target, untilNs, wakes);
        while (already == IN_DOUBT) {
            m.platform++;
            Thread.yield();
            m.platform--;
            already = begin(m, how, target, untilNs, wakes);
        }
        if (already != 0) {
            return already;
        }
        m.platform++;
        try {
            wakes.run();
            if (how == Member.WAITS && target != null) {
                awaitInMonitor(m, target);
            } else {
                awaitParked(m, how < Member.SPINS, blocker);
            }
            m.acknowledged = true;
            m.target = null;
        } finally {
            m.platform--;
        }
        return m.reason;
    }

    /** From here on the member is not counted; unless there is a reason not to wait, which is returned. */
    private int begin(Member m, int how, @Nullable Object target, long untilNs, Wakes wakes) {
        synchronized (lock) {
            if (closed) {
                return Member.CLOSED;
            }
            if (m.isToEnd(how)) {
                return Member.WOKEN; // and is told
            }
            if (how < Member.SPINS) {
                if (m.thread.isInterrupted()) {
                    return Member.INTERRUPTED;
                }
                if (m.interrupting > 0) {
                    return IN_DOUBT; // it comes, or was seen already
                }
            }
            if (how == Member.PARKS && m.permit) {
                m.permit = false;
                return Member.WOKEN;
            }
            if (how == Member.JOINS && target instanceof Thread t && MemberTable.find(t) == null) {
                return Member.WOKEN;
            }
            if (untilNs <= nowNs) {
                return Member.TIMED_OUT;
            }
            m.state = how;
            m.go = false;
            m.acknowledged = false;
            m.target = target;
            m.untilNs = untilNs;
            if (untilNs != NEVER) {
                deadlines.add(m);
            }
            if (how == Member.WAITS) {
                waiting.add(m);
            }
            lower(m, wakes);
            return 0;
        }
    }

    private void awaitParked(Member m, boolean interruptible, @Nullable Object blocker) {
        while (!m.go) {
            if (!m.thread.isInterrupted()) {
                if (blocker == null) {
                    java.util.concurrent.locks.LockSupport.park();
                } else {
                    java.util.concurrent.locks.LockSupport.park(blocker);
                }
            } else {
                if (interruptible) {
                    found(m, Member.INTERRUPTED);
                }
                if (!m.go) {
                    Thread.yield();
                }
            }
        }
    }

    /** The caller owns {@code monitor}, and does again when this returns. */
    private void awaitInMonitor(Member m, Object monitor) {
        boolean interrupted = false;
        while (!m.go) {
            try {
                monitor.wait();
            } catch (InterruptedException e) {
                interrupted = true;
                found(m, Member.INTERRUPTED);
            }
            if (!m.go && monitor instanceof Thread t && !t.isAlive()) {
                found(m, Member.WOKEN); // the VM's own notify, at the end of a thread
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * {@code m}'s thread is about to be interrupted. If it waits it can run from now on, and its thread will be woken
     * by the interrupt; if it does not, it begins no wait before it has seen the interrupt.
     */
    void interrupting(Member m) {
        Wakes wakes = new Wakes();
        synchronized (lock) {
            m.interrupting++;
            end(m, Member.INTERRUPTED, wakes);
        }
        wakes.run();
    }

    /** It was. */
    void interrupted(Member m) {
        synchronized (lock) {
            if (m.interrupting > 0) {
                m.interrupting--;
            }
        }
    }

    /** The lock is held. Ends {@code m}'s wait if it is in one that can be interrupted. */
    private void end(Member m, int reason, Wakes wakes) {
        if (m.state > Member.RUNS && m.state < Member.SPINS && m.deferred == 0) {
            raise(m, reason, wakes);
        }
    }

    /** The calling member found that its wait is over: by an interrupt, or its monitor is a thread that has ended. */
    private void found(Member m, int reason) {
        Wakes wakes = new Wakes();
        synchronized (lock) {
            end(m, reason, wakes);
        }
        wakes.run();
    }

    /** {@link java.util.concurrent.locks.LockSupport#unpark}. */
    void unpark(Member m) {
        Wakes wakes = new Wakes();
        synchronized (lock) {
            if (m.state == Member.PARKS && m.deferred == 0) {
                raise(m, Member.WOKEN, wakes);
            } else {
                m.permit = true;
            }
        }
        wakes.run();
    }

    /**
     * {@link Object#notify} or {@link Object#notifyAll} by a thread that owns {@code monitor}: members that wait
     * there can run. They are woken by the caller, or by a {@link Waker}.
     *
     * @return whether there were any
     */
    boolean notified(Object monitor, boolean all) {
        Wakes wakes = new Wakes();
        boolean any = false;
        synchronized (lock) {
            Member m = waiting.first();
            while (m != null && (all || !any)) {
                Member next = m.nextWaiting;
                if (m.target == monitor && m.deferred == 0) {
                    any = true;
                    raise(m, Member.WOKEN, wakes);
                }
                m = next;
            }
        }
        wakes.runOwning(monitor);
        return any;
    }

    /** Wakes those whose time has come. */
    void expire() {
        Wakes wakes = new Wakes();
        synchronized (lock) {
            while (deadlines.firstNs() <= nowNs) {
                raise(deadlines.first(), Member.TIMED_OUT, wakes);
            }
        }
        wakes.run();
    }

    /** The lock is held. {@code m} waits; it can run from now on. */
    void raise(Member m, int reason, Wakes wakes) {
        deadlines.remove(m);
        if (m.state == Member.WAITS) {
            waiting.remove(m);
        }
        if (m.group.frozen && reason != Member.CLOSED) {
            m.deferred = reason;
            return;
        }
        m.deferred = 0;
        boolean inMonitor = m.state == Member.WAITS;
        m.reason = reason;
        m.state = Member.RUNS;
        m.runsSince = System.nanoTime();
        running++;
        changes++;
        if (seeded) {
            baton.enqueue(m, inMonitor);
            if (step == null) {
                baton.pass(wakes);
            }
        } else {
            m.go = true;
            (step == null ? wakes : step).add(m, inMonitor);
        }
    }

    /**
     * The time thread begins a step: whom it wakes goes on when it has ended. Else they would run beside it, and wait
     * for the world's lock or not, as it happens.
     */
    void beginStep() {
        synchronized (lock) {
            step = new Wakes();
        }
    }

    /** The step has ended. */
    void endStep() {
        Wakes wakes;
        synchronized (lock) {
            wakes = step;
            step = null;
            if (wakes != null && seeded) {
                baton.pass(wakes);
            }
        }
        if (wakes != null) {
            wakes.run();
        }
    }

    /** The lock is held. {@code m} can run no longer. */
    private void lower(Member m, Wakes wakes) {
        running--;
        changes++;
        if (seeded && baton.isHeldBy(m)) {
            baton.release(m);
            baton.pass(wakes);
        }
        if (running == 0) {
            lock.notifyAll();
        }
    }

    // ---- one at a time ----

    /** The calling member lets the others have their turn: it queues, and goes on when it is drawn. */
    void yieldTurn(Member m) {
        Wakes wakes = new Wakes();
        synchronized (lock) {
            if (closed || !seeded || baton.isHeldBy(m) && !baton.isAwaited()) {
                return;
            }
            m.go = false;
            m.acknowledged = false;
            baton.release(m);
            baton.enqueue(m, false);
            baton.pass(wakes);
        }
        m.platform++;
        try {
            wakes.run();
            awaitParked(m, false, null);
            m.acknowledged = true;
        } finally {
            m.platform--;
        }
    }

    /**
     * The calling member is about to start {@code child}, which gets the baton; the caller queues, and goes on until
     * {@link #started}.
     */
    void starting(Member m, Member child) {
        synchronized (lock) {
            if (seeded && !closed && baton.isHeldBy(m)) {
                m.go = false;
                m.acknowledged = false;
                baton.give(child);
                baton.enqueue(m, false);
            }
        }
    }

    /** The calling member has started a thread: it waits for its turn. */
    void started(Member m) {
        m.platform++;
        try {
            awaitParked(m, false, null);
            m.acknowledged = true;
        } finally {
            m.platform--;
        }
    }

    /** If {@code m} has the baton, which waits for a monitor, another one goes on meanwhile; whether there is one. */
    boolean passOver(Member m) {
        Wakes wakes = new Wakes();
        boolean passed;
        synchronized (lock) {
            if (!baton.isHeldBy(m)) {
                return false;
            }
            baton.release(m);
            baton.pass(wakes);
            passed = baton.isHeld();
        }
        wakes.run();
        return passed;
    }

    /** Whether a member may go on as it is: not frozen, killed or without the baton. */
    boolean isFree(Member m) {
        return !m.group.frozen && (!seeded || baton.isHeldBy(m));
    }

    // ---- the end ----

    /** Members throw {@code e} from now on, those that wait at once. */
    void fail(Error e) {
        Wakes wakes = new Wakes();
        synchronized (lock) {
            failure = e;
            for (int i = 0; i < members.count(); i++) {
                Member m = members.get(i);
                if (m.state != Member.RUNS) {
                    m.group.frozen = false;
                    raise(m, Member.WOKEN, wakes);
                }
            }
        }
        wakes.run();
    }

    /** Ends the simulation: nobody is a member any more. */
    Thread[] close() {
        Wakes wakes = new Wakes();
        Thread[] left;
        synchronized (lock) {
            if (closed) {
                return new Thread[0];
            }
            closed = true;
            left = new Thread[members.count()];
            for (int i = 0; i < left.length; i++) {
                Member m = members.get(i);
                left[i] = m.thread;
                MemberTable.remove(m);
                if (m.state != Member.RUNS) {
                    raise(m, Member.CLOSED, wakes);
                }
            }
            baton.drop(wakes);
            lock.notifyAll();
        }
        wakes.run();
        return left;
    }
}

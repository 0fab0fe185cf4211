package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/** A thread of a simulation. Fields are guarded by the simulation's lock unless said otherwise. */
final class Member {
    /** What a member does. Only {@link #RUNS} is counted as able to run. */
    static final int RUNS = 0;
    static final int PARKS = 1;
    static final int SLEEPS = 2;
    static final int WAITS = 3;
    static final int JOINS = 4;
    /** Pays for readings of the clock; cannot be interrupted. */
    static final int SPINS = 5;
    /** Its group is frozen, or it was killed and does not end; cannot be interrupted. */
    static final int FROZEN = 6;
    static final int ENDED = 7;

    /** Why a wait ended. */
    static final int WOKEN = 1;
    static final int TIMED_OUT = 2;
    static final int INTERRUPTED = 3;
    static final int CLOSED = 4;

    final Thread thread;

    /** Written by its own thread only (it changes over in {@code callHere}). */
    volatile Group group;

    /** How deep in code that is to have the platform's behaviour. Its own thread only. */
    int platform;

    int state = RUNS;

    /** Why the last wait ended. */
    int reason;

    /** Whether it may go on from its wait; read without the lock by its own thread. */
    volatile boolean go = true;

    /** Whether it has gone on from its last wait. */
    volatile boolean acknowledged = true;

    /** Whether it wakes another one by the platform's unpark just now. Its own thread only. */
    boolean wakes;

    /** Who wakes it so, if that is no member. */
    volatile @Nullable Thread waking;

    /** As of {@code LockSupport}: an unpark before the park. */
    boolean permit;

    /** Threads that are about to interrupt it. */
    int interrupting;

    /** What it waits in, or whose end it waits for. */
    @Nullable Object target;

    long untilNs;
    int heapIndex = -1;
    long sequence;

    /** A wake-up that came while its group was frozen: the reason, or 0. */
    int deferred;

    /** The platform's nanoTime when it became able to run. */
    long runsSince;

    /** Readings of the clock since it last waited, and what they cost so far. Its own thread only. */
    int readings;
    long debtNs;
    long stepNs;

    /** How often it was told that it is killed. Its own thread only. */
    int killings;

    /** Whether it sleeps or waits by {@link Calls#park}: there its group's end ends it. */
    boolean leavable;

    /** Whether it is a {@link java.util.Timer}'s, which would never end by itself: its group's end ends it. */
    final boolean timer;

    /** Who takes its monitor to wake it, while that is under way. */
    volatile @Nullable Thread waker;

    /** Whether it queues, or is to be woken, in {@link Object#wait}. */
    boolean queuedInMonitor;
    boolean wakeInMonitor;

    @Nullable Member previousWaiting;
    @Nullable Member nextWaiting;

    /** What its random numbers begin with, one at a time. Its own thread only. */
    long random;
    long generators;
    int probe;

    /** How many members came before it. */
    long number;

    /** Where {@code callHere} began, to go back there. */
    final boolean entered;

    Member(Thread thread, Group group, boolean entered) {
        this.thread = thread;
        this.group = group;
        this.entered = entered;
        this.timer = thread.getClass().getName().equals("java.util.TimerThread");
    }

    /** Whether it is to end rather than wait, in one of the states above. */
    boolean isToEnd(int how) {
        return how > RUNS && how < FROZEN && (group.killed || group.ending && (leavable || timer));
    }

    Simulation simulation() {
        return group.simulation;
    }
}

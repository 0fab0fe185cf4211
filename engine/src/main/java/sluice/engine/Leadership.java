package sluice.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.Setting;
import sluice.link.LinkWaiter;

/**
 * Who drives the shard. At most one thread leads: it takes packets from the links, runs deadlines, tells endpoints what
 * happened and sends, and when there is nothing to do it waits for the links. Waking a thread costs more than the whole
 * work for a small packet, so a thread that blocks in a socket call may lead itself until its own wait is over.
 *
 * <p>The rules:
 * <ul>
 * <li>The background thread leads when nobody else does.
 * <li>A platform thread is entitled to lead when the last {@link #STREAK} wake-ups went to it alone and no listener did
 * work of its own in between: a program with one busy connection leads itself; a server with a thread for each of many
 * is led by the background thread. When all of them went to threads in selectors, every such thread is entitled: event
 * loops share the lead. An entitled thread that blocks takes a free lead, or asks whoever leads for it, but an event
 * loop no other one. Virtual threads never lead: waiting in a link would hold their carrier.
 * <li>A leader whose wait is over leaves. If it is still entitled it is expected back soon, and the background thread
 * is not woken but looks by itself: every {@link #TICK_NS} ({@link #BUSY_TICK_NS} when leaders come and go fast)
 * whether somebody leads, and takes the lead when nobody has had it for {@link #DESERTED_NS}. When one tenure lasts
 * from tick to tick it stops looking ("deep") until that leader leaves. If the leader is no longer entitled, the
 * background thread is called at once.
 * <li>The background thread leaves when it has nothing to do and an entitled thread was inside a moment ago: that one
 * has so much to do that it did not come to block, and the background thread would keep it so, by taking a processor to
 * find work for it, packet by packet (wrk with 64 connections to a Netty server of one loop: a fifth of all the time).
 * </ul>
 * So whenever nobody leads, the background thread is running, called, or looks again within a tick; nothing waits
 * longer than that.
 *
 * <p>All fields are guarded by the shard's lock.
 */
final class Leadership {
    /** Wake-ups in a row that entitle a thread to lead. */
    static final int STREAK = 8;
    /** How often the background thread looks while application threads lead. */
    static final long TICK_NS = 2_000_000;
    /**
     * The same while an application thread comes and goes at a high rate; each look costs that thread its processor.
     */
    static final long BUSY_TICK_NS = 5_000_000;
    /** Tenures within a tick that count as a high rate. */
    private static final int BUSY_TENURES = 32;
    /** How long nobody must have led before the background thread takes over unasked. */
    static final long DESERTED_NS = 2_000_000;
    /** Longest sleep while there is traffic: deadlines beyond it need no wake-up when a user call sets them. */
    private static final long ACTIVE_SLEEP_NS = 10_000_000;
    /** Without traffic for this long, a sleep lasts until there is a reason to wake. */
    private static final long ACTIVE_FOR_NS = 1_000_000_000;
    /** Shortest sleep while a link is full and deadlines that need it are overdue. */
    private static final long FULL_SLEEP_NS = 50_000;

    private final Shard shard;
    private final LinkWaiter linkWaiter;
    private final Ports ports;
    private final ReentrantLock lock;
    private final Thread background;

    private volatile @Nullable Thread leader; // written under the lock; the background thread also looks from outside
    private boolean leaderInterrupted;
    private boolean asleep;
    private long asleepUntilNs;
    private boolean asleepForWritable;
    private long tenures;
    private volatile long tenure; // the same, for looks from outside
    private volatile long leftAtNs = System.nanoTime() - DESERTED_NS;
    private @Nullable Waiter stealer;
    private @Nullable Thread streakThread; // whom the last wake-up went to
    private boolean streakSelects; // all of the streak went to threads that select
    private int streak;
    private long streakInsideNs; // when that thread last came in
    private volatile boolean summoned;
    private volatile boolean deep;
    private volatile boolean stopping;
    private boolean started;

    long backgroundTenures;
    long applicationTenures;
    long steals;
    long summons;
    long sleeps;

    Leadership(Shard shard, LinkWaiter linkWaiter, Ports ports, ReentrantLock lock, boolean daemon) {
        this.shard = shard;
        this.linkWaiter = linkWaiter;
        this.ports = ports;
        this.lock = lock;
        this.background = Thread.ofPlatform().name(shard.name()).daemon(daemon).unstarted(this::runBackground);
    }

    void start() {
        lock.lock();
        try {
            started = true;
            summoned = true;
            background.start();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the background thread and waits for it; false when that had been done before. Not inside the shard. */
    boolean stop() {
        lock.lock();
        try {
            if (stopping) {
                return false;
            }
            stopping = true;
            deep = false;
            endSleep();
            LockSupport.unpark(background);
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (started && background.isAlive() && Thread.currentThread() != background) {
            try {
                background.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        awaitEndOfSleep();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** An application thread that led has been woken; until it is back under the lock it may still use the waiter. */
    private void awaitEndOfSleep() {
        while (true) {
            lock.lock();
            try {
                if (!asleep) {
                    return;
                }
            } finally {
                lock.unlock();
            }
            Thread.onSpinWait();
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // what dispatch reports

    /**
     * A wake-up goes to {@code t}.
     *
     * @param selects whether it waits in a selector
     */
    void onWake(Thread t, boolean selects) {
        if (t == streakThread || selects && streakSelects) {
            streak = Math.min(streak + 1, STREAK);
        } else {
            streak = 1;
            streakSelects = selects;
        }
        streakThread = t;
    }

    /** A listener does its work itself: the shard has work that is nobody's. */
    void onWorkInTheCall() {
        streakThread = null;
        streak = 0;
    }

    private boolean isEntitled(Thread t, Waiter w) {
        return streak >= STREAK && (t == streakThread || streakSelects && w.selects) && !t.isVirtual();
    }

    /** {@code t} comes in. */
    void onEntry(Thread t, long nowNs) {
        if (t == streakThread) {
            streakInsideNs = nowNs;
        }
    }

    /** Whether an entitled thread is at work and will be back soon, to lead. */
    private boolean isExpected() {
        Thread t = streakThread;
        return streak >= STREAK && t != null && !t.isVirtual() && shard.nowNs() - streakInsideNs < DESERTED_NS;
    }

    boolean isLeader(Thread t) {
        return leader == t;
    }

    /** If {@code t} leads, ends its sleep and returns true. */
    boolean wakeIfLeader(Thread t) {
        if (leader != t) {
            return false;
        }
        endSleep();
        return true;
    }

    private void endSleep() {
        if (asleep && asleepUntilNs != Long.MIN_VALUE) {
            asleepUntilNs = Long.MIN_VALUE; // woken already
            linkWaiter.wakeup();
        }
    }

    /**
     * After user calls: a sleeping leader must not sleep past a new deadline of the host or of a link, nor miss that a
     * link is full.
     */
    void nudge(long nextEventNs) {
        if (asleep && (nextEventNs < asleepUntilNs || (ports.anyFull() && !asleepForWritable))) {
            endSleep();
        } else if (leader == null && nextEventNs <= shard.nowNs()) {
            summon();
        }
    }

    /** There is work for a leader now. */
    void demand() {
        if (asleep) {
            endSleep();
        } else if (leader == null) {
            summon();
        }
    }

    private void summon() {
        if (!summoned) {
            summoned = true;
            deep = false;
            summons++;
            LockSupport.unpark(background);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // waiting

    /**
     * Waits, leading or not, until {@code w} is signalled, the time is over or the shard is. Under the lock, before and
     * after.
     *
     * @param atRest whether the host has just been found to have nothing to do
     */
    void await(Waiter w, long untilNs, boolean atRest) {
        Thread me = Thread.currentThread();
        boolean interrupted = false;
        for (boolean rest = atRest; !w.signalled && !shard.isOver(); rest = false) {
            if (leader == me || (leader == null && isEntitled(me, w))) {
                interrupted |= leadUntil(w, untilNs, rest, me);
                if (shard.nowNs() >= untilNs) {
                    break;
                }
                continue;
            }
            if (leader == null) {
                summon();
            } else if (stealer != w && isEntitled(me, w) && (leader == background || !streakSelects)) {
                stealer = w;
                steals++;
                endSleep();
            } else {
                nudge(shard.nextEventNs()); // what the calls before the wait have begun must not wait for it
            }
            shard.release();
            if (untilNs == Time.NEVER) {
                LockSupport.park(shard);
            } else {
                LockSupport.parkNanos(shard, untilNs - System.nanoTime());
            }
            if (me.isInterrupted() && !me.isVirtual()) {
                interrupted |= Thread.interrupted(); // or the next park would return at once
            }
            shard.retake();
            if ((me.isVirtual() && me.isInterrupted()) || shard.nowNs() >= untilNs) {
                break;
            }
        }
        if (leader == me) {
            leave(me, w); // was handed the lead just as its wait ended
        }
        if (interrupted) {
            me.interrupt();
        }
    }

    /** {@code w}'s thread waits no more. */
    void forget(Waiter w) {
        if (stealer == w) {
            stealer = null;
        }
    }

    private boolean leadUntil(Waiter w, long untilNs, boolean atRest, Thread me) {
        leaderInterrupted = Thread.interrupted();
        leader = me;
        tenure = ++tenures;
        applicationTenures++;
        try {
            lead(w, untilNs, atRest);
        } finally {
            leave(me, w);
        }
        return Thread.interrupted() || leaderInterrupted;
    }

    private void leave(Thread me, Waiter w) {
        if (stealer != null) {
            handOver();
            return;
        }
        leftAtNs = shard.nowNs();
        leader = null;
        if (!isEntitled(me, w) || shard.isOver()) {
            summon();
        } else if (deep) {
            deep = false;
            LockSupport.unpark(background);
        }
    }

    /**
     * Drives the shard until the leader's own wait is over or the lead is asked for. Under the lock, before and after.
     */
    private void lead(@Nullable Waiter mine, long untilNs, boolean atRest) {
        try {
            drive(mine, untilNs, !atRest);
        } catch (RuntimeException | Error e) {
            shard.fail(e); // the wait for the links failed, or the host could not say its deadline
        }
    }

    private void drive(@Nullable Waiter mine, long untilNs, boolean somethingToDo) {
        boolean more = somethingToDo;
        while (!shard.hasFailed() && !stopping && stealer == null
                && (mine == null || !(mine.signalled || shard.isOver() || shard.nowNs() >= untilNs))) {
            if (!more) {
                if (mine == null && isExpected()) {
                    return;
                }
                idle(untilNs);
            }
            shard.giveWay();
            more = shard.turn(mine);
        }
    }

    private void idle(long untilNs) {
        if (shard.nowNs() - ports.lastTrafficNs() < shard.host().settings().get(Setting.BUSY_POLL) * 1_000) {
            Thread.onSpinWait();
        } else {
            sleep(untilNs);
        }
    }

    private void sleep(long untilNs) {
        long now = shard.nowNs();
        long until = Math.min(shard.nextEventNs(), untilNs);
        if (now - ports.lastTrafficNs() < ACTIVE_FOR_NS) {
            until = Math.min(until, now + ACTIVE_SLEEP_NS);
        }
        boolean full = ports.anyFull();
        if (full) {
            until = Math.max(until, now + FULL_SLEEP_NS);
        }
        if (until <= now) {
            return;
        }
        asleep = true;
        asleepUntilNs = until;
        asleepForWritable = full;
        sleeps++;
        shard.release();
        try {
            linkWaiter.await(until == Time.NEVER ? Long.MAX_VALUE : until - now, full);
        } finally {
            lock.lock();
            asleep = false;
            if (Thread.currentThread().isInterrupted()) {
                leaderInterrupted |= Thread.interrupted(); // or the next wait could return at once
            }
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // the background thread

    private void runBackground() {
        Thread me = Thread.currentThread();
        lock.lock();
        try {
            boolean deserted = false;
            while (!stopping && !shard.hasFailed()) {
                if (leader == null && (summoned || deserted)) {
                    leader = me;
                    tenure = ++tenures;
                    backgroundTenures++;
                    summoned = false;
                    lead(null, Time.NEVER, false);
                    handOver();
                }
                summoned = false;
                shard.release();
                deserted = watch();
                shard.retake();
            }
        } finally {
            shard.release();
        }
    }

    /**
     * Looks at the leaders from outside, without the lock, until there is reason to lead; true when nobody has led for
     * {@link #DESERTED_NS}.
     */
    private boolean watch() {
        long seen = tenure;
        boolean busy = false;
        while (true) {
            LockSupport.parkNanos(shard, busy ? BUSY_TICK_NS : TICK_NS);
            Thread.interrupted();
            if (summoned || stopping) {
                return false;
            }
            long now = tenure;
            if (leader == null) {
                if (System.nanoTime() - leftAtNs >= DESERTED_NS) {
                    return true;
                }
            } else if (now == seen) {
                sleepDeep(now);
                if (summoned || stopping) {
                    return false;
                }
            }
            busy = now - seen >= BUSY_TENURES;
            seen = tenure;
        }
    }

    /** Sleeps until the leader of this tenure leaves. */
    private void sleepDeep(long ofTenure) {
        lock.lock();
        try {
            if (leader == null || tenure != ofTenure || summoned || stopping) {
                return;
            }
            deep = true;
        } finally {
            lock.unlock();
        }
        while (deep) {
            LockSupport.park(shard);
            Thread.interrupted();
        }
    }

    /** Passes the lead to the thread that asked for it, or to nobody. */
    private void handOver() {
        Waiter to = stealer;
        Thread next = to == null ? null : to.thread;
        stealer = null;
        leftAtNs = shard.nowNs();
        leader = next;
        if (next != null) {
            tenure = ++tenures;
            applicationTenures++;
            LockSupport.unpark(next);
        }
    }
}

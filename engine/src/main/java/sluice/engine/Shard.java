package sluice.engine;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sluice.base.BrokenInvariantException;
import sluice.base.ErrnoException;
import sluice.core.Host;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.icmp.PingSocket;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.udp.UdpSocket;
import sluice.link.Link;
import sluice.link.LinkWaiter;

/**
 * One host with its links on real threads, entered by one thread at a time.
 *
 * <p><b>Thread rules.</b> Everything of the host is used between {@link #enter} and {@link #exit}, or inside {@link
 * #execute}, or in a {@link ReadinessListener}; any thread may do so, platform or virtual. {@link #exit} sends what the
 * calls left to send, on the caller's own thread. A thread that must wait does so with {@link #block}, which lets
 * others in. Who drives the shard meanwhile is {@link Leadership}'s business; the choice is recorded in {@code
 * docs/decisions/0001-shard-lock-and-leader.md}.
 *
 * <p>When the core breaks a promise of its own the shard stops: the reason is logged, every waiting thread and every
 * later call gets a {@link ShardStoppedException}. It stops the same way, without a defect, when the last of its links
 * is gone ({@link LinkGoneException}).
 */
public final class Shard implements HostAccess, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Shard.class.getName());
    /** Packets taken from a device, or given to the links, before the lock is offered to others. */
    private static final int BATCH = 64;
    /** Endpoints served before packets are looked at again. */
    private static final int DISPATCH_BATCH = 256;
    /** Rounds of sending in one {@link #exit} before the rest is left to the leader. */
    private static final int EXIT_ROUNDS = 16;
    /** How long a leader that gives way waits for somebody to come in. */
    private static final long GIVE_WAY_NS = 50_000;
    /** How long it spins for that first. */
    private static final long GIVE_WAY_SPIN_NS = 20_000;
    /** Between two messages that memory is short. */
    private static final long SAY_AGAIN_NS = 10_000_000_000L;
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

    private final String name;
    private final Host host;
    private final Ports ports;
    private final LinkWaiter linkWaiter;
    private final Leadership leadership;
    private final ReentrantLock lock = new ReentrantLock();
    private final HostDriver driver;
    private volatile long entered; // the number of entries, for giveWay to see that somebody came in

    // Guarded by the lock.
    private long entries;
    private long nowNs;
    private @Nullable Waiter firstWaiting;
    private Thread[] wakes = new Thread[16];
    private Thread[] wakesSpare = new Thread[16];
    private int wakeCount;
    private boolean closing;
    private @Nullable Throwable failure;
    private long listenerFailures;
    private long outOfMemory;
    private long lastOutOfMemoryNs;

    Shard(String name, Host host, List<Link> links, LinkWaiter linkWaiter, boolean daemon) {
        this.name = name;
        this.host = host;
        this.ports = new Ports(host, links);
        this.driver = new HostDriver(host, ports, this::call);
        this.linkWaiter = linkWaiter;
        this.leadership = new Leadership(this, linkWaiter, ports, lock, daemon);
        this.nowNs = System.nanoTime();
        this.lastOutOfMemoryNs = nowNs - SAY_AGAIN_NS;
    }

    void start() {
        leadership.start();
    }

    /** The shard's name; its background thread is called the same. */
    public String name() {
        return name;
    }

    @Override
    public Host host() {
        return host;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public boolean isInside() {
        return lock.isHeldByCurrentThread();
    }

    @Override
    public long enter() {
        lock.lock();
        if (failure != null || closing) {
            lock.unlock();
            throw stopped();
        }
        if (lock.getHoldCount() == 1) {
            arrived();
        }
        return nowNs;
    }

    private void arrived() {
        entered = ++entries;
        nowNs = System.nanoTime();
        leadership.onEntry(Thread.currentThread(), nowNs);
    }

    @Override
    public void exit() {
        if (lock.getHoldCount() > 1) {
            lock.unlock();
            return;
        }
        settleAndNudge();
        release();
    }

    private void settleAndNudge() {
        settle();
        try {
            leadership.nudge(nextEventNs());
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** When the host or a link has something to do by itself. Under the lock. */
    long nextEventNs() {
        return Math.min(host.nextDeadlineNs(), ports.nextEventNs());
    }

    /**
     * {@inheritDoc}
     *
     * <p>A platform thread may drive the shard while it waits and cannot be interrupted; a virtual thread returns early
     * when it is interrupted, with its interrupt status kept. The clock is {@link System#nanoTime}'s.
     */
    @Override
    public void block(Waiter waiter, int interest, long untilNs) {
        if (driver.isDispatching() || lock.getHoldCount() != 1) {
            throw new IllegalStateException("a listener must not block");
        }
        waiter.begin(interest);
        link(waiter);
        try {
            boolean more = settle();
            if (!waiter.signalled && !isOver()) {
                leadership.await(waiter, untilNs, !more);
            }
        } finally {
            leadership.forget(waiter);
            unlink(waiter);
            waiter.end();
        }
        if (isOver()) {
            throw stopped();
        }
    }

    @Override
    public void wake(Waiter waiter) {
        Thread t = waiter.thread;
        if (t == null || !waiter.signal()) {
            return;
        }
        if (driver.isDispatching()) {
            leadership.onWake(t, waiter.selects);
        }
        if (!leadership.wakeIfLeader(t)) {
            unparkLater(t);
        }
    }

    /**
     * One turn of the leader: devices, deadlines, endpoints, and the answers; returns whether there is more to do at
     * once.
     */
    boolean turn(@Nullable Waiter mine) {
        nowNs = System.nanoTime();
        try {
            boolean more = ports.receive(BATCH, nowNs);
            host.onReceived(more);
            if (ports.allGone()) {
                stop(new LinkGoneException(ports.goneNames()));
                return false;
            }
            if (host.nextDeadlineNs() <= nowNs) {
                host.onDeadline(nowNs);
            }
            more |= driver.dispatch(DISPATCH_BATCH, nowNs) == DISPATCH_BATCH;
            if (mine == null || !mine.signalled) {
                // A leader whose own wait is over leaves this to its exit, so that what it answers and the
                // acknowledgement go together.
                more |= driver.transmit(BATCH, nowNs) == BATCH;
                more |= driver.dispatch(DISPATCH_BATCH, nowNs) == DISPATCH_BATCH;
            }
            return more;
        } catch (RuntimeException | Error e) {
            return survive(e);
        }
    }

    /** Brings the host to rest after user calls; true when something is left for the leader, who is asked for. */
    private boolean settle() {
        if (failure != null) {
            return false;
        }
        try {
            boolean more = !driver.drain(EXIT_ROUNDS, DISPATCH_BATCH, BATCH, nowNs);
            if (more) {
                leadership.demand();
            }
            return more;
        } catch (RuntimeException | Error e) {
            boolean goesOn = survive(e);
            if (goesOn) {
                leadership.demand();
            }
            return goesOn;
        }
    }

    private void call(ReadinessListener listener, Pollable p, long now) {
        if (listener.worksInTheCall()) {
            leadership.onWorkInTheCall();
        }
        try {
            listener.ready(p, p.readiness(), now);
        } catch (ErrnoException e) {
            LOG.log(Level.DEBUG, () -> name + ": listener of " + p + " ended by " + e.getMessage());
            abort(p, listener);
        } catch (BrokenInvariantException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            listenerFailures++;
            failed(listener, p, e);
        }
    }

    /** One that accepts goes on after an error: it is told again with the next connection. */
    private void failed(ReadinessListener listener, Pollable p, Throwable e) {
        if (e instanceof Error && p instanceof TcpListener) {
            warn(name + ": listener of " + p + " failed and goes on", e);
        } else {
            warn(name + ": listener of " + p + " failed; its endpoint is aborted", e);
            abort(p, listener);
        }
    }

    private void abort(Pollable p, ReadinessListener failed) {
        p.removeListener(failed);
        switch (p) {
            case TcpSocket tcb -> tcb.abort(nowNs);
            case TcpListener listener -> listener.close(nowNs);
            case UdpSocket udp -> udp.close();
            case PingSocket ping -> ping.close();
            default ->
                LOG.log(Level.WARNING, () -> name + ": " + p + " cannot be closed and stays without that listener");
        }
    }

    /**
     * What came out of the host ends it, but for want of memory: then what was worked on, a packet or a message, is
     * lost as if the network had lost it. Whether the shard goes on.
     */
    private boolean survive(Throwable e) {
        if (!(e instanceof OutOfMemoryError)) {
            fail(e);
            return false;
        }
        outOfMemory++;
        if (nowNs - lastOutOfMemoryNs > SAY_AGAIN_NS) {
            lastOutOfMemoryNs = nowNs;
            warn(name + ": out of memory (" + outOfMemory + " times so far): packets are lost", e);
        }
        return true;
    }

    private static void warn(String text, Throwable e) {
        try {
            LOG.log(Level.WARNING, text, e);
        } catch (OutOfMemoryError again) {
            // there is no memory for the message either
        }
    }

    @Override
    public void fail(Throwable e) {
        if (failure == null) {
            LOG.log(Level.ERROR, name + ": the stack broke a promise of its own and stops", e);
            stop(e);
        }
    }

    private void stop(Throwable reason) {
        if (failure == null) {
            failure = reason;
            wakeEverybody();
        }
    }

    private void wakeEverybody() {
        for (Waiter w = firstWaiting; w != null; w = w.next) {
            wake(w);
        }
        leadership.demand();
    }

    /** Whether calls are refused from now on. Under the lock. */
    boolean isOver() {
        return closing || failure != null;
    }

    /** Whether the core failed. Under the lock. */
    boolean hasFailed() {
        return failure != null;
    }

    private ShardStoppedException stopped() {
        Throwable f = failure;
        if (f == null) {
            return new ShardStoppedException(name + " is closed");
        }
        return f instanceof LinkGoneException ? new ShardStoppedException(name + " has stopped: " + f.getMessage(), f)
                : new ShardStoppedException(name + " has stopped after a defect", f);
    }

    private void link(Waiter w) {
        Waiter first = firstWaiting;
        w.previous = null;
        w.next = first;
        if (first != null) {
            first.previous = w;
        }
        firstWaiting = w;
    }

    private void unlink(Waiter w) {
        Waiter p = w.previous;
        Waiter n = w.next;
        if (p != null) {
            p.next = n;
        } else {
            firstWaiting = n;
        }
        if (n != null) {
            n.previous = p;
        }
        w.previous = null;
        w.next = null;
    }

    private void unparkLater(Thread t) {
        if (wakeCount == wakes.length) {
            wakes = Arrays.copyOf(wakes, wakeCount * 2);
        }
        wakes[wakeCount++] = t;
    }

    /**
     * Leaves the lock (held once) and then unparks whom the stay made ready, so that they do not meet a lock still
     * held.
     */
    void release() {
        int n = wakeCount;
        if (n == 0) {
            lock.unlock();
        } else if (n == 1) {
            Thread only = wakes[0];
            wakeCount = 0;
            lock.unlock();
            LockSupport.unpark(only);
        } else if (leadership.isLeader(Thread.currentThread())) {
            Thread[] mine = wakes;
            wakes = wakesSpare;
            wakesSpare = mine;
            wakeCount = 0;
            lock.unlock();
            for (int i = 0; i < n; i++) {
                LockSupport.unpark(mine[i]);
            }
        } else {
            for (int i = 0; i < n; i++) {
                LockSupport.unpark(wakes[i]);
            }
            wakeCount = 0;
            lock.unlock();
        }
    }

    /** Comes back after {@link #release}. */
    void retake() {
        lock.lock();
        arrived();
    }

    /** Lets threads that wait for the lock in, if there are any. Called by the leader between turns. */
    void giveWay() {
        if (!lock.hasQueuedThreads()) {
            if (wakeCount > 0 && leadership.isLeader(Thread.currentThread())) {
                release();
                lock.lock();
            }
            return;
        }
        long before = entered;
        release();
        // No Thread.yield here: beside busy processes a thread that yields in a loop loses a whole turn with each
        // round.
        if (SEVERAL_PROCESSORS) {
            long start = System.nanoTime();
            while (entered == before && System.nanoTime() - start < GIVE_WAY_SPIN_NS) {
                Thread.onSpinWait();
            }
        }
        if (entered == before) {
            LockSupport.parkNanos(this, GIVE_WAY_NS);
        }
        lock.lock();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // end of the shard

    /** For the thread that closes the shard: inside even though users are refused. */
    void enterToClose() {
        lock.lock();
        arrived();
    }

    /** Refuses users from now on and wakes those who wait. Inside the shard. */
    void refuseUsers() {
        closing = true;
        wakeEverybody();
    }

    /** Waits at most {@code nanos} for the background thread to carry on. Inside, after {@link #refuseUsers}. */
    void idle(long nanos) {
        settleAndNudge();
        release();
        LockSupport.parkNanos(nanos);
        retake();
    }

    /** Stops at once: users are refused, the background thread ends, links and waiter are closed. Idempotent. */
    @Override
    public void close() {
        enterToClose();
        if (!closing) {
            refuseUsers();
        }
        settle();
        release();
        if (leadership.stop()) {
            ports.close();
            linkWaiter.close();
        }
    }

    /** What the engine has counted. */
    public ShardStatistics statistics() {
        lock.lock();
        try {
            return new ShardStatistics(leadership.backgroundTenures, leadership.applicationTenures, leadership.steals,
                    leadership.summons,
                    leadership.sleeps, listenerFailures, ports.droppedAtFullLink());
        } finally {
            lock.unlock();
        }
    }
}

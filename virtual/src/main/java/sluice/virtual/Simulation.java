package sluice.virtual;

import java.util.IdentityHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.clock.ClockSettings;
import sluice.clock.Timeline;
import sluice.clock.VirtualClock;
import sluice.engine.Waiter;
import sluice.sim.World;

/**
 * The world of a network and the one lock around it: who is inside, who waits for something in it, and what ended it.
 * Threads of all hosts come in by their {@link Entrance}; the clock lets the world go on when none of them can run.
 *
 * <p><b>Thread rules.</b> Any thread. What is said to be called inside holds the lock.
 */
final class Simulation implements Timeline {
    private final World world;
    private final VirtualClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final IdentityHashMap<Waiter, Thread> waiting = new IdentityHashMap<>();
    private volatile @Nullable Throwable failure;

    Simulation(World world, ClockSettings settings) {
        this.world = world;
        clock = VirtualClock.open(settings, this);
    }

    VirtualClock clock() {
        return clock;
    }

    World world() {
        return world;
    }

    // --- the clock's side ---

    @Override
    public long nextNs() {
        lock.lock();
        try {
            long next = world.nextNs();
            return next == Time.NEVER || failure != null ? VirtualClock.NEVER : next - World.START_NS;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void runNext(long nowNs) {
        lock.lock();
        try {
            world.runNext(World.START_NS + nowNs);
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            lock.unlock();
        }
    }

    // --- inside ---

    boolean isInside() {
        return lock.isHeldByCurrentThread();
    }

    /** How often the calling thread has gone inside and not left. */
    int depth() {
        return lock.getHoldCount();
    }

    void enter() {
        try {
            lock.lock();
        } catch (RuntimeException | Error killed) {
            // Its host crashed while it waited here; it will be told again where it need not be inside. Whoever is
            // inside leaves soon, and everything that waits or yields would throw again.
            boolean inside = false;
            while (!inside) {
                inside = lock.tryLock();
            }
        }
        world.catchUp(World.START_NS + clock.nowNs());
    }

    void leave() {
        lock.unlock();
        if (VirtualClock.current() != clock && lock.getHoldCount() == 0) {
            clock.poke();
        }
    }

    /** Runs {@code action} inside. */
    <T extends @Nullable Object> T inside(Supplier<T> action) {
        enter();
        try {
            return action.get();
        } finally {
            leave();
        }
    }

    /** Runs {@code action} inside. */
    void inside(Runnable action) {
        inside(() -> {
            action.run();
            return null;
        });
    }

    /**
     * Leaves, waits until {@code waiter} is woken or {@code untilNs} has come, and is inside again. May return early.
     */
    void await(Waiter waiter, long untilNs) {
        waiting.put(waiter, Thread.currentThread());
        lock.unlock();
        try {
            clock.park(untilNs == Time.NEVER ? VirtualClock.NEVER : untilNs - World.START_NS);
        } finally {
            enter();
            waiting.remove(waiter);
        }
    }

    /** Ends the wait of {@code waiter}. Inside. */
    void wake(Waiter waiter) {
        if (waiter.signal()) {
            LockSupport.unpark(waiting.get(waiter));
        }
    }

    // --- the end ---

    /** What ended the world: a broken promise of the core, a check, a rule that threw; null while it goes on. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Ends the world; only the first reason counts. Inside or not. */
    void fail(Throwable e) {
        lock.lock();
        try {
            if (failure == null) {
                failure = e;
            }
            waiting.values().forEach(LockSupport::unpark);
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits, to look again at what it waits for. Inside. */
    void wakeAll() {
        waiting.values().forEach(LockSupport::unpark);
    }
}

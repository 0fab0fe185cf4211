package sluice.sockets;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.Host;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Waiter;
import sluice.sim.SimHost;
import sluice.sim.World;

/**
 * The other {@link HostAccess}: hosts of a simulated world, entered by threads of a test. One thread at a time is in
 * the world; when every member waits, the one that came last lets the world's clock go on until somebody can.
 */
public final class VirtualHosts {
    private static final double LONGEST_MS = 3_600_000;

    private final World world;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Waiter, Long> waits = new HashMap<>();
    private int running = 1; // the thread that made this
    private @Nullable Throwable failure;

    public VirtualHosts(World world) {
        this.world = world;
    }

    /** How sockets reach {@code host}. */
    public HostAccess access(SimHost host) {
        return new Access(host);
    }

    /** Runs a member of the world: time stands still while it runs. */
    public Thread start(Runnable program) {
        lock.lock();
        running++;
        lock.unlock();
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                program.run();
            } finally {
                leave();
            }
        });
    }

    /** Waits for a member's end; the caller is no member meanwhile. */
    public void join(Thread member) throws InterruptedException {
        leave();
        member.join();
        lock.lock();
        running++;
        lock.unlock();
    }

    private void leave() {
        lock.lock();
        running--;
        changed.signalAll();
        lock.unlock();
    }

    private final class Access implements HostAccess {
        private final SimHost host;

        Access(SimHost host) {
            this.host = host;
        }

        @Override
        public Host host() {
            return host.host();
        }

        @Override
        public long nowNs() {
            return host.nowNs();
        }

        @Override
        public boolean isInside() {
            return lock.isHeldByCurrentThread();
        }

        @Override
        public long enter() {
            lock.lock();
            Throwable f = failure;
            if (f != null) {
                lock.unlock();
                throw new ShardStoppedException("the world has stopped", f);
            }
            world.runFor(0, () -> true); // looks up routes
            return nowNs();
        }

        @Override
        public void exit() {
            lock.unlock(); // what is to be sent leaves when time goes on
        }

        @Override
        public void block(Waiter waiter, int interest, long untilNs) {
            if (lock.getHoldCount() != 1) {
                throw new IllegalStateException("nested");
            }
            waiter.begin(interest);
            waits.put(waiter, untilNs);
            running--;
            try {
                while (!waiter.isSignalled() && failure == null) {
                    if (running == 0) {
                        letTimePass();
                    } else {
                        changed.awaitUninterruptibly();
                    }
                }
            } catch (RuntimeException e) {
                fail(e);
            } finally {
                waits.remove(waiter);
                waiter.end();
            }
            Throwable f = failure;
            if (f != null) {
                throw new ShardStoppedException("the world has stopped", f);
            }
        }

        @Override
        public void wake(Waiter waiter) {
            if (waiter.signal()) {
                running++; // before its thread knows, so that time does not pass it by
                changed.signalAll();
            }
        }

        @Override
        public void fail(Throwable e) {
            failure = e;
            changed.signalAll();
        }

        private void letTimePass() {
            long first = waits.values().stream().mapToLong(Long::longValue).min().orElse(Time.NEVER);
            if (first == Time.NEVER) {
                world.runUntil("somebody can go on", () -> running > 0);
            } else {
                world.runFor(Math.min((first - world.nowNs()) / 1e6, LONGEST_MS), () -> running > 0);
            }
            for (Waiter w : List.copyOf(waits.keySet())) {
                if (waits.get(w) <= world.nowNs()) {
                    wake(w);
                }
            }
        }
    }
}

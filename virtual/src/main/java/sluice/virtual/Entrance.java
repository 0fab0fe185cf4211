package sluice.virtual;

import org.jspecify.annotations.Nullable;
import sluice.core.Host;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Waiter;
import sluice.sim.SimHost;

/**
 * How threads of a host reach its stack, from one start of the host to its crash: a second start is another network
 * stack, with an entrance of its own. A wait is a park of the thread, as any other wait of a program, so that it is the
 * clock that lets the world go on meanwhile.
 */
final class Entrance implements HostAccess {
    private final Simulation simulation;
    private final SimHost host;
    private volatile boolean closed;

    Entrance(Simulation simulation, SimHost host) {
        this.simulation = simulation;
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
        return simulation.isInside();
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public long enter() {
        simulation.enter();
        if (isOver()) {
            simulation.leave();
            throw over();
        }
        if (simulation.depth() == 1) {
            host.world().prepare();
        }
        return nowNs();
    }

    @Override
    public void exit() {
        try {
            if (simulation.depth() == 1) {
                drain();
            }
        } finally {
            simulation.leave();
        }
    }

    /** What a call has to send leaves at once, as a system call's does, and whom it made ready is told. */
    private void drain() {
        if (isOver()) {
            return;
        }
        try {
            host.drain();
        } catch (RuntimeException | Error e) {
            simulation.fail(e);
            throw e;
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A platform thread cannot be interrupted; a virtual thread returns early when it is, with its interrupt status
     * kept.
     */
    @Override
    public void block(Waiter waiter, int interest, long untilNs) {
        if (simulation.depth() != 1) {
            throw new IllegalStateException("a listener must not block");
        }
        waiter.begin(interest);
        boolean interrupted = false;
        try {
            drain();
            while (!waiter.isSignalled() && !isOver() && nowNs() < untilNs) {
                simulation.await(waiter, untilNs);
                if (Thread.currentThread().isInterrupted()) {
                    if (Thread.currentThread().isVirtual()) {
                        break;
                    }
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            waiter.end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (isOver()) {
            throw over();
        }
    }

    @Override
    public void wake(Waiter waiter) {
        simulation.wake(waiter);
    }

    @Override
    public void fail(Throwable e) {
        simulation.fail(e);
    }

    /** The host crashed, or the network is closed: whoever waits is told. Inside. */
    void close() {
        closed = true;
        simulation.wakeAll();
    }

    /** Whether the host crashed since, or the network ended. */
    boolean isOver() {
        return closed || simulation.failure() != null;
    }

    private ShardStoppedException over() {
        @Nullable Throwable f = simulation.failure();
        return f != null ? new ShardStoppedException("the network has stopped", f)
                : new ShardStoppedException(host.name() + " is off");
    }

    @Override
    public String toString() {
        return host.name();
    }
}

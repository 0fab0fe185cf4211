package sluice.engine;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.Host;

/**
 * All that sockets and services know of where a host runs: how a thread gets inside, what time it is there, and how it
 * waits. {@link Shard} is the one on real threads, whose clock is {@link System#nanoTime}; a simulated host's time is
 * its world's, and a wait there lets the world go on.
 *
 * <p><b>Thread rules.</b> Everything of the host is used between {@link #enter} and {@link #exit}, or inside {@link
 * #execute}, or in a {@link sluice.core.ReadinessListener}. One thread is inside at a time; any may come, platform or
 * virtual. {@link #block} lets others in while it waits.
 */
public interface HostAccess {
    /** The host; to be used inside only. */
    Host host();

    /**
     * The time of the present stay inside, nanoseconds on the host's clock: to be handed to the core's calls, and what
     * ends of waits are reckoned from. Inside only.
     */
    long nowNs();

    /** Whether the calling thread is inside. */
    boolean isInside();

    /**
     * Goes inside, waiting for other threads to leave. May be nested: the outermost {@link #exit} leaves.
     *
     * @return {@link #nowNs}
     * @throws ShardStoppedException when the host runs no more; the caller is then not inside
     */
    long enter();

    /** Sees to it that what is to be sent is sent and who can go on is woken, and leaves. */
    void exit();

    /** Runs {@code action} inside and returns its result. May be called from inside as well. */
    default <T extends @Nullable Object> T execute(Function<Host, T> action) {
        enter();
        try {
            return action.apply(host());
        } finally {
            exit();
        }
    }

    /**
     * Waits until {@code waiter}'s endpoint signals one of the {@code interest} bits (or an error, or that it is
     * closed), somebody calls {@link #wake}, or {@code untilNs} passed; others may be inside meanwhile. To be called
     * inside, not nested and not by a listener; the caller is inside again when it returns, and looks again at what it
     * waited for, since it may return early.
     *
     * <p>What was signalled before the wait does not end it, and a connection that is over signals nothing any more:
     * the caller looks before each wait whether what it waits for can still come (state, error, its own close).
     *
     * @param waiter one of the {@link Waiters} that listen to the endpoint, or one that something else wakes; no other
     * thread waits in it
     * @param interest bits of {@link sluice.core.Pollable}
     * @param untilNs on the clock of {@link #nowNs}, or {@link Time#NEVER}
     * @throws ShardStoppedException when the host stops meanwhile; the caller is still inside
     * @throws IllegalStateException when a listener calls this, or another thread waits in {@code waiter}
     */
    void block(Waiter waiter, int interest, long untilNs);

    /**
     * Whether the host is all the network that its threads have: what it does not reach is unreachable for them, and is
     * not looked for on the platform. A stack beside the platform's is not.
     */
    default boolean isAlone() {
        return false;
    }

    /** Ends the wait of whoever waits in {@code waiter}; nothing when nobody does. Inside only. */
    void wake(Waiter waiter);

    /**
     * Stops the host because of {@code e}, which its core threw ({@link sluice.base.BrokenInvariantException}): every
     * wait and every later call ends with a {@link ShardStoppedException}. Inside only.
     */
    void fail(Throwable e);
}

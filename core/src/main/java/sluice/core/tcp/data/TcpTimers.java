package sluice.core.tcp.data;

import sluice.base.Deadlines;
import sluice.base.Time;

/**
 * The timers of one connection: a deadline each, and at most one entry in the host's queue.
 *
 * <p>Moving a deadline later touches only its number; the queue entry that is then too early finds nothing due and goes
 * in again.
 */
public final class TcpTimers extends TcpTimer {
    /** Whose timers they are. */
    public interface Owner {
        /** One ran out; it is off now. */
        void onTimeout(TimerKind kind, long nowNs);
    }

    private static final TimerKind[] KINDS = TimerKind.values();

    private final Owner owner;
    private final Deadlines<TcpTimer> queue;
    private final long[] deadlineNs = new long[KINDS.length];

    /** All off. */
    public TcpTimers(Owner owner, Deadlines<TcpTimer> queue) {
        this.owner = owner;
        this.queue = queue;
        java.util.Arrays.fill(deadlineNs, Time.NEVER);
    }

    /** Sets a timer to a time, nanoseconds. */
    public void set(TimerKind kind, long atNs) {
        deadlineNs[kind.ordinal()] = atNs;
        if (atNs < queuedAtNs()) {
            queue.schedule(this, atNs);
        }
    }

    /** Sets a timer unless it is set to an earlier time. */
    public void setEarlier(TimerKind kind, long atNs) {
        if (atNs < deadlineNs[kind.ordinal()]) {
            set(kind, atNs);
        }
    }

    /** Turns a timer off. */
    public void clear(TimerKind kind) {
        deadlineNs[kind.ordinal()] = Time.NEVER;
    }

    /** When a timer will run out; {@link Time#NEVER} when off. */
    public long deadlineNs(TimerKind kind) {
        return deadlineNs[kind.ordinal()];
    }

    /** Whether a timer runs. */
    public boolean isSet(TimerKind kind) {
        return deadlineNs[kind.ordinal()] != Time.NEVER;
    }

    /** Turns all off and leaves the queue. */
    public void clearAll() {
        java.util.Arrays.fill(deadlineNs, Time.NEVER);
        queue.cancel(this);
    }

    @Override
    public void onDeadline(long nowNs) {
        for (TimerKind kind : KINDS) {
            if (deadlineNs[kind.ordinal()] <= nowNs) {
                deadlineNs[kind.ordinal()] = Time.NEVER;
                owner.onTimeout(kind, nowNs);
            }
        }
        long next = Time.NEVER;
        for (long d : deadlineNs) {
            next = Math.min(next, d);
        }
        queue.schedule(this, next);
    }
}

package sluice.core.tcp.data;

import java.util.Arrays;
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
    private static final long[] ALL_OFF = new long[KINDS.length];

    static {
        Arrays.fill(ALL_OFF, Time.NEVER);
    }

    private final Owner owner;
    private final Deadlines<TcpTimer> queue;
    /** By kind, but for {@link TimerKind#KEEPALIVE}; {@link #ALL_OFF} until one is set, and at rest. */
    private long[] deadlineNs = ALL_OFF;
    /** The one that runs while a connection is idle. */
    private long keepaliveNs = Time.NEVER;

    /** All off. */
    public TcpTimers(Owner owner, Deadlines<TcpTimer> queue) {
        this.owner = owner;
        this.queue = queue;
    }

    private void put(TimerKind kind, long atNs) {
        if (kind == TimerKind.KEEPALIVE) {
            keepaliveNs = atNs;
        } else {
            if (deadlineNs == ALL_OFF) {
                if (atNs == Time.NEVER) {
                    return;
                }
                deadlineNs = ALL_OFF.clone();
            }
            deadlineNs[kind.ordinal()] = atNs;
        }
    }

    /** Lets go of the memory for those that an idle connection has no use for. */
    public void rest() {
        if (Arrays.equals(deadlineNs, ALL_OFF)) {
            deadlineNs = ALL_OFF;
        }
    }

    /** Sets a timer to a time, nanoseconds. */
    public void set(TimerKind kind, long atNs) {
        put(kind, atNs);
        if (atNs < queuedAtNs()) {
            queue.schedule(this, atNs);
        }
    }

    /** Sets a timer unless it is set to an earlier time. */
    public void setEarlier(TimerKind kind, long atNs) {
        if (atNs < deadlineNs(kind)) {
            set(kind, atNs);
        }
    }

    /** Turns a timer off. */
    public void clear(TimerKind kind) {
        put(kind, Time.NEVER);
    }

    /** When a timer will run out; {@link Time#NEVER} when off. */
    public long deadlineNs(TimerKind kind) {
        return kind == TimerKind.KEEPALIVE ? keepaliveNs : deadlineNs[kind.ordinal()];
    }

    /** Whether a timer runs. */
    public boolean isSet(TimerKind kind) {
        return deadlineNs(kind) != Time.NEVER;
    }

    /** Turns all off and leaves the queue. */
    public void clearAll() {
        deadlineNs = ALL_OFF;
        keepaliveNs = Time.NEVER;
        queue.cancel(this);
    }

    @Override
    public void onDeadline(long nowNs) {
        for (TimerKind kind : KINDS) {
            if (deadlineNs(kind) <= nowNs) {
                clear(kind);
                owner.onTimeout(kind, nowNs);
            }
        }
        long next = keepaliveNs;
        for (long d : deadlineNs) {
            next = Math.min(next, d);
        }
        queue.schedule(this, next);
    }
}

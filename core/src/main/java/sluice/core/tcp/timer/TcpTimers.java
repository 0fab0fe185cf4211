package sluice.core.tcp.timer;

import sluice.base.Deadlines;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpTimer;

/**
 * The timers of one connection: a deadline each, and at most one entry in the host's queue.
 *
 * <p>Moving a deadline later touches only its number; the queue entry that is then too early finds nothing due and goes
 * in again.
 */
public final class TcpTimers extends TcpTimer {
    /** The kinds. */
    public enum Kind {
        /** Retransmission timeout (RFC 6298). */
        RTO("on"),
        /** Tail loss probe (RFC 8985 section 7). */
        TLP("on"),
        /** RACK's reordering window (RFC 8985 section 6.3). */
        RACK_REORDER("on"),
        /** Zero-window probe (RFC 9293 section 3.8.6.1). */
        PERSIST("persist"),
        /** Delayed acknowledgment (RFC 9293 section 3.8.6.3). */
        DELAYED_ACK("delack"),
        /** Keepalive (RFC 9293 section 3.8.4). */
        KEEPALIVE("keepalive"),
        /** An orphan in FIN-WAIT-2 (net.ipv4.tcp_fin_timeout). */
        FIN_WAIT_2("timewait"),
        /** The next moment the pacing rate allows a segment. */
        PACING("pacing"),
        /** A cork or MSG_MORE held back data for 200 ms. */
        CORK("on");

        private final String ssName;

        Kind(String ssName) {
            this.ssName = ssName;
        }

        /** As ss prints it. */
        public String ssName() {
            return ssName;
        }
    }

    private static final Kind[] KINDS = Kind.values();

    private final Tcb tcb;
    private final Deadlines<TcpTimer> queue;
    private final long[] deadlineNs = new long[KINDS.length];

    /** All off. */
    public TcpTimers(Tcb tcb, Deadlines<TcpTimer> queue) {
        this.tcb = tcb;
        this.queue = queue;
        java.util.Arrays.fill(deadlineNs, Deadlines.NEVER);
    }

    /** Sets a timer to a time, nanoseconds. */
    public void set(Kind kind, long atNs) {
        deadlineNs[kind.ordinal()] = atNs;
        if (atNs < queuedAtNs()) {
            queue.schedule(this, atNs);
        }
    }

    /** Sets a timer unless it is set to an earlier time. */
    public void setEarlier(Kind kind, long atNs) {
        if (atNs < deadlineNs[kind.ordinal()]) {
            set(kind, atNs);
        }
    }

    /** Turns a timer off. */
    public void clear(Kind kind) {
        deadlineNs[kind.ordinal()] = Deadlines.NEVER;
    }

    /** When a timer will run out; {@link Deadlines#NEVER} when off. */
    public long deadlineNs(Kind kind) {
        return deadlineNs[kind.ordinal()];
    }

    /** Whether a timer runs. */
    public boolean isSet(Kind kind) {
        return deadlineNs[kind.ordinal()] != Deadlines.NEVER;
    }

    /** Turns all off and leaves the queue. */
    public void clearAll() {
        java.util.Arrays.fill(deadlineNs, Deadlines.NEVER);
        queue.cancel(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        for (Kind kind : KINDS) {
            if (deadlineNs[kind.ordinal()] <= nowNs) {
                deadlineNs[kind.ordinal()] = Deadlines.NEVER;
                Timeouts.onTimeout(tcb, kind, nowNs);
            }
        }
        long next = Deadlines.NEVER;
        for (long d : deadlineNs) {
            next = Math.min(next, d);
        }
        queue.schedule(this, next);
    }
}

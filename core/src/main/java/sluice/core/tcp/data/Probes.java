package sluice.core.tcp.data;

import sluice.base.Time;

/**
 * What a connection owes and has out in probes: of a closed window (RFC 9293 section 3.8.6.1), of the tail (RFC 8985
 * section 7) and keepalives (RFC 9293 section 3.8.4).
 */
public final class Probes {
    /** A zero-window or keepalive probe is to be sent. */
    public boolean now;
    /**
     * One segment of new data is to be sent whatever cwnd says: a tail loss probe, or a zero-window probe with data.
     */
    public boolean withNewData;
    /** The last segment is to be retransmitted as a tail loss probe. */
    public boolean withTail;
    /** Unanswered probes of a closed window. */
    public int out;
    /** When probing of a closed window began, nanoseconds; {@link Time#NEVER} while it is open. */
    public long sinceNs = Time.NEVER;
    /** Doublings of the persist timer. */
    public int backoff;
    /** Keepalives that were not answered. */
    public int keepalive;

    /** There is nothing to probe a closed window for any more. */
    public void endOfProbing() {
        out = 0;
        sinceNs = Time.NEVER;
    }
}

package sluice.core.ip;

import sluice.base.Counter;
import sluice.core.HostContext;
import sluice.core.trace.TraceEvent;

/**
 * The one place where a packet ends without being delivered or sent: increments the one counter that says why, and
 * tells the trace.
 */
public final class Drops {
    private final HostContext context;

    /** For one host. */
    public Drops(HostContext context) {
        this.context = context;
    }

    /** A packet was dropped; {@code reason} says why. */
    public void drop(Counter reason, long nowNs) {
        context.counters().increment(reason);
        if (context.trace().enabled()) {
            context.trace().on(new TraceEvent.Dropped(nowNs, reason));
        }
    }
}

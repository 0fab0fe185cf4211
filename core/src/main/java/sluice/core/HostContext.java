package sluice.core;

import sluice.base.Counters;
import sluice.base.Entropy;
import sluice.core.trace.TraceSink;

/**
 * What the parts of one host share.
 *
 * @param settings the host's sysctls
 * @param counters the host's counters
 * @param entropy the host's random numbers
 * @param memory memory for rings and queues
 * @param ready endpoints whose readiness changed
 * @param trace where typed events go
 * @param admission whom to answer while more arrives than can be answered
 */
public record HostContext(Settings settings, Counters counters, Entropy entropy, HostMemory memory, ReadyList ready,
        TraceSink trace, Admission admission) {
    /** Blocks. */
    public BufferPool pool() {
        return memory.pool();
    }
}

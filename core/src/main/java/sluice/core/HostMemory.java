package sluice.core;

import sluice.base.Counters;

/** What a host holds of memory: the pool that all blocks come from, and how much of it TCP and UDP may have. */
public final class HostMemory {
    private final BufferPool pool;
    private final MemoryBudget tcp;
    private final MemoryBudget udp;

    HostMemory(BufferPool pool, Settings settings, Counters counters) {
        this.pool = pool;
        tcp = new MemoryBudget(settings, Setting.TCP_MEM, counters);
        udp = new MemoryBudget(settings, Setting.UDP_MEM, null);
    }

    void setNow(long nowNs) {
        tcp.setNow(nowNs);
    }

    /** Blocks. */
    public BufferPool pool() {
        return pool;
    }

    /** What TCP's connections hold: {@code net.ipv4.tcp_mem}. */
    public MemoryBudget tcp() {
        return tcp;
    }

    /** What UDP's sockets hold: {@code net.ipv4.udp_mem}. */
    public MemoryBudget udp() {
        return udp;
    }
}

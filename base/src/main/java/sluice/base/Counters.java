package sluice.base;

/**
 * The counters of one host: a number for each {@link Counter}. Written by the thread inside the host; another thread
 * may read and sees a recent value.
 */
public final class Counters {
    private final long[] values = new long[Counter.values().length];

    /** Adds one. */
    public void increment(Counter counter) {
        values[counter.ordinal()]++;
    }

    /** Adds {@code amount}, which may be negative for the few that are levels (TcpCurrEstab). */
    public void add(Counter counter, long amount) {
        values[counter.ordinal()] += amount;
    }

    /** The present value. */
    public long get(Counter counter) {
        return values[counter.ordinal()];
    }
}

package sluice.link;

/** How a thread waits until one of a shard's links has something, a time comes, or another thread wakes it. */
public interface LinkWaiter extends AutoCloseable {
    /**
     * Waits until a link is readable (or writable again, for those reported full), {@code timeoutNs} passed, or {@link
     * #wakeup} was called since the last return. May return early: the caller looks at its links and comes back.
     *
     * @param timeoutNs nanoseconds, 0 does not wait, {@link Long#MAX_VALUE} waits without limit
     * @param wantWritable whether to wait also for a full link to take packets again
     */
    void await(long timeoutNs, boolean wantWritable);

    /** Ends a present or the next {@link #await}; from any thread. */
    void wakeup();

    @Override
    void close();
}

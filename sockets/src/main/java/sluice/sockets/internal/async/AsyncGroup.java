package sluice.sockets.internal.async;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Channels whose completion handlers share a pool. It has terminated when it was shut down and its last channel is
 * closed; then its pool is shut down.
 */
public final class AsyncGroup extends AsynchronousChannelGroup {
    private static final System.Logger LOG = System.getLogger(AsyncGroup.class.getName());

    private final ExecutorService pool;
    /** Guarded by itself, as the field below. */
    private final Set<AsynchronousChannel> channels = new HashSet<>();
    private boolean shutdown;
    private final CountDownLatch terminated = new CountDownLatch(1);

    /** Handlers run in {@code pool}, which the group shuts down. */
    public AsyncGroup(AsynchronousChannelProvider provider, ExecutorService pool) {
        super(provider);
        this.pool = pool;
    }

    /** For channels that name no group: a pool of daemon threads, which nobody shuts down. */
    public static AsyncGroup ofDefault(AsynchronousChannelProvider provider) {
        return new AsyncGroup(provider,
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("sluice-async-", 0).factory()));
    }

    /**
     * {@code channel} belongs to it from now on.
     *
     * @throws ShutdownChannelGroupException no channel comes any more
     */
    void add(AsynchronousChannel channel) {
        synchronized (channels) {
            if (shutdown) {
                throw new ShutdownChannelGroupException();
            }
            channels.add(channel);
        }
    }

    void remove(AsynchronousChannel channel) {
        synchronized (channels) {
            channels.remove(channel);
            terminateIfEmpty();
        }
    }

    private void terminateIfEmpty() {
        if (shutdown && channels.isEmpty()) {
            pool.shutdown();
            terminated.countDown();
        }
    }

    /** Runs a completion handler; on the calling thread when the pool takes no more. */
    void handle(Runnable handler) {
        try {
            pool.execute(handler);
        } catch (RejectedExecutionException e) {
            handler.run();
        }
    }

    @Override
    public boolean isShutdown() {
        synchronized (channels) {
            return shutdown;
        }
    }

    @Override
    public boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    @Override
    public void shutdown() {
        synchronized (channels) {
            shutdown = true;
            terminateIfEmpty();
        }
    }

    @Override
    public void shutdownNow() throws IOException {
        List<AsynchronousChannel> all;
        synchronized (channels) {
            shutdown = true;
            all = List.copyOf(channels);
            terminateIfEmpty();
        }
        for (AsynchronousChannel c : all) {
            try {
                c.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "close of a channel of a group", e);
            }
        }
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }
}

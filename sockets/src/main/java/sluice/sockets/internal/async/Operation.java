package sluice.sockets.internal.async;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a channel, that ends once: by its result, an error, its time limit or being cancelled. After the
 * last two its thread goes on blocking until the channel is closed, and nobody hears of it; the channel allows no
 * further operation of the kind.
 *
 * @param <V> result
 * @param <A> the program's attachment
 */
final class Operation<V, A> extends CompletableFuture<V> {
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final AsynchronousChannel channel;
    private final AsyncGroup group;
    private final @Nullable A attachment;
    private final @Nullable CompletionHandler<V, ? super A> handler;
    /** Whether it has ended. */
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable ScheduledFuture<?> limit;
    /** Allows no further operation of the kind. */
    private final Runnable kill;

    /** With a handler, or a future that the program has. */
    Operation(AsynchronousChannel channel, AsyncGroup group, @Nullable A attachment,
            @Nullable CompletionHandler<V, ? super A> handler, Runnable kill) {
        this.channel = channel;
        this.group = group;
        this.attachment = attachment;
        this.handler = handler;
        this.kill = kill;
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor t = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("sluice-async-timer").factory());
        t.setRemoveOnCancelPolicy(true);
        return t;
    }

    /**
     * Begins it.
     *
     * @param nanos longest time; 0 for any
     * @param before what the channel does when {@code work} has ended and before anybody is told
     */
    void start(Callable<V> work, long nanos, Runnable before) {
        if (nanos > 0) {
            limit = TIMER.schedule(this::tooLate, nanos, TimeUnit.NANOSECONDS);
        }
        Thread.ofVirtual().name("sluice-async").start(() -> {
            V result = null;
            Throwable failure = null;
            try {
                result = work.call();
            } catch (ClosedChannelException e) {
                failure = e instanceof AsynchronousCloseException ? e : new AsynchronousCloseException();
            } catch (SocketException e) {
                failure = asOfAsynchronous(e);
            } catch (Throwable e) {
                failure = e;
            }
            if (over.compareAndSet(false, true)) {
                before.run();
                end(result, failure);
            }
        });
    }

    /** The JDK's asynchronous channels say a reset as a plain exception. */
    private static IOException asOfAsynchronous(SocketException e) {
        return e.getClass() == SocketException.class && "Connection reset".equals(e.getMessage())
                ? new IOException(e.getMessage(), e)
                : e;
    }

    private void tooLate() {
        if (over.compareAndSet(false, true)) {
            kill.run();
            end(null, new InterruptedByTimeoutException());
        }
    }

    /** Ends it at once: nothing was begun. */
    Operation<V, A> ended(@Nullable V result, @Nullable Throwable failure) {
        over.set(true);
        end(result, failure);
        return this;
    }

    @SuppressWarnings("NullAway") // a result may be null, a handler takes it, and CompletableFuture too
    private void end(@Nullable V result, @Nullable Throwable failure) {
        ScheduledFuture<?> l = limit;
        if (l != null) {
            l.cancel(false);
        }
        CompletionHandler<V, ? super A> h = handler;
        if (h != null) {
            group.handle(() -> {
                if (failure == null) {
                    h.completed(result, attachment);
                } else {
                    h.failed(failure, attachment);
                }
            });
        } else if (failure == null) {
            complete(result);
        } else {
            completeExceptionally(failure);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        kill.run();
        super.cancel(mayInterruptIfRunning);
        ScheduledFuture<?> l = limit;
        if (l != null) {
            l.cancel(false);
        }
        if (mayInterruptIfRunning) {
            try {
                channel.close();
            } catch (IOException e) {
                return true; // as the JDK
            }
        }
        return true;
    }
}

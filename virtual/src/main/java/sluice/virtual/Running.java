package sluice.virtual;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A program that was started on a host.
 *
 * <p><b>Thread rules.</b> Any thread; waiting is in virtual time for the network's threads.
 */
public final class Running {
    private final String name;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    Running(String name) {
        this.name = name;
    }

    void ended(@Nullable Throwable failure) {
        if (failure == null) {
            end.complete(null);
        } else {
            end.completeExceptionally(failure);
        }
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return !end.isDone();
    }

    /** What it threw; null while it runs, and when it ended as it should. */
    public @Nullable Throwable failure() {
        return end.isCompletedExceptionally() ? end.exceptionNow() : null;
    }

    /**
     * Waits for its end.
     *
     * @throws ExecutionException it threw; the cause says what. A host's crash ends it so too
     */
    public void join() throws InterruptedException, ExecutionException {
        end.get();
    }

    /**
     * Waits for its end, that long at most.
     *
     * @throws TimeoutException it runs still
     * @throws ExecutionException it threw
     */
    public void join(Duration longest) throws InterruptedException, ExecutionException, TimeoutException {
        end.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public String toString() {
        return name;
    }
}

package sluice.sockets;

import java.io.IOException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Waiter;
import sluice.engine.Waiters;

/**
 * Our side of one endpoint, without the socket in front of it, so that it can still be closed when a program forgot the
 * socket: how calls enter the shard, wait there, fail and end.
 */
abstract class End implements Runnable {
    final HostAccess access;
    final Waiters waiters;
    /** Written inside the shard. */
    volatile boolean closed;

    End(HostAccess access) {
        this.access = access;
        this.waiters = new Waiters(access);
    }

    /** A call inside the shard. */
    interface Call<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** A call inside the shard that answers a number. */
    interface Count {
        int run() throws IOException;
    }

    /** A call inside the shard without an answer. */
    interface Action {
        void run() throws IOException;
    }

    /** Enters the host, or says why that cannot be done. */
    static void enter(HostAccess access) throws SocketException {
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
    }

    /** Runs {@code call} inside the shard; errors of the stack become those of {@code java.net}. */
    final <T extends @Nullable Object> T inside(Call<T> call) throws IOException {
        enter(access);
        try {
            return call.run();
        } catch (ErrnoException e) {
            throw Errors.io(e);
        } catch (RuntimeException e) {
            throw Errors.unexpected(access, e);
        } finally {
            access.exit();
        }
    }

    /** The same for a number, which is not put into an object. */
    final int count(Count call) throws IOException {
        enter(access);
        try {
            return call.run();
        } catch (ErrnoException e) {
            throw Errors.io(e);
        } catch (RuntimeException e) {
            throw Errors.unexpected(access, e);
        } finally {
            access.exit();
        }
    }

    /** The same without an answer, while the endpoint is open. */
    final void whileOpen(Action call) throws IOException {
        count(() -> {
            ensureOpen();
            call.run();
            return 0;
        });
    }

    final void ensureOpen() throws SocketException {
        if (closed) {
            throw Errors.closed();
        }
    }

    /**
     * Waits inside the shard for {@code interest}; a virtual thread that is interrupted closes the endpoint, as {@code
     * java.net} has it.
     */
    final void block(Waiter waiter, int interest, long untilNs) throws SocketException {
        try {
            access.block(waiter, interest, untilNs);
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
        Thread me = Thread.currentThread();
        if (me.isVirtual() && me.isInterrupted() && !closed) {
            closeInside();
            throw new SocketException("Closed by interrupt");
        }
    }

    /** When a wait that begins now must end, for a timeout in milliseconds, 0 for none. Inside the shard. */
    final long deadline(int timeoutMs) {
        return timeoutMs > 0 ? access.nowNs() + timeoutMs * 1_000_000L : HostAccess.FOREVER;
    }

    /** Closes the endpoint of the stack. Inside the shard, once. */
    abstract void end();

    /** Closes and ends whoever waits. Inside the shard; idempotent. */
    final void closeInside() {
        if (!closed) {
            try {
                end();
            } finally {
                ended();
            }
        }
    }

    /** The endpoint is closed: whoever waits learns it. Inside the shard. */
    final void ended() {
        closed = true;
        access.wake(waiters.read);
        access.wake(waiters.write);
    }

    /** Closes; nothing is left to be done when the stack has stopped. Idempotent. */
    @Override
    public void run() {
        if (enterToClose()) {
            try {
                closeInside();
            } finally {
                access.exit();
            }
        }
    }

    /** Enters, unless it is closed or the stack has ended it with everything else. */
    final boolean enterToClose() {
        if (closed) {
            return false;
        }
        try {
            access.enter();
            return true;
        } catch (ShardStoppedException e) {
            closed = true;
            return false;
        }
    }

    /** Checks a timeout that a program sets. */
    static int timeout(int timeoutMs) {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        return timeoutMs;
    }
}

package sluice.sockets;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.tcp.Listener;
import sluice.core.tcp.SocketOptions;
import sluice.core.tcp.Tcb;
import sluice.engine.Shard;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.engine.Waiters;
import sluice.wire.IpAddress;

/**
 * A listening TCP port with a blocking {@link #accept}, in the manner of {@link java.net.ServerSocket}.
 *
 * <p><b>Thread rules.</b> Any thread may call any method; several accepters take turns. {@link #close} ends a blocked accept with {@link SocketException}.
 * Interrupts as with {@link SluiceSocket}.
 */
public final class SluiceServerSocket implements AutoCloseable {
    private final Stack stack;
    private final Listening listening;
    private final Cleaner.Cleanable cleanable;
    private final ReentrantLock acceptLock = new ReentrantLock();
    private volatile int acceptTimeoutMs;

    /** What is left to close when a program lost the socket. */
    private static final class Listening implements Runnable {
        final Shard shard;
        final Listener listener;
        final Waiters waiters = new Waiters();
        /** Written inside the shard. */
        volatile boolean closed;

        Listening(Shard shard, Listener listener) {
            this.shard = shard;
            this.listener = listener;
            listener.attachment = waiters;
        }

        @Override
        public void run() {
            try {
                shard.enter();
            } catch (ShardStoppedException e) {
                closed = true;
                return;
            }
            try {
                closeInside();
            } finally {
                shard.exit();
            }
        }

        void closeInside() {
            if (!closed) {
                closed = true;
                listener.close(shard.nowNs());
                shard.wake(waiters.read);
            }
        }
    }

    /**
     * Listens.
     *
     * @param address one of the host's addresses, or {@link IpAddress#ANY_V4} or {@link IpAddress#ANY_V6}
     * @param port 0 to have one chosen
     * @param backlog most connections that wait for accept
     * @param options accepted connections start with a copy
     */
    public SluiceServerSocket(Stack stack, IpAddress address, int port, int backlog, SocketOptions options) throws IOException {
        this.stack = stack;
        Shard shard = stack.shard();
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
        try {
            listening = new Listening(shard, shard.host().tcp().listen(options.copy(), address, port, backlog));
        } catch (ErrnoException e) {
            throw Errors.connect(e);
        } finally {
            shard.exit();
        }
        cleanable = SluiceSocket.CLEANER.register(this, listening);
    }

    /** Listens on a port of all addresses of both families, backlog 4096, with the host's default options. */
    public SluiceServerSocket(Stack stack, int port) throws IOException {
        this(stack, IpAddress.ANY_V6, port, 4096, new SocketOptions());
    }

    /**
     * The next connection; waits for one.
     *
     * @throws SocketTimeoutException none within the timeout
     * @throws SocketException the socket was closed
     */
    public SluiceSocket accept() throws IOException {
        acceptLock.lock();
        try {
            Shard shard = listening.shard;
            try {
                shard.enter();
            } catch (ShardStoppedException e) {
                throw Errors.stopped(e);
            }
            try {
                return new SluiceSocket(stack, new TcpEnd(shard, awaitConnection(shard)));
            } catch (ErrnoException e) {
                throw Errors.io(e);
            } catch (RuntimeException e) {
                throw Errors.unexpected(shard, e);
            } finally {
                shard.exit();
            }
        } finally {
            acceptLock.unlock();
            Reference.reachabilityFence(this);
        }
    }

    private Tcb awaitConnection(Shard shard) throws IOException {
        long untilNs = acceptTimeoutMs > 0 ? shard.nowNs() + acceptTimeoutMs * 1_000_000L : Shard.FOREVER;
        while (true) {
            if (listening.closed) {
                throw Errors.closed();
            }
            @Nullable Tcb tcb = listening.listener.accept();
            if (tcb != null) {
                return tcb;
            }
            if (shard.nowNs() >= untilNs) {
                throw new SocketTimeoutException("Accept timed out");
            }
            try {
                shard.block(listening.waiters.read, Pollable.READABLE, untilNs);
            } catch (ShardStoppedException e) {
                throw Errors.stopped(e);
            }
            Thread me = Thread.currentThread();
            if (me.isVirtual() && me.isInterrupted() && !listening.closed) {
                listening.closeInside();
                throw new SocketException("Closed by interrupt");
            }
        }
    }

    /** Longest wait of {@link #accept}, milliseconds; 0 for none. */
    public void setSoTimeout(int timeoutMs) {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        acceptTimeoutMs = timeoutMs;
    }

    /** The port. */
    public int getLocalPort() {
        return listening.listener.localPort();
    }

    /** The address. */
    public IpAddress getLocalAddress() {
        return listening.listener.localAddress();
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return listening.closed;
    }

    /** Stops listening; connections not yet accepted are reset, a blocked accept ends. Idempotent. */
    @Override
    public void close() {
        cleanable.clean();
    }
}

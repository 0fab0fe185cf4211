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
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.wire.IpAddress;

/**
 * A listening TCP port with a blocking {@link #accept}, in the manner of {@link java.net.ServerSocket}.
 *
 * <p><b>Thread rules.</b> Any thread may call any method; several accepters take turns. {@link #close} ends a blocked
 * accept with {@link SocketException}. Interrupts as with {@link SluiceSocket}.
 */
public final class SluiceServerSocket implements AutoCloseable {
    private final Listening listening;
    private final Cleaner.Cleanable cleanable;
    private final ReentrantLock acceptLock = new ReentrantLock();
    private volatile int acceptTimeoutMs;

    private static final class Listening extends End {
        final TcpListener listener;

        Listening(HostAccess access, TcpListener listener) {
            super(access);
            this.listener = listener;
            listener.addListener(waiters);
        }

        @Override
        void end() {
            listener.close(access.nowNs());
        }

        /** A socket for the connection, which nobody else would close when there is no memory for one. */
        SluiceSocket socket(TcpSocket tcb) {
            try {
                return new SluiceSocket(new TcpEnd(access, tcb));
            } catch (Error e) {
                tcb.removeListeners();
                tcb.abort(access.nowNs());
                throw e;
            }
        }

        TcpSocket awaitConnection(long untilNs) throws IOException {
            while (true) {
                ensureOpen();
                @Nullable TcpSocket tcb = listener.accept();
                if (tcb != null) {
                    return tcb;
                }
                if (access.nowNs() >= untilNs) {
                    throw new SocketTimeoutException("Accept timed out");
                }
                block(waiters.read, Pollable.READABLE, untilNs);
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
    public SluiceServerSocket(Stack stack, IpAddress address, int port, int backlog, SocketOptions options)
            throws IOException {
        this(stack.access(), address, port, backlog, options);
    }

    /** The same, wherever the host runs. */
    public SluiceServerSocket(HostAccess access, IpAddress address, int port, int backlog, SocketOptions options)
            throws IOException {
        End.enter(access);
        try {
            listening = new Listening(access, access.host().tcp().listen(options.copy(), address, port, backlog));
        } catch (ErrnoException e) {
            throw Errors.connect(e);
        } finally {
            access.exit();
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
            return listening.inside(
                    () -> listening.socket(listening.awaitConnection(listening.deadline(acceptTimeoutMs))));
        } finally {
            acceptLock.unlock();
            Reference.reachabilityFence(this);
        }
    }

    /** Longest wait of {@link #accept}, milliseconds; 0 for none. */
    public void setSoTimeout(int timeoutMs) {
        acceptTimeoutMs = End.timeout(timeoutMs);
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

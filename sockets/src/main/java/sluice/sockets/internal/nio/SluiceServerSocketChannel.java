package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.base.Time;
import sluice.core.Pollable;

/** A listening TCP port as a channel. */
final class SluiceServerSocketChannel extends AdaptedServerSocketChannel implements SelectableEnd {
    private static final int DEFAULT_BACKLOG = 50;

    private final ProtocolFamily family;
    private final ListenEnd end;
    /** Held by whoever accepts. */
    private final ReentrantLock acceptLock = new ReentrantLock();
    private final Object stateLock = new Object();
    private volatile @Nullable InetSocketAddress local;
    private @Nullable ServerSocket socket;

    SluiceServerSocketChannel(SelectorProvider provider, Site site, ProtocolFamily family) {
        super(provider);
        this.family = InetAddresses.checkFamily(family);
        end = new ListenEnd(site);
    }

    @Override
    public ListenEnd end() {
        return end;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress address, int backlog) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            if (local != null) {
                throw new AlreadyBoundException();
            }
            InetSocketAddress a = address == null ? null : InetAddresses.check(address, family);
            local = Inside.call(end, () -> end.listen(InetAddresses.local(a, family), a == null ? 0 : a.getPort(),
                    backlog < 1 ? DEFAULT_BACKLOG : backlog));
        }
        return this;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        return accept(false, Time.NEVER);
    }

    @Override
    SocketChannel blockingAccept(long nanos) throws IOException {
        SocketChannel c = accept(true, nanos);
        if (c == null) {
            throw new AsynchronousCloseException();
        }
        return c;
    }

    private @Nullable SocketChannel accept(boolean mustBlock, long nanos) throws IOException {
        acceptLock.lock();
        try {
            if (!mustBlock) {
                ensureOpen();
            }
            boolean blocking = isBlocking();
            if (mustBlock && !blocking) {
                throw new IllegalBlockingModeException();
            }
            SocketChannel accepted = null;
            try {
                if (blocking) {
                    begin();
                }
                synchronized (stateLock) {
                    ensureOpen();
                    if (local == null) {
                        throw new NotYetBoundException();
                    }
                }
                accepted = take(blocking, nanos);
            } finally {
                if (blocking) {
                    end(accepted != null);
                }
            }
            return accepted;
        } finally {
            acceptLock.unlock();
        }
    }

    private @Nullable SocketChannel take(boolean wait, long nanos) throws IOException {
        end.enter();
        try {
            long untilNs = end.deadline(nanos);
            while (!end.closed) {
                StreamEnd stream = end.accept();
                if (stream != null) {
                    return SluiceSocketChannel.accepted(provider(), family, stream);
                }
                if (wait && end.access.nowNs() >= untilNs) {
                    throw new SocketTimeoutException("Accept timed out");
                }
                if (!wait || !end.await(end.waiters.read, Pollable.READABLE, untilNs, true)) {
                    break;
                }
            }
            return null;
        } catch (ErrnoException e) {
            throw Failures.call(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(end.access, e);
        } finally {
            end.access.exit();
        }
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local;
    }

    @Override
    @Nullable InetSocketAddress local() {
        return local;
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return TcpOptions.LISTENER;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        TcpOptions.check(name, supportedOptions(), value, true);
        synchronized (stateLock) {
            ensureOpen();
            Inside.run(end, () -> TcpOptions.set(end, name, value));
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        TcpOptions.check(name, supportedOptions(), null, false);
        synchronized (stateLock) {
            ensureOpen();
            return Inside.call(end, () -> TcpOptions.get(end, name));
        }
    }

    @Override
    public ServerSocket socket() {
        synchronized (stateLock) {
            ServerSocket s = socket;
            if (s == null) {
                s = ServerSocketAdaptor.of(this);
                socket = s;
            }
            return s;
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        acceptLock.lock(); // waits for those who block
        try {
            ensureOpen();
        } finally {
            acceptLock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() {
        end.close();
    }

    @Override
    public int readyOps(int bits, int interest) {
        return (bits & (Pollable.READABLE | ChannelEnd.EXCEPTIONAL)) != 0 ? interest & SelectionKey.OP_ACCEPT : 0;
    }

    @Override
    public String toString() {
        return getClass().getName() + (!isOpen() ? "[closed]" : local == null ? "[unbound]" : "[" + local + "]");
    }
}

package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.Pollable;

/** A TCP stream as a channel. */
final class SluiceSocketChannel extends AdaptedSocketChannel implements SelectableEnd {
    private enum State {
        UNCONNECTED, PENDING, CONNECTED
    }

    private final ProtocolFamily family;
    private final StreamEnd end;
    private final StreamReader reader;
    private final StreamWriter writer;
    /** Held by whoever reads or connects. */
    private final ReentrantLock readLock = new ReentrantLock();
    /** Held by whoever writes or connects. */
    private final ReentrantLock writeLock = new ReentrantLock();
    /** Guards changes of the fields below, which may be read without it. */
    private final Object stateLock = new Object();
    private volatile State state;
    private volatile @Nullable InetSocketAddress local;
    private volatile @Nullable InetSocketAddress remote;
    private @Nullable Socket socket;

    private SluiceSocketChannel(SelectorProvider provider, ProtocolFamily family, StreamEnd end, State state) {
        super(provider);
        this.family = family;
        this.end = end;
        this.state = state;
        reader = new StreamReader(end, true);
        writer = new StreamWriter(end, true);
    }

    /** Not connected. */
    SluiceSocketChannel(SelectorProvider provider, Site site, ProtocolFamily family) {
        this(provider, InetAddresses.checkFamily(family), new StreamEnd(site), State.UNCONNECTED);
    }

    /** An accepted connection; inside the host. */
    static SluiceSocketChannel accepted(SelectorProvider provider, ProtocolFamily family, StreamEnd end) {
        SluiceSocketChannel c = new SluiceSocketChannel(provider, family, end, State.CONNECTED);
        c.local = end.localAddress();
        c.remote = end.remoteAddress();
        return c;
    }

    @Override
    public StreamEnd end() {
        return end;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void ensureOpenAndConnected() throws ClosedChannelException {
        State s = state;
        ensureOpen();
        if (s != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    private void ensureBlocking() {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    private void end(boolean blocking, boolean completed) throws AsynchronousCloseException {
        if (blocking) {
            end(completed);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // reading and writing: each call enters, moves bytes and leaves

    /**
     * Begins a transfer: with the lock, open and connected; {@link #leave} ends it.
     *
     * @return whether it waits
     */
    private boolean enter(ReentrantLock lock) throws ClosedChannelException {
        lock.lock();
        boolean entered = false;
        try {
            ensureOpenAndConnected();
            boolean blocking = isBlocking();
            if (blocking) {
                begin();
            }
            entered = true;
            return blocking;
        } finally {
            if (!entered) {
                lock.unlock();
            }
        }
    }

    /** The same for a call of the adaptor, which waits in any case. */
    private void enterBlocking(ReentrantLock lock) throws ClosedChannelException {
        if (!enter(lock)) {
            lock.unlock();
            throw new IllegalBlockingModeException();
        }
    }

    private void leave(ReentrantLock lock, boolean blocking, boolean completed) throws AsynchronousCloseException {
        try {
            end(blocking, completed);
            if (!completed && lock == writeLock && end.outputShut) {
                throw new AsynchronousCloseException();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        Objects.requireNonNull(to);
        boolean blocking = enter(readLock);
        int n = 0;
        try {
            n = reader.read(to, blocking);
        } finally {
            leave(readLock, blocking, n > 0);
        }
        return (int) result(n);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        boolean blocking = enter(readLock);
        long n = 0;
        try {
            n = reader.read(to, offset, length, blocking);
        } finally {
            leave(readLock, blocking, n > 0);
        }
        return result(n);
    }

    @Override
    int blockingRead(byte[] to, int offset, int length, long nanos) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) {
            return 0;
        }
        enterBlocking(readLock);
        int n = 0;
        try {
            n = reader.read(to, offset, length, nanos);
        } finally {
            leave(readLock, true, n > 0);
        }
        return (int) result(n);
    }

    /** What a read returns to the program. */
    private long result(long n) {
        return n <= 0 && end.inputShut ? ChannelEnd.EOF : n == ChannelEnd.UNAVAILABLE ? 0 : n;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        Objects.requireNonNull(from);
        boolean blocking = enter(writeLock);
        int n = 0;
        try {
            ensureOutput();
            n = writer.write(from, blocking);
        } finally {
            leave(writeLock, blocking, n > 0);
        }
        return Math.max(n, 0);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        boolean blocking = enter(writeLock);
        long n = 0;
        try {
            ensureOutput();
            n = writer.write(from, offset, length, blocking);
        } finally {
            leave(writeLock, blocking, n > 0);
        }
        return Math.max(n, 0);
    }

    @Override
    void blockingWriteFully(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (length == 0) {
            return;
        }
        enterBlocking(writeLock);
        int done = 0;
        try {
            for (int n = 0; done < length && n >= 0; done += Math.max(n, 0)) {
                ensureOutput();
                n = writer.write(from, offset + done, length - done);
            }
        } finally {
            leave(writeLock, true, done == length);
        }
    }

    private void ensureOutput() throws ClosedChannelException {
        if (end.outputShut) {
            throw new ClosedChannelException();
        }
    }

    @Override
    int sendUrgent(byte octet) throws IOException {
        writeLock.lock();
        try {
            ensureOpenAndConnected();
            return Inside.call(end, () -> end.writeUrgent(octet));
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    int available() throws IOException {
        return Inside.call(end, () -> end.closed || end.inputShut ? 0 : end.available());
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        synchronized (stateLock) {
            ensureOpenAndConnected();
            if (!end.inputShut) {
                Inside.run(end, end::shutdownInput);
            }
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        synchronized (stateLock) {
            ensureOpenAndConnected();
            if (!end.outputShut) {
                Inside.run(end, end::shutdownOutput);
            }
        }
        return this;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // connecting

    @Override
    public SocketChannel bind(@Nullable SocketAddress address) throws IOException {
        both(() -> {
            synchronized (stateLock) {
                ensureOpen();
                if (state == State.PENDING) {
                    throw new ConnectionPendingException();
                }
                if (local != null) {
                    throw new AlreadyBoundException();
                }
                InetSocketAddress a = address == null ? null : InetAddresses.check(address, family);
                local = Inside.call(end,
                        () -> end.bind(InetAddresses.local(a, family), a == null ? 0 : a.getPort()));
            }
            return true;
        });
        return this;
    }

    private interface Step {
        boolean run() throws IOException;
    }

    /** Runs {@code step} while nobody reads or writes. */
    private boolean both(Step step) throws IOException {
        readLock.lock();
        try {
            writeLock.lock();
            try {
                return step.run();
            } finally {
                writeLock.unlock();
            }
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        InetSocketAddress to = InetAddresses.checkRemote(address, family);
        try {
            return both(() -> {
                ensureOpen();
                boolean blocking = isBlocking();
                return connect(to, blocking, Time.NEVER);
            });
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    void blockingConnect(SocketAddress address, long nanos) throws IOException {
        InetSocketAddress to = InetAddresses.checkRemote(address, family);
        try {
            both(() -> {
                ensureBlocking();
                return connect(to, true, nanos);
            });
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private boolean connect(InetSocketAddress to, boolean blocking, long nanos) throws IOException {
        boolean connected = false;
        try {
            if (blocking) {
                begin();
            }
            synchronized (stateLock) {
                ensureOpen();
                if (state == State.CONNECTED) {
                    throw new AlreadyConnectedException();
                }
                if (state == State.PENDING) {
                    throw new ConnectionPendingException();
                }
                state = State.PENDING;
                remote = to;
                connected = Inside.call(end, () -> {
                    if (end.closed) {
                        throw new ClosedChannelException();
                    }
                    end.startConnect(to);
                    return end.isOpenNow();
                });
            }
            if (!connected && blocking) {
                connected = end.awaitOpen(nanos, true);
            }
        } finally {
            endConnect(blocking, connected);
        }
        return connected;
    }

    private void endConnect(boolean blocking, boolean completed) throws IOException {
        end(blocking, completed);
        if (completed) {
            synchronized (stateLock) {
                if (state == State.PENDING) {
                    Inside.run(end, () -> {
                        local = end.localAddress();
                        state = State.CONNECTED;
                        end.changed(); // what arrived before was not for reading yet
                    });
                }
            }
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        try {
            return both(() -> {
                if (isConnected()) {
                    return true;
                }
                ensureOpen();
                boolean blocking = isBlocking();
                boolean connected = false;
                try {
                    if (blocking) {
                        begin();
                    }
                    synchronized (stateLock) {
                        ensureOpen();
                        if (state != State.PENDING) {
                            throw new NoConnectionPendingException();
                        }
                    }
                    connected = blocking ? end.awaitOpen(Time.NEVER, true)
                            : Inside.call(end, () -> !end.closed && end.isOpenNow());
                } finally {
                    endConnect(blocking, connected);
                }
                return connected;
            });
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean isConnected() {
        return isOpen() && state == State.CONNECTED;
    }

    @Override
    public boolean isConnectionPending() {
        return isOpen() && state == State.PENDING;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // addresses, options, closing

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local;
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return remote;
    }

    @Override
    @Nullable InetSocketAddress local() {
        return local;
    }

    @Override
    @Nullable InetSocketAddress remote() {
        return remote;
    }

    @Override
    boolean isInputShut() {
        return end.inputShut;
    }

    @Override
    boolean isOutputShut() {
        return end.outputShut;
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return TcpOptions.STREAM;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
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
    public Socket socket() {
        synchronized (stateLock) {
            Socket s = socket;
            if (s == null) {
                s = SocketAdaptor.of(this);
                socket = s;
            }
            return s;
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        both(() -> true); // waits for those who block
    }

    @Override
    protected void implCloseSelectableChannel() {
        end.close();
        if (isBlocking() && !isRegistered()) {
            end.linger();
        }
    }

    @Override
    public int readyOps(int bits, int interest) {
        if ((bits & ChannelEnd.EXCEPTIONAL) != 0) {
            return interest;
        }
        int ops = (bits & Pollable.READABLE) != 0 ? SelectionKey.OP_READ : 0;
        if ((bits & Pollable.WRITABLE) != 0) {
            ops |= SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
        }
        return switch (state) {
            case CONNECTED -> ops & interest & ~SelectionKey.OP_CONNECT;
            case PENDING -> ops & interest & SelectionKey.OP_CONNECT;
            case UNCONNECTED -> 0;
        };
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(SocketChannel.class.getName()).append('[');
        if (!isOpen()) {
            return s.append("closed]").toString();
        }
        s.append(switch (state) {
            case UNCONNECTED -> "unconnected";
            case PENDING -> "connection-pending";
            case CONNECTED ->
                "connected" + (end.inputShut ? " ishut" : "") + (end.outputShut ? " oshut" : "");
        });
        if (local != null) {
            s.append(" local=").append(local);
        }
        if (remote != null) {
            s.append(" remote=").append(remote);
        }
        return s.append(']').toString();
    }
}

package sluice.sockets.internal.async;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.WritePendingException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A TCP stream as an asynchronous channel: a blocking channel, and a virtual thread for each operation. */
@SuppressWarnings("FutureReturnValueIgnored") // who gave a handler has no future
final class AsyncSocketChannel extends AsynchronousSocketChannel {
    private final SocketChannel channel;
    private final AsyncGroup group;
    private final Direction reading = new Direction("Reading");
    private final Direction writing = new Direction("Writing");
    /** Guards the field below. */
    private final Object stateLock = new Object();
    private boolean pending;
    /** Connected, and told so. */
    private volatile boolean connected;

    /** Reads, or writes, of which one is under way at most. Guarded by itself. */
    private static final class Direction {
        private final String name;
        private boolean busy;
        private boolean killed;

        Direction(String name) {
            this.name = name;
        }

        /** Whether one may begin. */
        synchronized boolean tryBegin(boolean moves) {
            if (killed) {
                throw new IllegalStateException(name + " not allowed due to timeout or cancellation");
            }
            if (busy) {
                return false;
            }
            busy = moves;
            return true;
        }

        synchronized void done() {
            busy = false;
        }

        synchronized void kill() {
            killed = true;
        }
    }

    /** Around a blocking channel, connected or not. */
    AsyncSocketChannel(AsynchronousChannelProvider provider, SocketChannel channel, AsyncGroup group) {
        super(provider);
        this.channel = channel;
        this.group = group;
        connected = channel.isConnected();
        group.add(this);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        group.remove(this);
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private <V, A> Operation<V, A> operation(@Nullable A attachment, @Nullable CompletionHandler<V, ? super A> handler,
            Direction direction) {
        return new Operation<>(this, group, attachment, handler, direction::kill);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // connecting

    @Override
    public Future<Void> connect(SocketAddress remote) {
        return connecting(remote, null, null);
    }

    @Override
    public <A> void connect(SocketAddress remote, @Nullable A attachment,
            CompletionHandler<Void, ? super A> handler) {
        connecting(remote, attachment, Objects.requireNonNull(handler, "'handler' is null"));
    }

    private <A> Operation<Void, A> connecting(SocketAddress remote, @Nullable A attachment,
            @Nullable CompletionHandler<Void, ? super A> handler) {
        Operation<Void, A> o = new Operation<>(this, group, attachment, handler, () -> {
            reading.kill();
            writing.kill();
        });
        if (!isOpen()) {
            return o.ended(null, new ClosedChannelException());
        }
        check(remote);
        synchronized (stateLock) {
            if (connected) {
                throw new AlreadyConnectedException();
            }
            if (pending) {
                throw new ConnectionPendingException();
            }
            pending = true;
        }
        o.start(() -> {
            try {
                channel.connect(remote);
                connected = true;
                return null;
            } finally {
                if (!channel.isOpen()) {
                    group.remove(this);
                }
            }
        }, 0, () -> pending(false));
        return o;
    }

    private void pending(boolean is) {
        synchronized (stateLock) {
            pending = is;
        }
    }

    private static void check(SocketAddress address) {
        Objects.requireNonNull(address);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // reading

    private <V, A> Operation<V, A> read(Callable<V> work, @Nullable V nothing, long nanos,
            Operation<V, A> o) {
        if (!isOpen()) {
            return o.ended(null, new ClosedChannelException());
        }
        ensureConnected();
        if (!reading.tryBegin(nothing == null)) {
            throw new ReadPendingException();
        }
        if (nothing != null && !channel.socket().isInputShutdown()) {
            return o.ended(nothing, null);
        }
        o.start(work, nanos, reading::done);
        return o;
    }

    private void ensureConnected() {
        if (!connected) {
            throw new NotYetConnectedException();
        }
    }

    private static void checkWritable(ByteBuffer to) {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    @Override
    public Future<Integer> read(ByteBuffer to) {
        checkWritable(to);
        return read(() -> channel.read(to), to.hasRemaining() ? null : 0, 0, operation(null, null, reading));
    }

    @Override
    public <A> void read(ByteBuffer to, long timeout, TimeUnit unit, @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        checkWritable(to);
        read(() -> channel.read(to), to.hasRemaining() ? null : 0, unit.toNanos(timeout),
                operation(attachment, handler, reading));
    }

    @Override
    public <A> void read(ByteBuffer[] to, int offset, int length, long timeout, TimeUnit unit, @Nullable A attachment,
            CompletionHandler<Long, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        Objects.checkFromIndexSize(offset, length, to.length);
        ByteBuffer[] some = Arrays.copyOfRange(to, offset, offset + length);
        for (ByteBuffer b : some) {
            checkWritable(b);
        }
        read(() -> channel.read(some), null, unit.toNanos(timeout), operation(attachment, handler, reading));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // writing

    private <V, A> Operation<V, A> write(Callable<V> work, @Nullable V nothing, long nanos, Operation<V, A> o) {
        boolean closed = !isOpen();
        if (!closed) {
            ensureConnected();
            closed = channel.socket().isOutputShutdown();
        }
        if (closed) {
            return o.ended(null, new ClosedChannelException());
        }
        if (!writing.tryBegin(nothing == null)) {
            throw new WritePendingException();
        }
        if (nothing != null) {
            return o.ended(nothing, null);
        }
        o.start(work, nanos, writing::done);
        return o;
    }

    @Override
    public Future<Integer> write(ByteBuffer from) {
        return write(() -> channel.write(from), from.hasRemaining() ? null : 0, 0, operation(null, null, writing));
    }

    @Override
    public <A> void write(ByteBuffer from, long timeout, TimeUnit unit, @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        write(() -> channel.write(from), from.hasRemaining() ? null : 0, unit.toNanos(timeout),
                operation(attachment, handler, writing));
    }

    @Override
    public <A> void write(ByteBuffer[] from, int offset, int length, long timeout, TimeUnit unit,
            @Nullable A attachment, CompletionHandler<Long, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        Objects.checkFromIndexSize(offset, length, from.length);
        ByteBuffer[] some = Arrays.copyOfRange(from, offset, offset + length);
        write(() -> channel.write(some), null, unit.toNanos(timeout), operation(attachment, handler, writing));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // the rest

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        channel.shutdownInput();
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    @Override
    public AsynchronousSocketChannel bind(@Nullable SocketAddress local) throws IOException {
        ensureOpen();
        synchronized (stateLock) {
            if (pending) {
                throw new ConnectionPendingException();
            }
        }
        channel.bind(local);
        return this;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        return channel.getLocalAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        return channel.getRemoteAddress();
    }

    /** Not those of the IP layer, as the JDK's. */
    @Override
    public Set<SocketOption<?>> supportedOptions() {
        Set<SocketOption<?>> s = new HashSet<>(channel.supportedOptions());
        s.remove(StandardSocketOptions.IP_TOS);
        s.remove(StandardSocketOptions.SO_LINGER);
        return s;
    }

    private void checkOption(SocketOption<?> name) {
        if (!supportedOptions().contains(Objects.requireNonNull(name))) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        checkOption(name);
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        checkOption(name);
        return channel.getOption(name);
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}

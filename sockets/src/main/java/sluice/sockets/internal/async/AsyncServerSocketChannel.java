package sluice.sockets.internal.async;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A listening TCP port as an asynchronous channel: a blocking channel, and a virtual thread for each accept. */
@SuppressWarnings("FutureReturnValueIgnored") // who gave a handler has no future
final class AsyncServerSocketChannel extends AsynchronousServerSocketChannel {
    private final ServerSocketChannel channel;
    private final AsyncGroup group;
    /** Guards the fields below. */
    private final Object stateLock = new Object();
    private boolean accepting;
    private boolean killed;

    /** Around a blocking channel. */
    AsyncServerSocketChannel(AsynchronousChannelProvider provider, ServerSocketChannel channel, AsyncGroup group) {
        super(provider);
        this.channel = channel;
        this.group = group;
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

    @Override
    public AsynchronousServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        channel.bind(local, backlog);
        return this;
    }

    @Override
    public Future<AsynchronousSocketChannel> accept() {
        return accepting(null, null);
    }

    @Override
    public <A> void accept(@Nullable A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        accepting(attachment, Objects.requireNonNull(handler, "'handler' is null"));
    }

    private <A> Operation<AsynchronousSocketChannel, A> accepting(@Nullable A attachment,
            @Nullable CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        Operation<AsynchronousSocketChannel, A> o = new Operation<>(this, group, attachment, handler, this::kill);
        if (!isOpen()) {
            return o.ended(null, new ClosedChannelException());
        }
        if (channel.socket().getLocalPort() < 0) {
            throw new NotYetBoundException();
        }
        synchronized (stateLock) {
            if (killed) {
                throw new RuntimeException("Accept not allowed due cancellation"); // as the JDK, to class and text
            }
            if (accepting) {
                throw new AcceptPendingException();
            }
            accepting = true;
        }
        o.start(this::take, 0, this::done);
        return o;
    }

    private AsynchronousSocketChannel take() throws IOException {
        SocketChannel c = channel.accept();
        try {
            return new AsyncSocketChannel(provider(), c, group);
        } catch (ShutdownChannelGroupException e) {
            c.close();
            throw new IOException(e);
        }
    }

    private void kill() {
        synchronized (stateLock) {
            killed = true;
        }
    }

    private void done() {
        synchronized (stateLock) {
            accepting = false;
        }
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        return channel.getLocalAddress();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}

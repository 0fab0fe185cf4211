package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A listening port of the default provider: the host's or the platform's ({@link Choice}). */
final class EitherServerSocketChannel extends AdaptedServerSocketChannel implements SelectableEnd {
    private final Choice<ServerSocketChannel, SluiceServerSocketChannel> choice;
    private final Object socketLock = new Object();
    private @Nullable ServerSocket socket;

    /**
     * Not bound.
     *
     * @param family null for both
     */
    EitherServerSocketChannel(SelectorProvider provider, Site site, @Nullable ProtocolFamily family) {
        super(provider);
        SluiceServerSocketChannel c = new SluiceServerSocketChannel(provider, site, Channels.both(family));
        choice = new Choice<>(this, site.access, c,
                p -> family == null ? p.openServerSocketChannel() : p.openServerSocketChannel(family));
    }

    /** The platform's. */
    EitherServerSocketChannel(SelectorProvider provider, ServerSocketChannel platform) {
        super(provider);
        choice = new Choice<>(this, platform);
    }

    @Override
    public ChannelEnd end() {
        return choice.ours().end();
    }

    @Override
    public int readyOps(int bits, int interest) {
        return choice.ours().readyOps(bits, interest);
    }

    @Override
    public @Nullable AbstractSelectableChannel platformChannel() {
        return choice.platform();
    }

    @Override
    public void watchedBy(SelectionKey foreign) {
        choice.watchedBy(foreign);
    }

    /** Without an address it listens on all addresses of the host, and on none of the platform's. */
    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress address, int backlog) throws IOException {
        choice.bind(address, c -> {
            c.bind(address, backlog);
            choice.settle();
        });
        return this;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        try {
            SocketChannel c = choice.now().accept();
            return c == null || choice.platform() == null ? c : new EitherSocketChannel(provider(), c);
        } finally {
            choice.follow();
        }
    }

    @Override
    SocketChannel blockingAccept(long nanos) throws IOException {
        try {
            ServerSocketChannel p = choice.platform();
            if (p == null) {
                return choice.ours().blockingAccept(nanos);
            }
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            p.socket().setSoTimeout(EitherSocketChannel.millis(nanos));
            SocketChannel c = p.socket().accept().getChannel();
            if (c == null) {
                throw new AsynchronousCloseException();
            }
            return new EitherSocketChannel(provider(), c);
        } finally {
            choice.follow();
        }
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        return choice.now().getLocalAddress();
    }

    @Override
    @Nullable InetSocketAddress local() {
        ServerSocketChannel p = choice.platform();
        return p == null ? choice.ours().local() : (InetSocketAddress) p.socket().getLocalSocketAddress();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return choice.now().supportedOptions();
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        choice.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return choice.now().getOption(name);
    }

    @Override
    public ServerSocket socket() {
        synchronized (socketLock) {
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
        choice.configureBlocking(block);
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        choice.close();
    }

    @Override
    public String toString() {
        return choice.now().toString();
    }
}

package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.sockets.SluiceSocketOptions;

/**
 * A TCP stream of the default provider: the host's or the platform's ({@link Choice}). All work is done by that
 * channel; when it closes itself (an interrupt, a connect that fails) this one is closed too.
 */
final class EitherSocketChannel extends AdaptedSocketChannel implements SelectableEnd {
    private final Choice<SocketChannel, SluiceSocketChannel> choice;
    private final Object socketLock = new Object();
    private @Nullable Socket socket;

    /**
     * Not connected.
     *
     * @param family null for both
     */
    EitherSocketChannel(SelectorProvider provider, Site site, @Nullable ProtocolFamily family) {
        super(provider);
        SluiceSocketChannel c = new SluiceSocketChannel(provider, site, Channels.both(family));
        choice = new Choice<>(this, site.access, c,
                p -> family == null ? p.openSocketChannel() : p.openSocketChannel(family));
    }

    /** The platform's. */
    EitherSocketChannel(SelectorProvider provider, SocketChannel platform) {
        super(provider);
        choice = new Choice<>(this, platform);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // for selectors

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

    // ----------------------------------------------------------------------------------------------------------------
    // where the choice is made

    @Override
    public SocketChannel bind(@Nullable SocketAddress address) throws IOException {
        choice.bind(address, c -> c.bind(address));
        return this;
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        try {
            choice.towards(address);
            boolean connected = choice.now().connect(address);
            choice.settle();
            return connected;
        } finally {
            choice.follow();
        }
    }

    @Override
    void blockingConnect(SocketAddress address, long nanos) throws IOException {
        try {
            choice.towards(address);
            SocketChannel p = choice.platform();
            if (p == null) {
                choice.ours().blockingConnect(address, nanos);
                choice.settle();
            } else if (isBlocking()) {
                p.socket().connect(address, millis(nanos));
            } else {
                throw new IllegalBlockingModeException();
            }
        } finally {
            choice.follow();
        }
    }

    /** A longest wait as the platform's sockets want it. */
    static int millis(long nanos) {
        return nanos == Time.NEVER ? 0 : (int) Math.max(1, nanos / 1_000_000);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // what the chosen one does

    @Override
    public boolean finishConnect() throws IOException {
        try {
            return choice.now().finishConnect();
        } finally {
            choice.follow();
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        try {
            return choice.now().read(to);
        } finally {
            choice.follow();
        }
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        try {
            return choice.now().read(to, offset, length);
        } finally {
            choice.follow();
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        try {
            return choice.now().write(from);
        } finally {
            choice.follow();
        }
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        try {
            return choice.now().write(from, offset, length);
        } finally {
            choice.follow();
        }
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        choice.now().shutdownInput();
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        choice.now().shutdownOutput();
        return this;
    }

    @Override
    public boolean isConnected() {
        return choice.now().isConnected();
    }

    @Override
    public boolean isConnectionPending() {
        return choice.now().isConnectionPending();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        return choice.now().getLocalAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        return choice.now().getRemoteAddress();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return choice.now().supportedOptions();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        SocketChannel p = choice.platform();
        if (p != null && SluiceSocketOptions.OOB_INLINE.equals(name)) {
            p.socket().setOOBInline((Boolean) value); // of its adaptor only
        } else {
            choice.setOption(name, value);
        }
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // the option's type is Boolean
    public <T> T getOption(SocketOption<T> name) throws IOException {
        SocketChannel p = choice.platform();
        return p != null && SluiceSocketOptions.OOB_INLINE.equals(name) ? (T) (Boolean) p.socket().getOOBInline()
                : choice.now().getOption(name);
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

    // ----------------------------------------------------------------------------------------------------------------
    // the adaptor

    @Override
    public Socket socket() {
        synchronized (socketLock) {
            Socket s = socket;
            if (s == null) {
                s = SocketAdaptor.of(this);
                socket = s;
            }
            return s;
        }
    }

    @Override
    int blockingRead(byte[] to, int offset, int length, long nanos) throws IOException {
        try {
            SocketChannel p = choice.platform();
            if (p == null) {
                return choice.ours().blockingRead(to, offset, length, nanos);
            }
            if (!p.isOpen()) {
                throw new ClosedChannelException();
            }
            p.socket().setSoTimeout(millis(nanos));
            return p.socket().getInputStream().read(to, offset, length);
        } finally {
            choice.follow();
        }
    }

    @Override
    void blockingWriteFully(byte[] from, int offset, int length) throws IOException {
        try {
            SocketChannel p = choice.platform();
            if (p == null) {
                choice.ours().blockingWriteFully(from, offset, length);
            } else if (p.isOpen()) {
                p.socket().getOutputStream().write(from, offset, length);
            } else {
                throw new ClosedChannelException();
            }
        } finally {
            choice.follow();
        }
    }

    @Override
    int sendUrgent(byte octet) throws IOException {
        SocketChannel p = choice.platform();
        if (p == null) {
            return choice.ours().sendUrgent(octet);
        }
        p.socket().sendUrgentData(octet);
        return 1;
    }

    @Override
    int available() throws IOException {
        SocketChannel p = choice.platform();
        return p == null ? choice.ours().available() : p.socket().getInputStream().available();
    }

    @Override
    @Nullable InetSocketAddress local() {
        SocketChannel p = choice.platform();
        return p == null ? choice.ours().local() : (InetSocketAddress) p.socket().getLocalSocketAddress();
    }

    @Override
    @Nullable InetSocketAddress remote() {
        SocketChannel p = choice.platform();
        return p == null ? choice.ours().remote() : (InetSocketAddress) p.socket().getRemoteSocketAddress();
    }

    @Override
    boolean isInputShut() {
        SocketChannel p = choice.platform();
        return p == null ? choice.ours().isInputShut() : p.socket().isInputShutdown();
    }

    @Override
    boolean isOutputShut() {
        SocketChannel p = choice.platform();
        return p == null ? choice.ours().isOutputShut() : p.socket().isOutputShutdown();
    }
}

package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * UDP of the default provider: the host's or the platform's ({@link Choice}). What decides is the first address that it
 * sends or connects to, or is bound to, the first group it joins, or the first datagram that came.
 */
final class EitherDatagramChannel extends AdaptedDatagramChannel implements SelectableEnd {
    private final Choice<DatagramChannel, SluiceDatagramChannel> choice;
    private final List<EitherMembership> memberships = new CopyOnWriteArrayList<>();
    private final ReentrantLock platformReadLock = new ReentrantLock();
    private volatile @Nullable InetSocketAddress platformSource;
    private final Object socketLock = new Object();
    private @Nullable DatagramSocket socket;

    /** Between {@code ours}, which is not bound, and what {@code opener} opens. */
    EitherDatagramChannel(SelectorProvider provider, SluiceDatagramChannel ours,
            Choice.Opener<DatagramChannel> opener) {
        super(provider);
        choice = new Choice<>(this, ours.end().access, ours, opener);
    }

    /** The platform's. */
    EitherDatagramChannel(SelectorProvider provider, DatagramChannel platform) {
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
    public DatagramChannel bind(@Nullable SocketAddress address) throws IOException {
        choice.bind(address, c -> c.bind(address));
        return this;
    }

    @Override
    public DatagramChannel connect(SocketAddress address) throws IOException {
        return connect(address, true);
    }

    @Override
    DatagramChannel connect(SocketAddress address, boolean once) throws IOException {
        choice.towards(address);
        DatagramChannel p = choice.platform();
        if (p == null) {
            choice.ours().connect(address, once);
            choice.settle();
        } else {
            if (!once && p.isConnected()) {
                p.disconnect();
            }
            p.connect(address);
        }
        return this;
    }

    @Override
    public int send(ByteBuffer from, SocketAddress target) throws IOException {
        try {
            choice.towards(target);
            int n = choice.now().send(from, target);
            choice.settle();
            return n;
        } finally {
            choice.follow();
        }
    }

    @Override
    public @Nullable SocketAddress receive(ByteBuffer to) throws IOException {
        try {
            settleIfBlocking();
            SocketAddress from = choice.now().receive(to);
            if (from != null) {
                choice.settle();
            }
            return from;
        } finally {
            choice.follow();
        }
    }

    /** A thread that waits for datagrams waits where the channel is now. */
    private void settleIfBlocking() {
        if (!choice.isDecided() && isBlocking()) {
            choice.settle();
        }
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        choice.towards(new InetSocketAddress(group, 0));
        return mine(choice.now().join(group, on));
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        choice.towards(new InetSocketAddress(group, 0));
        return mine(choice.now().join(group, on, source));
    }

    /** The key that the program gets for the one of the channel that joined. */
    private MembershipKey mine(MembershipKey key) {
        choice.settle();
        synchronized (memberships) {
            memberships.removeIf(k -> !k.isValid());
            for (EitherMembership k : memberships) {
                if (k.real() == key) {
                    return k;
                }
            }
            EitherMembership k = new EitherMembership(this, key);
            memberships.add(k);
            return k;
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // what the chosen one does

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
    public DatagramChannel disconnect() throws IOException {
        choice.now().disconnect();
        return this;
    }

    @Override
    public boolean isConnected() {
        return choice.now().isConnected();
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
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
        choice.setOption(name, value);
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
        return choice.now().getOption(name);
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
    public DatagramSocket socket() {
        synchronized (socketLock) {
            DatagramSocket s = socket;
            if (s == null) {
                s = new DatagramSocketAdaptor(this);
                socket = s;
            }
            return s;
        }
    }

    @Override
    int blockingReceive(byte[] to, int offset, int room, long nanos) throws IOException {
        try {
            choice.settle();
            DatagramChannel p = choice.platform();
            if (p == null) {
                return choice.ours().blockingReceive(to, offset, room, nanos);
            }
            ensureBlocking();
            DatagramPacket packet = new DatagramPacket(to, offset, room);
            p.socket().setSoTimeout(EitherSocketChannel.millis(nanos));
            p.socket().receive(packet);
            platformSource = (InetSocketAddress) packet.getSocketAddress();
            return packet.getLength();
        } finally {
            choice.follow();
        }
    }

    @Override
    ReentrantLock readLock() {
        return choice.platform() == null ? choice.ours().readLock() : platformReadLock;
    }

    @Override
    @Nullable InetSocketAddress source() {
        return choice.platform() == null ? choice.ours().source() : platformSource;
    }

    @Override
    @Nullable InetSocketAddress local() {
        DatagramChannel p = choice.platform();
        return p == null ? choice.ours().local() : localOf(p);
    }

    private static @Nullable InetSocketAddress localOf(DatagramChannel p) {
        try {
            return (InetSocketAddress) p.getLocalAddress();
        } catch (ClosedChannelException e) {
            return null;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    @Nullable InetSocketAddress remote() {
        DatagramChannel p = choice.platform();
        return p == null ? choice.ours().remote() : (InetSocketAddress) p.socket().getRemoteSocketAddress();
    }

    @Override
    @Nullable MembershipKey membership(InetAddress group, NetworkInterface on) {
        for (MembershipKey k : memberships) {
            if (k.isValid() && k.group().equals(group) && k.networkInterface().equals(on)
                    && k.sourceAddress() == null) {
                return k;
            }
        }
        return null;
    }
}

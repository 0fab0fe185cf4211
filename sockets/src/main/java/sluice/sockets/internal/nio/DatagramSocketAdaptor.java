package sluice.sockets.internal.nio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;

/** A datagram channel as a {@link DatagramSocket}. */
final class DatagramSocketAdaptor extends DatagramSocket {
    private final AdaptedDatagramChannel channel;
    private volatile int timeoutMs;
    /**
     * Room in packets that were received into: the JDK keeps it in a field that others cannot see, and overwrites the
     * length. Guarded by the channel's read lock.
     */
    private final Map<DatagramPacket, Room> rooms = new WeakHashMap<>(1);

    private record Room(int length, int received) {}

    DatagramSocketAdaptor(AdaptedDatagramChannel channel) {
        super(new NoDatagramSocketImpl());
        this.channel = channel;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // addresses

    private static InetSocketAddress inet(SocketAddress address) {
        if (address instanceof InetSocketAddress i) {
            return i;
        }
        throw new UnsupportedAddressTypeException();
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws SocketException {
        SocketAddress a = address == null ? new InetSocketAddress(0) : inet(address);
        try {
            channel.bind(a);
        } catch (IOException | RuntimeException e) {
            throw Failures.ofSocket(e);
        }
    }

    @Override
    public void connect(@Nullable InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            connectTo(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(@Nullable SocketAddress address) throws SocketException {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        connectTo(inet(address));
    }

    private void connectTo(InetSocketAddress address) throws SocketException {
        try {
            channel.connect(address, false);
        } catch (ClosedChannelException e) {
            return; // as the JDK
        } catch (IOException | RuntimeException e) {
            throw Failures.ofSocket(e);
        }
    }

    @Override
    public void disconnect() {
        try {
            channel.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBound() {
        return channel.local() != null;
    }

    @Override
    public boolean isConnected() {
        return channel.remote() != null;
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress a = channel.remote();
        return a == null ? null : a.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress a = channel.remote();
        return a == null ? -1 : a.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return channel.remote();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return isClosed() ? null : channel.local();
    }

    @Override
    public @Nullable InetAddress getLocalAddress() {
        if (isClosed()) {
            return null;
        }
        InetSocketAddress a = channel.local();
        return a == null ? new InetSocketAddress(0).getAddress() : a.getAddress();
    }

    @Override
    public int getLocalPort() {
        InetSocketAddress a = channel.local();
        return isClosed() ? -1 : a == null ? 0 : a.getPort();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // datagrams

    @Override
    public void send(DatagramPacket p) throws IOException {
        try {
            synchronized (p) {
                channel.ensureBlocking();
                InetSocketAddress peer = channel.remote();
                if (p.getAddress() == null) {
                    if (peer == null) {
                        throw new IllegalArgumentException("Address not set");
                    }
                    p.setAddress(peer.getAddress());
                    p.setPort(peer.getPort());
                }
                channel.send(ByteBuffer.wrap(p.getData(), p.getOffset(), p.getLength()), p.getSocketAddress());
            }
        } catch (AlreadyConnectedException e) {
            throw new IllegalArgumentException("Connected and packet address differ", e);
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    @Override
    public void receive(DatagramPacket p) throws IOException {
        try {
            synchronized (p) {
                channel.readLock().lock();
                try {
                    receiveLocked(p);
                } finally {
                    channel.readLock().unlock();
                }
            }
        } catch (SocketTimeoutException | ClosedByInterruptException e) {
            throw e;
        } catch (InterruptedIOException e) {
            close();
            SocketException closed = new SocketException("Closed by interrupt");
            closed.initCause(e);
            throw closed;
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    private void receiveLocked(DatagramPacket p) throws IOException {
        Room known = rooms.get(p);
        int room = known != null && known.received == p.getLength()
                && known.length <= p.getData().length - p.getOffset() ? known.length : p.getLength();
        int t = timeoutMs;
        int n = channel.blockingReceive(p.getData(), p.getOffset(), room, t > 0 ? t * 1_000_000L : Time.NEVER);
        p.setLength(n);
        p.setSocketAddress(channel.source());
        rooms.put(p, new Room(room, n));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // options and groups

    private void ensureOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        ensureOpen();
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMs = timeout;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        ensureOpen();
        return timeoutMs;
    }

    private <T> void set(SocketOption<T> name, T value) throws SocketException {
        AdaptorOptions.set(channel, name, value);
    }

    private <T> T get(SocketOption<T> name) throws SocketException {
        return AdaptorOptions.get(channel, name);
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return get(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int tc) throws SocketException {
        set(StandardSocketOptions.IP_TOS, tc);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    private static InetAddress group(SocketAddress address) throws SocketException {
        if (!(address instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        if (inet.isUnresolved()) {
            throw new IllegalArgumentException("Unresolved address");
        }
        if (!inet.getAddress().isMulticastAddress()) {
            throw new SocketException("Not a multicast address");
        }
        return inet.getAddress();
    }

    private static NetworkInterface orAny(@Nullable NetworkInterface on) throws SocketException {
        NetworkInterface any = on == null ? NetworkInterface.networkInterfaces().findFirst().orElse(null) : on;
        if (any == null) {
            throw new SocketException("No network interface found");
        }
        return any;
    }

    @Override
    public void joinGroup(SocketAddress address, @Nullable NetworkInterface on) throws IOException {
        InetAddress g = group(address);
        NetworkInterface i = orAny(on);
        ensureOpen();
        synchronized (this) {
            if (channel.membership(g, i) != null) {
                throw new SocketException("Already a member of group");
            }
            channel.join(g, i);
        }
    }

    @Override
    public void leaveGroup(SocketAddress address, @Nullable NetworkInterface on) throws IOException {
        InetAddress g = group(address);
        NetworkInterface i = orAny(on);
        ensureOpen();
        synchronized (this) {
            MembershipKey key = channel.membership(g, i);
            if (key == null) {
                throw new SocketException("Not a member of group");
            }
            key.drop();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }
}

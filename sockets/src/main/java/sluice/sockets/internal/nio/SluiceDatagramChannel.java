package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.base.Time;
import sluice.core.Pollable;
import sluice.engine.Waiter;
import sluice.sockets.Addresses;

/** UDP as a channel. */
final class SluiceDatagramChannel extends AdaptedDatagramChannel implements SelectableEnd {
    private final ProtocolFamily family;
    private final DatagramEnd end;
    /** Whether an interrupt closes it: not when it only stands behind a {@link DatagramSocket}. */
    private final boolean interruptible;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    /** Guards changes of the fields below, which may be read without it. */
    private final Object stateLock = new Object();
    private final DatagramTransfer.Receiving receiving;
    private final DatagramTransfer.Sending sending;
    private volatile @Nullable InetSocketAddress local;
    private volatile @Nullable InetSocketAddress remote;
    private final Memberships memberships;
    private @Nullable DatagramSocket socket;

    SluiceDatagramChannel(SelectorProvider provider, DatagramEnd end, ProtocolFamily family, boolean interruptible) {
        super(provider);
        this.family = family;
        this.end = end;
        receiving = new DatagramTransfer.Receiving(end);
        sending = new DatagramTransfer.Sending(end);
        this.interruptible = interruptible;
        memberships = new Memberships(this, end);
        Lost.watch(this, end);
    }

    @Override
    public DatagramEnd end() {
        return end;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // one call: lock, begin, inside, wait, end

    private long transfer(boolean reading, boolean mustBeConnected, long nanos, DatagramTransfer transfer)
            throws IOException {
        ensureOpen();
        boolean blocking = isBlocking();
        long n = ChannelEnd.UNAVAILABLE;
        try {
            if (blocking && interruptible) {
                begin();
            }
            synchronized (stateLock) {
                ensureOpen();
                if (mustBeConnected && remote == null) {
                    throw new NotYetConnectedException();
                }
                if (local == null) {
                    bindInside(null);
                }
            }
            n = run(reading, blocking, nanos, transfer);
        } finally {
            transfer.forget();
            if (blocking) {
                endWait(n >= 0);
            }
        }
        return n;
    }

    private void endWait(boolean completed) throws AsynchronousCloseException {
        if (interruptible) {
            end(completed);
        } else if (!completed && !isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    private long run(boolean reading, boolean wait, long nanos, DatagramTransfer transfer) throws IOException {
        Waiter waiter = reading ? end.waiters.read : end.waiters.write;
        int interest = reading ? Pollable.READABLE : Pollable.WRITABLE;
        end.enter();
        try {
            long untilNs = end.deadline(nanos);
            while (!end.closed) {
                long n = transfer.run();
                if (n >= 0 || !wait) {
                    return n;
                }
                if (end.access.nowNs() >= untilNs) {
                    throw new SocketTimeoutException("Receive timed out");
                }
                if (!end.await(waiter, interest, untilNs, interruptible)) {
                    break;
                }
            }
            return ChannelEnd.UNAVAILABLE;
        } catch (ErrnoException e) {
            throw Failures.transfer(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(end.access, e);
        } finally {
            end.access.exit();
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // receiving and sending

    @Override
    public @Nullable SocketAddress receive(ByteBuffer to) throws IOException {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        readLock.lock();
        try {
            return transfer(true, false, Time.NEVER, receiving.into(to)) < 0 ? null : end.source();
        } finally {
            readLock.unlock();
        }
    }

    @Override
    int blockingReceive(byte[] to, int offset, int room, long nanos) throws IOException {
        ensureBlocking();
        return (int) transfer(true, false, nanos, () -> end.receive(to, offset, room));
    }

    @Override
    ReentrantLock readLock() {
        return readLock;
    }

    @Override
    @Nullable InetSocketAddress source() {
        return end.source();
    }

    @Override
    public int send(ByteBuffer from, SocketAddress target) throws IOException {
        Objects.requireNonNull(from);
        InetSocketAddress to = InetAddresses.check(target, family);
        writeLock.lock();
        try {
            return (int) Math.max(0, transfer(false, false, Time.NEVER, sending.of(from, to, remote)));
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        Objects.requireNonNull(to);
        readLock.lock();
        try {
            return (int) Math.max(0, transfer(true, true, Time.NEVER, receiving.into(to)));
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        int stop = offset + Math.min(length, StreamReader.MAX_BUFFERS);
        readLock.lock();
        try {
            return Math.max(0, transfer(true, true, Time.NEVER, () -> {
                for (int i = offset; i < stop; i++) {
                    DatagramTransfer.checkWritable(to[i]);
                }
                return end.receive(to, offset, stop);
            }));
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        Objects.requireNonNull(from);
        writeLock.lock();
        try {
            return (int) Math.max(0, transfer(false, true, Time.NEVER, sending.of(from, null, null)));
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        int stop = offset + Math.min(length, StreamReader.MAX_BUFFERS);
        writeLock.lock();
        try {
            return Math.max(0, transfer(false, true, Time.NEVER, () -> end.send(from, offset, stop)));
        } finally {
            writeLock.unlock();
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // binding and connecting

    private interface Step {
        void run() throws IOException;
    }

    /** Runs {@code step} while nobody reads or writes, with the state held. */
    private void alone(Step step) throws IOException {
        readLock.lock();
        try {
            writeLock.lock();
            try {
                synchronized (stateLock) {
                    step.run();
                }
            } finally {
                writeLock.unlock();
            }
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public DatagramChannel bind(@Nullable SocketAddress address) throws IOException {
        alone(() -> {
            ensureOpen();
            if (local != null) {
                throw new AlreadyBoundException();
            }
            bindInside(address);
        });
        return this;
    }

    private void bindInside(@Nullable SocketAddress address) throws IOException {
        InetSocketAddress a = address == null ? null : InetAddresses.check(address, family);
        Inside.run(end, () -> {
            end.socket.bind(InetAddresses.local(a, family), a == null ? 0 : a.getPort());
            local = end.localAddress();
        });
    }

    @Override
    public DatagramChannel connect(SocketAddress address) throws IOException {
        return connect(address, true);
    }

    @Override
    DatagramChannel connect(SocketAddress address, boolean once) throws IOException {
        InetSocketAddress to = InetAddresses.check(address, family);
        alone(() -> {
            ensureOpen();
            if (once && remote != null) {
                throw new AlreadyConnectedException();
            }
            if (to.getPort() == 0) {
                throw new SocketException("Can't connect to port 0");
            }
            if (local == null) {
                bindInside(null);
            }
            Inside.run(end, () -> {
                if (remote != null) {
                    end.socket.disconnect();
                }
                end.socket.connect(Addresses.of(to.getAddress()), to.getPort());
                local = end.localAddress();
                end.drain(); // what others sent before
            });
            remote = to;
        });
        return this;
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        alone(() -> {
            if (isOpen() && remote != null) {
                Inside.run(end, () -> {
                    end.socket.disconnect();
                    local = end.localAddress();
                });
                remote = null;
            }
        });
        return this;
    }

    @Override
    public boolean isConnected() {
        return isOpen() && remote != null;
    }

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

    // ----------------------------------------------------------------------------------------------------------------
    // groups, options, closing

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        return joinAny(group, on, null);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        return joinAny(group, on, Objects.requireNonNull(source));
    }

    private MembershipKey joinAny(InetAddress group, NetworkInterface on, @Nullable InetAddress source)
            throws IOException {
        checkGroup(group);
        if (source != null) {
            Memberships.checkSource(source, group);
        }
        synchronized (stateLock) {
            ensureOpen();
            return memberships.join(group, on, source);
        }
    }

    private void checkGroup(InetAddress group) {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("Group not a multicast address");
        }
        if (!(group instanceof Inet4Address) && family == StandardProtocolFamily.INET) {
            throw new IllegalArgumentException("Only IPv6 sockets can join IPv6 multicast group");
        }
    }

    /** Leaves a group that was joined. */
    void drop(MembershipKey key) {
        synchronized (stateLock) {
            memberships.drop(key);
        }
    }

    /** Hears a source no more, or again. */
    void filter(MembershipKey key, InetAddress source, boolean block) throws IOException {
        synchronized (stateLock) {
            memberships.filter(key, source, block);
        }
    }

    @Override
    @Nullable MembershipKey membership(InetAddress group, NetworkInterface on) {
        synchronized (stateLock) {
            return memberships.find(group, on);
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return UdpOptionTable.ALL;
    }

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
        UdpOptionTable.check(name, value, true);
        synchronized (stateLock) {
            ensureOpen();
            Inside.run(end, () -> UdpOptionTable.set(end, name, value));
        }
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
        UdpOptionTable.check(name, null, false);
        synchronized (stateLock) {
            ensureOpen();
            return Inside.ask(end, () -> UdpOptionTable.get(end, name));
        }
    }

    @Override
    public DatagramSocket socket() {
        synchronized (stateLock) {
            DatagramSocket s = socket;
            if (s == null) {
                s = new DatagramSocketAdaptor(this);
                socket = s;
            }
            return s;
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        alone(() -> {}); // waits for those who block
    }

    @Override
    protected void implCloseSelectableChannel() {
        memberships.invalidateAll();
        end.close();
    }

    @Override
    public int readyOps(int bits, int interest) {
        if ((bits & ChannelEnd.EXCEPTIONAL) != 0) {
            return interest;
        }
        int ops = (bits & Pollable.READABLE) != 0 ? SelectionKey.OP_READ : 0;
        return (ops | ((bits & Pollable.WRITABLE) != 0 ? SelectionKey.OP_WRITE : 0)) & interest;
    }
}

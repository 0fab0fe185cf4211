package sluice.sockets;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.udp.UdpOptions;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.engine.Shard;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.engine.Waiter;
import sluice.engine.Waiters;
import sluice.wire.IpAddress;

/**
 * A UDP socket with blocking calls, in the manner of {@link java.net.DatagramSocket}.
 *
 * <p><b>Thread rules.</b> Any thread may call any method; one may receive while another sends, others take turns. {@link #close} ends blocked calls with
 * {@link SocketException}. Interrupts as with {@link SluiceSocket}. An ICMP error about an earlier datagram is thrown by the next call (on a connected socket:
 * {@link java.net.PortUnreachableException}).
 */
public final class SluiceDatagramSocket implements AutoCloseable {
    private static final int MAX_DATAGRAM = 65_536;

    private final Shard shard;
    private final UdpSocket socket;
    private final Waiters waiters = new Waiters();
    private final ReentrantLock receiveLock = new ReentrantLock();
    private final ReentrantLock sendLock = new ReentrantLock();
    private @Nullable MemorySegment receiveBuffer;
    private @Nullable MemorySegment sendBuffer;
    private volatile int receiveTimeoutMs;
    /** Written inside the shard. */
    private volatile boolean closed;

    /**
     * A datagram that was received.
     *
     * @param source who sent it
     * @param port its port
     * @param destination the address of ours, group or broadcast address that it was sent to
     * @param length bytes that are in the buffer
     * @param fullLength bytes it had; more than {@code length} when it was cut
     */
    public record Received(IpAddress source, int port, IpAddress destination, int length, int fullLength) {}

    /**
     * A bound socket.
     *
     * @param address one of the host's, {@link IpAddress#ANY_V4}, or {@link IpAddress#ANY_V6} for both families
     * @param port 0 to have one chosen
     */
    public SluiceDatagramSocket(Stack stack, IpAddress address, int port) throws IOException {
        shard = stack.shard();
        enter();
        try {
            socket = shard.host().udp().open();
            socket.attachment = waiters;
            socket.bind(address, port);
        } catch (ErrnoException e) {
            throw Errors.connect(e);
        } finally {
            shard.exit();
        }
    }

    private void enter() throws SocketException {
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
    }

    /** Sends to this peer by default, and receives only from it. */
    public void connect(IpAddress peer, int port) throws IOException {
        enter();
        try {
            ensureOpen();
            socket.connect(peer, port);
        } catch (ErrnoException e) {
            throw Errors.connect(e);
        } finally {
            shard.exit();
        }
    }

    /** Forgets the peer. */
    public void disconnect() throws IOException {
        enter();
        try {
            ensureOpen();
            socket.disconnect();
        } finally {
            shard.exit();
        }
    }

    /** Sends a datagram; waits while the send queue is full. Without {@code to} it goes to the connected peer. */
    public void send(byte[] from, int offset, int length, @Nullable IpAddress to, int port) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (length > MAX_DATAGRAM) {
            throw new SocketException(Errno.EMSGSIZE.text());
        }
        sendLock.lock();
        try {
            MemorySegment buffer = sendBuffer;
            if (buffer == null) {
                buffer = Arena.ofAuto().allocate(MAX_DATAGRAM);
                sendBuffer = buffer;
            }
            MemorySegment.copy(from, offset, buffer, ValueLayout.JAVA_BYTE, 0, length);
            send(buffer, 0, length, to, port);
        } finally {
            sendLock.unlock();
        }
    }

    /** As the other, from native memory. */
    public void send(MemorySegment from, long offset, int length, @Nullable IpAddress to, int port) throws IOException {
        sendLock.lock();
        try {
            enter();
            try {
                while (true) {
                    ensureOpen();
                    try {
                        socket.send(from, offset, length, to, port, shard.nowNs());
                        return;
                    } catch (ErrnoException e) {
                        if (e.errno() != Errno.EAGAIN) {
                            throw Errors.io(e);
                        }
                    }
                    block(waiters.write, Pollable.WRITABLE, Shard.FOREVER);
                }
            } catch (RuntimeException e) {
                throw Errors.unexpected(shard, e);
            } finally {
                shard.exit();
            }
        } finally {
            sendLock.unlock();
        }
    }

    /** Takes the next datagram, waiting for one; what does not fit is cut off. */
    public Received receive(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        receiveLock.lock();
        try {
            MemorySegment buffer = receiveBuffer;
            if (buffer == null) {
                buffer = Arena.ofAuto().allocate(MAX_DATAGRAM);
                receiveBuffer = buffer;
            }
            Received r = receive(buffer, 0, Math.min(length, MAX_DATAGRAM));
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, to, offset, r.length());
            return r;
        } finally {
            receiveLock.unlock();
        }
    }

    /** As the other, into native memory. */
    public Received receive(MemorySegment to, long offset, int length) throws IOException {
        receiveLock.lock();
        try {
            enter();
            try {
                long untilNs = receiveTimeoutMs > 0 ? shard.nowNs() + receiveTimeoutMs * 1_000_000L : Shard.FOREVER;
                while (true) {
                    ensureOpen();
                    UdpReceived r = socket.receive(to, offset, length);
                    if (r != null) {
                        return new Received(r.source(), r.sourcePort, r.destination(), r.length, r.fullLength);
                    }
                    if (shard.nowNs() >= untilNs) {
                        throw new SocketTimeoutException("Receive timed out");
                    }
                    block(waiters.read, Pollable.READABLE, untilNs);
                }
            } catch (ErrnoException e) {
                throw Errors.io(e);
            } catch (RuntimeException e) {
                throw Errors.unexpected(shard, e);
            } finally {
                shard.exit();
            }
        } finally {
            receiveLock.unlock();
        }
    }

    private void block(Waiter waiter, int interest, long untilNs) throws SocketException {
        try {
            shard.block(waiter, interest, untilNs);
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
        Thread me = Thread.currentThread();
        if (me.isVirtual() && me.isInterrupted() && !closed) {
            closeInside();
            throw new SocketException("Closed by interrupt");
        }
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw Errors.closed();
        }
    }

    /** Changes options. */
    public void configure(Consumer<UdpOptions> change) throws IOException {
        enter();
        try {
            ensureOpen();
            change.accept(socket.options());
        } catch (ErrnoException e) {
            throw Errors.io(e);
        } finally {
            shard.exit();
        }
    }

    /** Longest wait of {@link #receive}, milliseconds; 0 for none. */
    public void setSoTimeout(int timeoutMs) {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        receiveTimeoutMs = timeoutMs;
    }

    /** Our port. */
    public int getLocalPort() {
        return shard.execute(host -> socket.localPort());
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    private void closeInside() {
        if (!closed) {
            closed = true;
            socket.close();
            shard.wake(waiters.read);
            shard.wake(waiters.write);
        }
    }

    /** Closes it. Idempotent. */
    @Override
    public void close() {
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            closed = true;
            return;
        }
        try {
            closeInside();
        } finally {
            shard.exit();
        }
    }
}

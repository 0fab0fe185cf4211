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
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.wire.IpAddress;

/**
 * A UDP socket with blocking calls, in the manner of {@link java.net.DatagramSocket}.
 *
 * <p><b>Thread rules.</b> Any thread may call any method; one may receive while another sends, others take turns.
 * {@link #close} ends blocked calls with {@link SocketException}. Interrupts as with {@link SluiceSocket}. An ICMP
 * error about an earlier datagram is thrown by the next call (on a connected socket: {@link
 * java.net.PortUnreachableException}).
 */
public final class SluiceDatagramSocket implements AutoCloseable {
    private static final int MAX_DATAGRAM = 65_536;

    private final Udp end;
    private final ReentrantLock receiveLock = new ReentrantLock();
    private final ReentrantLock sendLock = new ReentrantLock();
    private @Nullable MemorySegment receiveBuffer;
    private @Nullable MemorySegment sendBuffer;
    private volatile int receiveTimeoutMs;

    private static final class Udp extends End {
        final UdpSocket socket;

        Udp(HostAccess access, UdpSocket socket) {
            super(access);
            this.socket = socket;
            socket.addListener(waiters);
        }

        @Override
        void end() {
            socket.close();
        }
    }

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
        this(stack.access(), address, port);
    }

    /** The same, wherever the host runs. */
    public SluiceDatagramSocket(HostAccess access, IpAddress address, int port) throws IOException {
        End.enter(access);
        try {
            end = new Udp(access, access.host().udp().open());
            end.socket.bind(address, port);
        } catch (ErrnoException e) {
            throw Errors.connect(e);
        } finally {
            access.exit();
        }
    }

    /** Sends to this peer by default, and receives only from it. */
    public void connect(IpAddress peer, int port) throws IOException {
        end.whileOpen(() -> {
            try {
                end.socket.connect(peer, port);
            } catch (ErrnoException e) {
                throw Errors.connect(e);
            }
        });
    }

    /** Forgets the peer. */
    public void disconnect() throws IOException {
        end.whileOpen(end.socket::disconnect);
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
            end.whileOpen(() -> {
                while (!sendNow(from, offset, length, to, port)) {
                    end.block(end.waiters.write, Pollable.WRITABLE, HostAccess.FOREVER);
                    end.ensureOpen();
                }
            });
        } finally {
            sendLock.unlock();
        }
    }

    private boolean sendNow(MemorySegment from, long offset, int length, @Nullable IpAddress to, int port) {
        try {
            end.socket.send(from, offset, length, to, port, end.access.nowNs());
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                return false;
            }
            throw e;
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
            return end.inside(() -> awaitDatagram(to, offset, length));
        } finally {
            receiveLock.unlock();
        }
    }

    private Received awaitDatagram(MemorySegment to, long offset, int length) throws IOException {
        long untilNs = end.deadline(receiveTimeoutMs);
        while (true) {
            end.ensureOpen();
            UdpReceived r = end.socket.receive(to, offset, length);
            if (r != null) {
                return new Received(r.source(), r.sourcePort, r.destination(), r.length, r.fullLength);
            }
            if (end.access.nowNs() >= untilNs) {
                throw new SocketTimeoutException("Receive timed out");
            }
            end.block(end.waiters.read, Pollable.READABLE, untilNs);
        }
    }

    /** Changes options. */
    public void configure(Consumer<UdpOptions> change) throws IOException {
        end.whileOpen(() -> change.accept(end.socket.options()));
    }

    /** Longest wait of {@link #receive}, milliseconds; 0 for none. */
    public void setSoTimeout(int timeoutMs) {
        receiveTimeoutMs = End.timeout(timeoutMs);
    }

    /** Our port. */
    public int getLocalPort() {
        return end.access.execute(host -> end.socket.localPort());
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return end.closed;
    }

    /** Closes it. Idempotent. */
    @Override
    public void close() {
        end.run();
    }
}

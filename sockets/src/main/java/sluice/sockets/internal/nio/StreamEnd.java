package sluice.sockets.internal.nio;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.layer.BoundPort;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.ShardStoppedException;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/**
 * The host's side of a TCP stream: unconnected, then a connection. Bytes are copied once, between the caller's buffer
 * and the connection's rings: those of a direct buffer as native memory, those of an array by a statement of its own (a
 * statement that meets both is three times slower).
 *
 * <p>Inside the host, unless a method says otherwise.
 */
final class StreamEnd extends TcpEnd {
    /** Bytes moved in one stay inside the host, so that others get in and segments leave meanwhile. */
    static final int CHUNK = 256 * 1024;
    private static final System.Logger LOG = System.getLogger(StreamEnd.class.getName());
    /** Between two looks at a connection that lingers, should no event tell of its end. */
    private static final long LINGER_LOOK_NS = 50_000_000;

    /** Until there is a connection. */
    private final SocketOptions options;
    private @Nullable BoundPort bound;
    private volatile @Nullable TcpSocket tcb;
    /** SO_RCVTIMEO, milliseconds; 0 for none. Written inside the host. */
    volatile int receiveTimeoutMs;
    /** Nothing more is read. Written inside the host. */
    volatile boolean inputShut;
    /** Nothing more is written. Written inside the host. */
    volatile boolean outputShut;

    /** Not connected. From anywhere. */
    StreamEnd(Site site) {
        super(site);
        options = new SocketOptions();
        options.reuseAddress = false;
    }

    /** An accepted connection. */
    StreamEnd(Site site, TcpSocket accepted) {
        super(site);
        options = accepted.options();
        tcb = accepted;
        accepted.addListener(this);
    }

    TcpSocket connection() {
        TcpSocket t = tcb;
        if (t == null) {
            throw new IllegalStateException("not connected");
        }
        return t;
    }

    @Override
    int poll() {
        if (closed) {
            return 0;
        }
        TcpSocket t = tcb;
        return t == null ? Pollable.WRITABLE | Pollable.HANGUP : t.readiness();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // opening

    /** Takes a local address and port; returns them. */
    InetSocketAddress bind(IpAddress local, int port) {
        BoundPort b = access.host().tcp().bind(local, port, options);
        bound = b;
        return Addresses.toInet(b.address(), b.port());
    }

    /** Sends the SYN. */
    void startConnect(InetSocketAddress remote) {
        BoundPort b = bound;
        IpAddress local = null;
        int port = 0;
        if (b != null) {
            b.release();
            bound = null;
            local = b.address();
            port = b.port();
        }
        TcpSocket t = access.host().tcp().connect(options, local, port, Addresses.of(remote.getAddress()),
                remote.getPort(), access.nowNs());
        tcb = t;
        t.addListener(this);
        changed();
    }

    /** Whether the connection that was begun is open; throws when it failed. */
    boolean isOpenNow() throws IOException {
        TcpSocket t = connection();
        if ((t.readiness() & (Pollable.WRITABLE | EXCEPTIONAL)) == 0) {
            return false;
        }
        if (t.isEstablished()) {
            return true;
        }
        Errno error = t.takeError();
        if (error != null) {
            throw Failures.call(error);
        }
        if (t.state() == TcpState.CLOSED) {
            throw Failures.call(Errno.ECONNABORTED);
        }
        return false;
    }

    /**
     * Waits until the connection is open. From outside.
     *
     * @return false when that was ended by a close or an interrupt
     */
    boolean awaitOpen(long nanos, boolean interruptible) throws IOException {
        enter();
        try {
            long untilNs = deadline(nanos);
            while (!closed) {
                if (isOpenNow()) {
                    return true;
                }
                if (access.nowNs() >= untilNs) {
                    throw new SocketTimeoutException("Connect timed out");
                }
                if (!await(waiters.write, Pollable.WRITABLE, untilNs, interruptible)) {
                    break;
                }
            }
            return false;
        } finally {
            access.exit();
        }
    }

    InetSocketAddress localAddress() {
        TcpSocket t = connection();
        return Addresses.toInet(t.localAddress(), t.localPort());
    }

    InetSocketAddress remoteAddress() {
        TcpSocket t = connection();
        return Addresses.toInet(t.remoteAddress(), t.remotePort());
    }

    // ----------------------------------------------------------------------------------------------------------------
    // reading

    /** {@link #UNAVAILABLE}, {@link #EOF} or the number of bytes; the buffer is writable and has room. */
    int read(ByteBuffer to) {
        int n;
        int at = to.position();
        int room = Math.min(to.remaining(), CHUNK);
        if (to.hasArray()) {
            n = read(to.array(), to.arrayOffset() + at, room);
        } else {
            n = normalize(connection().receive(site.memory(to), at, room, 0, access.nowNs()));
        }
        if (n > 0) {
            to.position(at + n);
        }
        return n;
    }

    /** The same into an array; {@code length} is not 0. */
    int read(byte[] to, int offset, int length) {
        return normalize(connection().receive(to, offset, length, access.nowNs()));
    }

    private static int normalize(int n) {
        return n == 0 ? UNAVAILABLE : n;
    }

    int available() {
        return connection().available();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // writing

    /** {@link #UNAVAILABLE} or the number of bytes taken; at most {@link #CHUNK}. The buffer is not empty. */
    int write(ByteBuffer from, boolean more) {
        int at = from.position();
        int length = Math.min(from.remaining(), CHUNK);
        int n;
        if (from.isDirect()) {
            TcpSocket t = connection();
            int flags = flags(more) | (t.options().zeroCopy ? TcpSocket.FLAG_ZEROCOPY : 0);
            n = t.send(site.memory(from), at, length, flags, access.nowNs());
        } else if (from.hasArray()) {
            n = write(from.array(), from.arrayOffset() + at, length, more);
        } else {
            n = writeReadOnly(MemorySegment.ofBuffer(from), length, more);
        }
        if (n == 0) {
            return UNAVAILABLE;
        }
        from.position(at + n);
        return n;
    }

    private static int flags(boolean more) {
        return more ? TcpSocket.FLAG_MORE : 0;
    }

    /** The same from an array; 0 when nothing was taken. */
    int write(byte[] from, int offset, int length, boolean more) {
        return connection().send(from, offset, length, flags(more), access.nowNs());
    }

    private int writeReadOnly(MemorySegment from, int length, boolean more) {
        TcpSocket t = connection();
        int done = 0;
        while (done < length) {
            MemorySegment ring = t.writable(length - done);
            if (ring == null) {
                break;
            }
            int n = (int) Math.min(length - done, ring.byteSize());
            MemorySegment.copy(from, done, ring, 0, n);
            done += n;
            t.commit(n, flags(more || done < length), access.nowNs());
        }
        return done;
    }

    /** Whether a call that has moved bytes already must leave the rest, and its error, to the next one. */
    boolean hasNews() {
        TcpSocket t = connection();
        return closed || !t.maySend() || (t.readiness() & Pollable.ERROR) != 0;
    }

    /** Sends one urgent byte; 0 when there is no room. */
    int writeUrgent(byte octet) {
        MemorySegment one = Arena.ofAuto().allocate(1);
        one.set(ValueLayout.JAVA_BYTE, 0, octet);
        return connection().send(one, 0, 1, TcpSocket.FLAG_URGENT, access.nowNs());
    }

    /** Of a connection that is over nothing is shut, of which the JDK does not tell (shutdown(2)'s ENOTCONN). */
    private @Nullable TcpSocket toShut() {
        TcpSocket t = connection();
        return t.state() == TcpState.CLOSED ? null : t;
    }

    void shutdownInput() {
        TcpSocket t = toShut();
        if (t != null) {
            t.shutdownRead(access.nowNs());
        }
        inputShut = true;
        access.wake(waiters.read);
    }

    void shutdownOutput() {
        TcpSocket t = toShut();
        if (t != null) {
            t.shutdownWrite(access.nowNs());
        }
        outputShut = true;
        access.wake(waiters.write);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // options and end

    @Override
    SocketOptions options() {
        TcpSocket t = tcb;
        return t == null ? options : t.options();
    }

    @Override
    void change(Consumer<SocketOptions> change) {
        TcpSocket t = tcb;
        if (t == null) {
            change.accept(options);
        } else {
            t.change(change, access.nowNs());
        }
    }

    @Override
    @Nullable TcpSocket tcb() {
        return tcb;
    }

    @Override
    void release() {
        BoundPort b = bound;
        if (b != null) {
            b.release();
            bound = null;
        }
        TcpSocket t = tcb;
        if (t != null) {
            try {
                t.close(access.nowNs());
            } catch (ErrnoException e) {
                LOG.log(Level.DEBUG, "close of a connection that was gone", e);
            }
        }
    }

    /**
     * Closing with data that nobody has read resets the connection (RFC 2525 section 2.17). The JDK's sockets shut
     * their output before they close, unless SO_LINGER is 0, so that the peer has the end of the stream first; so do
     * ours, and leave the host between the two for the FIN to go. From outside.
     */
    void finishWithUnreadData() {
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            return;
        }
        try {
            TcpSocket t = tcb;
            if (t != null && !closed && t.available() > 0 && t.options().lingerSeconds != 0 && t.state().maySend()) {
                shutdownOutput();
            }
        } catch (ErrnoException e) {
            LOG.log(Level.DEBUG, "close of a connection that was gone", e);
        } finally {
            access.exit();
        }
    }

    /** Resets the connection: nothing of what was queued is sent. From outside. */
    void abort() {
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            return;
        }
        try {
            TcpSocket t = tcb;
            if (t != null) {
                t.abort(access.nowNs());
            }
        } finally {
            access.exit();
        }
    }

    /**
     * SO_LINGER: waits after {@link #close} until the peer has everything, for so long at most; then the host goes on
     * alone, as Linux does (the Javadoc of the JDK's sockets promises a reset, which its kernel sockets do not send).
     * From outside.
     */
    void linger() {
        TcpSocket t = tcb;
        if (t == null || t.options().lingerSeconds <= 0) {
            return;
        }
        try {
            access.enter();
        } catch (ShardStoppedException e) {
            return;
        }
        try {
            long untilNs = deadline(t.options().lingerSeconds * 1_000_000_000L);
            while (isSending(t) && access.nowNs() < untilNs) {
                access.block(waiters.close, 0, Math.min(untilNs, access.nowNs() + LINGER_LOOK_NS));
                if (Thread.currentThread().isVirtual() && Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        } catch (ShardStoppedException e) {
            LOG.log(Level.DEBUG, "the stack stopped while a close lingered", e);
        } finally {
            access.exit();
        }
    }

    private static boolean isSending(TcpSocket t) {
        return switch (t.state()) {
            case ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT, CLOSING, LAST_ACK -> true;
            default -> false;
        };
    }
}

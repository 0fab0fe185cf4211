package sluice.sockets;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpInfo;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.wire.IpAddress;

/**
 * A TCP connection with blocking calls, in the manner of {@link java.net.Socket}.
 *
 * <p><b>Thread rules.</b> Any thread may call any method; one may read while another writes, and two readers (or
 * writers) take turns. A blocked call of a platform thread drives the stack itself when nobody else does; it cannot be
 * interrupted (as with {@code java.net.Socket}): close the socket to end it. A virtual thread parks without its
 * carrier; interrupting it closes the socket and the call throws {@link SocketException}. {@link #close} by another
 * thread ends blocked calls with {@link SocketException}. Not for use inside a {@link sluice.core.ReadinessListener},
 * which talks to the connection itself.
 *
 * <p>Reads and writes of arrays and native memory allocate nothing once a connection runs. A socket that a program lost
 * without closing is closed by the garbage collector's doing, with a warning.
 */
public final class SluiceSocket implements AutoCloseable {
    static final Cleaner CLEANER = Cleaner.create(Thread.ofPlatform().daemon().name("sluice-socket-cleaner").factory());

    private final HostAccess access;
    private final SocketOptions options;
    private volatile @Nullable TcpEnd end;
    private Cleaner.@Nullable Cleanable cleanable;
    private @Nullable IpAddress bindAddress;
    private int bindPort;
    private volatile boolean closed;
    private int readTimeoutMs;

    /** An unconnected socket. */
    public SluiceSocket(Stack stack) {
        this(stack.access());
    }

    /** The same, wherever the host runs. */
    public SluiceSocket(HostAccess access) {
        this.access = access;
        this.options = new SocketOptions();
    }

    /** An accepted connection. */
    SluiceSocket(TcpEnd accepted) {
        this.access = accepted.access;
        this.options = new SocketOptions();
        adopt(accepted);
    }

    private void adopt(TcpEnd e) {
        end = e;
        cleanable = CLEANER.register(this, e);
    }

    /** A new connection to {@code remote}; waits until it is open. */
    public static SluiceSocket connect(Stack stack, IpAddress remote, int port) throws IOException {
        SluiceSocket s = new SluiceSocket(stack);
        s.connect(remote, port, Duration.ZERO);
        return s;
    }

    /** Chooses our side of the connection to be; null for any address, 0 for any port. */
    public synchronized void bind(@Nullable IpAddress address, int port) throws SocketException {
        if (closed || end != null) {
            throw new SocketException(closed ? "Socket closed" : "Already connected");
        }
        bindAddress = address;
        bindPort = port;
    }

    /** As the other, for addresses of {@code java.net}; milliseconds, 0 for no limit but TCP's own. */
    public void connect(InetSocketAddress remote, int timeoutMs) throws IOException {
        if (remote.isUnresolved()) {
            throw new java.net.UnknownHostException(remote.getHostString());
        }
        connect(Addresses.of(remote.getAddress()), remote.getPort(), Duration.ofMillis(timeoutMs));
    }

    /**
     * Opens the connection and waits for it.
     *
     * @param timeout the longest wait, {@link Duration#ZERO} for as long as TCP tries
     * @throws java.net.ConnectException refused, or no answer
     * @throws java.net.NoRouteToHostException nobody can bring packets there
     * @throws java.net.SocketTimeoutException not open within {@code timeout}; the socket is closed
     */
    public void connect(IpAddress remote, int port, Duration timeout) throws IOException {
        TcpEnd e;
        End.enter(access);
        try {
            synchronized (this) {
                if (closed || end != null) {
                    throw new SocketException(closed ? "Socket closed" : "Already connected");
                }
                long now = access.nowNs();
                e = new TcpEnd(access,
                        access.host().tcp().connect(options.copy(), bindAddress, bindPort, remote, port, now));
                e.readTimeoutMs = readTimeoutMs;
                adopt(e);
            }
            e.awaitOpen(timeout.isZero() ? HostAccess.FOREVER : access.nowNs() + timeout.toNanos());
        } catch (ErrnoException refused) {
            throw Errors.connect(refused);
        } catch (RuntimeException unexpected) {
            throw Errors.unexpected(access, unexpected);
        } finally {
            access.exit();
            Reference.reachabilityFence(this);
        }
    }

    private TcpEnd end() throws SocketException {
        TcpEnd e = end;
        if (e == null) {
            throw new SocketException(closed ? "Socket closed" : "Socket is not connected");
        }
        return e;
    }

    /** Reads at least one byte and at most {@code length}; -1 at the end of the stream. */
    public int read(byte[] to, int offset, int length) throws IOException {
        java.util.Objects.checkFromIndexSize(offset, length, to.length);
        try {
            return end().read(to, offset, length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Reads at least one byte into memory; -1 at the end of the stream. */
    public int read(MemorySegment to, long offset, long length) throws IOException {
        java.util.Objects.checkFromIndexSize(offset, length, to.byteSize());
        try {
            return end().read(to, offset, Math.min(length, Integer.MAX_VALUE));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Reads at least one byte into the buffer's remaining room; -1 at the end of the stream. */
    public int read(ByteBuffer to) throws IOException {
        int n;
        if (to.hasArray()) {
            n = read(to.array(), to.arrayOffset() + to.position(), to.remaining());
        } else {
            n = read(MemorySegment.ofBuffer(to), 0, to.remaining());
        }
        if (n > 0) {
            to.position(to.position() + n);
        }
        return n;
    }

    /** Writes all of it, waiting for room in the send buffer. */
    public void write(byte[] from, int offset, int length) throws IOException {
        java.util.Objects.checkFromIndexSize(offset, length, from.length);
        try {
            end().write(from, offset, length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Writes all of it, waiting for room in the send buffer. */
    public void write(MemorySegment from, long offset, long length) throws IOException {
        java.util.Objects.checkFromIndexSize(offset, length, from.byteSize());
        try {
            end().write(from, offset, length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Writes what remains in the buffer, waiting for room in the send buffer. */
    public void write(ByteBuffer from) throws IOException {
        if (from.hasArray()) {
            write(from.array(), from.arrayOffset() + from.position(), from.remaining());
        } else {
            write(MemorySegment.ofBuffer(from), 0, from.remaining());
        }
        from.position(from.limit());
    }

    /** The input as a stream; closing it closes the socket. */
    public InputStream getInputStream() {
        return new In(this);
    }

    /** The output as a stream; closing it closes the socket. Not buffered: each write is a write of the socket. */
    public OutputStream getOutputStream() {
        return new Out(this);
    }

    /** Bytes that can be read without waiting. */
    public int available() throws IOException {
        return end().available();
    }

    /** Ends our direction: the peer sees the end of the stream after all that was written. */
    public void shutdownOutput() throws IOException {
        end().shutdownOutput();
    }

    /** Reads no more: later reads return the end of the stream. */
    public void shutdownInput() throws IOException {
        end().shutdownInput();
    }

    /**
     * Closes: by default what was written is still sent in the background; with linger the call waits for it, with
     * linger 0 the connection is reset.
     */
    @Override
    public void close() throws IOException {
        Cleaner.Cleanable c;
        TcpEnd e;
        synchronized (this) {
            closed = true;
            e = end;
            c = cleanable;
            cleanable = null;
        }
        if (e != null) {
            e.close();
        }
        if (c != null) {
            c.clean(); // finds the end closed
        }
    }

    /** Resets the connection: what was not sent is lost, the peer sees "Connection reset". */
    public void abort() throws IOException {
        TcpEnd e = end;
        if (e != null) {
            e.abort();
        }
        close();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // options and condition

    /** Changes options, before or after connecting. */
    public void configure(Consumer<SocketOptions> change) throws IOException {
        TcpEnd e = end;
        if (e != null) {
            e.configure(change);
        } else {
            synchronized (this) {
                change.accept(options);
            }
        }
    }

    /** Sends small segments at once (no Nagle). */
    public void setTcpNoDelay(boolean on) throws IOException {
        configure(o -> o.noDelay = on);
    }

    /** Asks a silent peer whether it is still there. */
    public void setKeepAlive(boolean on) throws IOException {
        configure(o -> o.keepAlive = on);
    }

    /** How {@link #close} behaves: -1 returns at once (default), 0 resets, more waits that many seconds. */
    public void setSoLinger(int seconds) throws IOException {
        configure(o -> o.lingerSeconds = seconds);
    }

    /** Longest wait of a read, milliseconds; 0 for none. Takes effect with the next read. */
    public void setSoTimeout(int timeoutMs) {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        synchronized (this) {
            readTimeoutMs = timeoutMs;
            TcpEnd e = end;
            if (e != null) {
                e.readTimeoutMs = timeoutMs;
            }
        }
    }

    /** Size of the receive buffer, bytes; 0 for automatic. */
    public void setReceiveBufferSize(int bytes) throws IOException {
        configure(o -> o.receiveBufferBytes = bytes);
    }

    /** Size of the send buffer, bytes; 0 for automatic. */
    public void setSendBufferSize(int bytes) throws IOException {
        configure(o -> o.sendBufferBytes = bytes);
    }

    /** DSCP in its place in the TOS byte. */
    public void setTrafficClass(int value) throws IOException {
        configure(o -> o.trafficClass = value);
    }

    /** The connection's numbers now. */
    public TcpInfo info() throws IOException {
        TcpEnd e = end();
        try {
            return e.access.execute(host -> e.tcb.info(e.access.nowNs()));
        } catch (ShardStoppedException stopped) {
            throw Errors.stopped(stopped);
        }
    }

    /** The connection's state now; CLOSED when there is none. */
    public TcpState state() {
        TcpEnd e = end;
        return e == null ? TcpState.CLOSED : e.access.execute(host -> e.tcb.state());
    }

    /** Our address and port. */
    public InetSocketAddress getLocalSocketAddress() throws IOException {
        TcpEnd e = end();
        return Addresses.toInet(e.tcb.localAddress(), e.tcb.localPort());
    }

    /** The peer's address and port. */
    public InetSocketAddress getRemoteSocketAddress() throws IOException {
        TcpEnd e = end();
        return Addresses.toInet(e.tcb.remoteAddress(), e.tcb.remotePort());
    }

    /** Whether the socket was closed. */
    public boolean isClosed() {
        TcpEnd e = end;
        return closed || (e != null && e.closed);
    }

    @Override
    public String toString() {
        TcpEnd e = end;
        return e == null ? "SluiceSocket[unconnected]"
                : "SluiceSocket[" + e.tcb.localAddress() + ":" + e.tcb.localPort() + " > " + e.tcb.remoteAddress() + ":"
                        + e.tcb.remotePort() + "]";
    }

    private static final class In extends InputStream {
        private final SluiceSocket socket;

        In(SluiceSocket socket) {
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return socket.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int offset, int length) throws IOException {
            return socket.read(b, offset, length);
        }

        @Override
        public int available() throws IOException {
            return socket.available();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class Out extends OutputStream {
        private final SluiceSocket socket;

        Out(SluiceSocket socket) {
            this.socket = socket;
        }

        @Override
        public void write(int b) throws IOException {
            socket.write(new byte[]{(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int offset, int length) throws IOException {
            socket.write(b, offset, length);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

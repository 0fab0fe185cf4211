package sluice.sockets.internal.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.base.Time;
import sluice.core.Pollable;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/**
 * What stands behind a {@link java.net.Socket} or a {@link java.net.ServerSocket} on a host, with the states and words
 * of the JDK's own. Which of the two it is shows with the first {@code connect} or {@code listen}: a factory makes it
 * for both. Interrupts do not end calls of platform threads; those of virtual threads end with {@link
 * InterruptedIOException}, which {@code java.net} turns into a close.
 */
public final class StackSocketImpl extends SocketImpl {
    private static final int DEFAULT_BACKLOG = 50;

    private enum State {
        NEW, UNCONNECTED, CONNECTING, CONNECTED, LISTENING, CLOSED
    }

    private final Site site;
    private final boolean server;
    /** Held by whoever reads, connects or accepts. */
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final Object stateLock = new Object();
    private volatile State state = State.NEW;
    /** A connection, or one to be; null for a listener. */
    private @Nullable StreamEnd stream;
    private @Nullable StreamReader reader;
    private @Nullable StreamWriter writer;
    private @Nullable ListenEnd listener;
    private volatile int timeoutMs;
    private volatile boolean ended;

    /** Not created yet. */
    public StackSocketImpl(Site site, boolean server) {
        this.site = site;
        this.server = server;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // states

    private void ensureOpen() throws SocketException {
        if (state == State.NEW) {
            throw new SocketException("Socket not created");
        }
        if (state == State.CLOSED) {
            throw new SocketException("Socket closed");
        }
    }

    private StreamEnd connected() throws SocketException {
        State s = state;
        StreamEnd e = stream;
        if (s == State.CLOSED) {
            throw new SocketException("Socket closed");
        }
        if (s != State.CONNECTED || e == null) {
            throw new SocketException("Not connected");
        }
        return e;
    }

    private TcpEnd end() throws SocketException {
        ensureOpen();
        return server ? Objects.requireNonNull(listener) : Objects.requireNonNull(stream);
    }

    /** Where it is connected or bound to; null before. */
    @Nullable InetAddress address() {
        return address;
    }

    int port() {
        return port;
    }

    int localPort() {
        return localport;
    }

    private void adopt(StreamEnd e) {
        Lost.watch(this, e);
        stream = e;
        reader = new StreamReader(e, false);
        writer = new StreamWriter(e, false);
    }

    @Override
    protected void create(boolean isStream) throws IOException {
        if (!isStream) {
            throw new IOException("Datagram socket creation not supported");
        }
        synchronized (stateLock) {
            if (state != State.NEW) {
                throw new IOException("Already created");
            }
            if (server) {
                ListenEnd l = new ListenEnd(site);
                listener = l;
                Lost.watch(this, l);
            } else {
                adopt(new StreamEnd(site));
            }
            state = State.UNCONNECTED;
        }
    }

    private static SocketException socketException(IOException e) {
        if (e instanceof SocketException s) {
            return s;
        }
        SocketException s = new SocketException(e.getMessage());
        s.initCause(e);
        return s;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // connecting

    @Override
    protected void connect(String host, int toPort) throws IOException {
        connect(new InetSocketAddress(host, toPort), 0);
    }

    @Override
    protected void connect(InetAddress to, int toPort) throws IOException {
        connect(new InetSocketAddress(to, toPort), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        if (!(remote instanceof InetSocketAddress inet)) {
            throw new IOException("Unsupported address type");
        }
        if (inet.isUnresolved()) {
            throw new UnknownHostException(inet.getHostString());
        }
        InetSocketAddress to = InetAddresses.checkRemote(inet, StandardProtocolFamily.INET6);
        try {
            readLock.lock();
            try {
                connectLocked(to, millis > 0 ? millis * 1_000_000L : Time.NEVER);
            } finally {
                readLock.unlock();
            }
        } catch (SocketTimeoutException e) {
            close();
            throw e;
        } catch (InterruptedIOException e) {
            close();
            SocketException s = new SocketException("Closed by interrupt");
            s.initCause(e);
            throw s;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void connectLocked(InetSocketAddress to, long nanos) throws IOException {
        StreamEnd e;
        synchronized (stateLock) {
            state = switch (state) {
                case NEW -> throw new SocketException("Not created");
                case CONNECTING -> throw new SocketException("Connection in progress");
                case CONNECTED, LISTENING -> throw new SocketException("Already connected");
                case CLOSED -> throw new SocketException("Socket closed");
                case UNCONNECTED -> State.CONNECTING;
            };
            e = Objects.requireNonNull(stream);
            address = to.getAddress();
            port = to.getPort();
        }
        Inside.run(e, () -> {
            if (!e.closed) {
                e.startConnect(to);
            }
        });
        if (!e.awaitOpen(nanos, false)) {
            throw new SocketException("Socket closed");
        }
        synchronized (stateLock) {
            if (state == State.CONNECTING) {
                localport = e.localAddress().getPort();
                state = State.CONNECTED;
            }
        }
    }

    @Override
    protected void bind(InetAddress host, int toPort) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            if (localport != 0) {
                throw new SocketException("Already bound");
            }
            IpAddress local = host.isAnyLocalAddress() ? IpAddress.ANY_V6 : Addresses.of(host);
            TcpEnd e = end();
            localport = Inside.call(e, () -> e instanceof ListenEnd l ? l.bind(local, toPort)
                    : ((StreamEnd) e).bind(local, toPort)).getPort();
            address = host;
        }
    }

    @Override
    protected void listen(int backlog) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            if (localport == 0 || !(end() instanceof ListenEnd l)) {
                throw new SocketException("Not bound");
            }
            if (!l.isListening()) {
                Inside.run(l, () -> l.listen(backlog < 1 ? DEFAULT_BACKLOG : backlog));
                state = State.LISTENING;
            }
        }
    }

    @Override
    protected void accept(SocketImpl to) throws IOException {
        if (!(to instanceof StackSocketImpl accepted) || accepted.state != State.NEW) {
            throw new SocketException("Not a newly created SocketImpl");
        }
        readLock.lock();
        try {
            ListenEnd l;
            synchronized (stateLock) {
                ensureOpen();
                l = listener;
                if (l == null || state != State.LISTENING) {
                    throw new SocketException("Not listening");
                }
            }
            StreamEnd e = take(l);
            if (e == null) {
                throw new SocketException("Socket closed");
            }
            accepted.accepted(e);
        } finally {
            readLock.unlock();
        }
    }

    private @Nullable StreamEnd take(ListenEnd l) throws IOException {
        int t = timeoutMs;
        l.enter();
        try {
            long untilNs = l.deadline(t > 0 ? t * 1_000_000L : Time.NEVER);
            while (!l.closed) {
                StreamEnd e = l.accept();
                if (e != null) {
                    return e;
                }
                if (l.access.nowNs() >= untilNs) {
                    throw new SocketTimeoutException("Accept timed out");
                }
                if (!l.await(l.waiters.read, Pollable.READABLE, untilNs, false)) {
                    break;
                }
            }
            return null;
        } catch (ErrnoException e) {
            throw Failures.call(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(l.access, e);
        } finally {
            l.access.exit();
        }
    }

    private void accepted(StreamEnd e) {
        synchronized (stateLock) {
            adopt(e);
            localport = e.localAddress().getPort();
            address = e.remoteAddress().getAddress();
            port = e.remoteAddress().getPort();
            state = State.CONNECTED;
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // streams

    private int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) {
            return 0;
        }
        readLock.lock();
        try {
            if (ended) {
                return -1;
            }
            StreamEnd e = connected();
            int t = timeoutMs;
            int n = Objects.requireNonNull(reader).read(to, offset, length,
                    t > 0 ? t * 1_000_000L : Time.NEVER);
            if (n == ChannelEnd.UNAVAILABLE) {
                if (!e.inputShut) {
                    throw new SocketException("Socket closed");
                }
                n = -1;
            }
            ended |= n < 0;
            return n;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw socketException(e);
        } finally {
            readLock.unlock();
        }
    }

    private void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        writeLock.lock();
        try {
            for (int done = 0; done < length;) {
                connected();
                int n = Objects.requireNonNull(writer).write(from, offset + done, length - done);
                if (n == ChannelEnd.UNAVAILABLE) {
                    throw new SocketException(connected().outputShut ? "Broken pipe" : "Socket closed");
                }
                done += n;
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw socketException(e);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    protected InputStream getInputStream() {
        return Streams.input(this::read, this::available, this::close);
    }

    @Override
    protected OutputStream getOutputStream() {
        return Streams.output(this::write, this::close);
    }

    @Override
    protected int available() throws IOException {
        synchronized (stateLock) {
            StreamEnd e = connected();
            return Inside.call(e, () -> e.closed || e.inputShut ? 0 : e.available());
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        synchronized (stateLock) {
            StreamEnd e = connected();
            if (!e.inputShut) {
                Inside.run(e, e::shutdownInput);
            }
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        synchronized (stateLock) {
            StreamEnd e = connected();
            if (!e.outputShut) {
                Inside.run(e, e::shutdownOutput);
            }
        }
    }

    @Override
    protected boolean supportsUrgentData() {
        return true;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        writeLock.lock();
        try {
            StreamEnd e = connected();
            if (Inside.call(e, () -> e.writeUrgent((byte) data)) == 0) {
                throw new SocketException("No buffer space available");
            }
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    protected void close() throws IOException {
        StreamEnd s;
        ListenEnd l;
        synchronized (stateLock) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            s = stream;
            l = listener;
        }
        if (s != null) {
            s.finishWithUnreadData();
            s.close();
            s.linger();
        }
        if (l != null) {
            l.close();
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // options

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return server ? TcpOptions.LISTENING_SOCKET : TcpOptions.STREAM_SOCKET;
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        TcpOptions.check(name, supportedOptions(), value, true);
        synchronized (stateLock) {
            TcpEnd e = end();
            Inside.run(e, () -> TcpOptions.set(e, name, value));
        }
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        TcpOptions.check(name, supportedOptions(), null, false);
        synchronized (stateLock) {
            TcpEnd e = end();
            return Inside.call(e, () -> TcpOptions.get(e, name));
        }
    }

    @Override
    public void setOption(int name, Object value) throws SocketException {
        synchronized (stateLock) {
            ensureOpen();
            if (name == SO_TIMEOUT) {
                timeoutMs = NumberedOptions.timeout(value);
                return;
            }
            TcpEnd e = end();
            try {
                Inside.run(e, () -> NumberedOptions.set(e, name, value));
            } catch (IllegalArgumentException complaint) {
                throw Failures.ofSocket(new IOException(complaint.getMessage(), complaint));
            } catch (IOException failed) {
                throw socketException(failed);
            }
        }
    }

    @Override
    public Object getOption(int name) throws SocketException {
        synchronized (stateLock) {
            ensureOpen();
            if (name == SO_TIMEOUT) {
                return timeoutMs;
            }
            TcpEnd e = end();
            try {
                return Inside.call(e, () -> name == SO_BINDADDR ? localAddress(e) : NumberedOptions.get(e, name));
            } catch (IOException failed) {
                throw socketException(failed);
            }
        }
    }

    private InetAddress localAddress(TcpEnd e) {
        return e.tcb() != null ? ((StreamEnd) e).localAddress().getAddress()
                : address != null && localport != 0 ? address : Addresses.toInet(IpAddress.ANY_V4);
    }
}

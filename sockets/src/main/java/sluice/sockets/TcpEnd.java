package sluice.sockets;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.HostAccess;
import sluice.engine.ShardStoppedException;

/**
 * Our side of one connection.
 *
 * <p>One thread reads and one writes at a time; others wait for them. Bytes of arrays are copied straight from and to
 * the connection's rings inside the shard.
 */
final class TcpEnd extends End {
    private static final System.Logger LOG = System.getLogger(TcpEnd.class.getName());
    /**
     * Bytes copied in one stay inside the shard, so that others get in and segments leave while a long write goes on.
     */
    private static final int CHUNK = 256 * 1024;
    /** Between two looks at a lingering connection, should no event tell of its end. */
    private static final long LINGER_LOOK_NS = 50_000_000;
    /** Stands for a buffer when only the connection's condition is asked for. */
    private static final MemorySegment PROBE = Arena.global().allocate(8);

    final TcpSocket tcb;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    volatile int readTimeoutMs;
    volatile boolean inputShut;
    volatile boolean outputShut;
    /** A read was told of the reset: each later one is told again, as by the JDK, and never of an end of stream. */
    private boolean wasReset;

    /** Takes over {@code tcb}; inside the shard. */
    TcpEnd(HostAccess access, TcpSocket tcb) {
        super(access);
        this.tcb = tcb;
        tcb.addListener(waiters);
    }

    /** Waits until the connection is open. Inside the shard; on failure the connection is gone. */
    void awaitOpen(long untilNs) throws IOException {
        boolean open = false;
        try {
            while (!tcb.isEstablished()) {
                Errno error = tcb.takeError();
                if (error != null) {
                    throw Errors.connect(error);
                }
                if (tcb.state() == TcpState.CLOSED) {
                    throw closed ? Errors.closed() : Errors.connect(Errno.ECONNABORTED);
                }
                if (access.nowNs() >= untilNs) {
                    throw new SocketTimeoutException("Connect timed out");
                }
                block(waiters.write, Pollable.WRITABLE, untilNs);
                ensureOpen();
            }
            open = true;
        } finally {
            if (!open && !closed) {
                closed = true;
                tcb.abort(access.nowNs());
            }
        }
    }

    /**
     * Reads at least one byte into {@code b}; -1 at the end of the stream. (Arrays and memory have a copy statement
     * each: one that meets both is three times slower.)
     */
    int read(byte[] b, int offset, int length) throws IOException {
        return length == 0 ? 0 : oneAtATime(readLock, () -> {
            MemorySegment ring = awaitReadable();
            if (ring == null) {
                return -1;
            }
            int n = (int) Math.min(length, ring.byteSize());
            MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, 0, b, offset, n);
            tcb.consume(n, access.nowNs());
            return n;
        });
    }

    /** Reads at least one byte into {@code [offset, offset + length)} of {@code to}; -1 at the end of the stream. */
    int read(MemorySegment to, long offset, long length) throws IOException {
        return length == 0 ? 0 : oneAtATime(readLock, () -> {
            int done = 0;
            for (MemorySegment ring = awaitReadable(); ring != null; ring = tcb.readable()) {
                int n = (int) Math.min(length - done, ring.byteSize());
                MemorySegment.copy(ring, 0, to, offset + done, n);
                tcb.consume(n, access.nowNs());
                done += n;
                if (done == length) {
                    break;
                }
            }
            return done > 0 ? done : -1;
        });
    }

    private int oneAtATime(ReentrantLock lock, Count call) throws IOException {
        lock.lock();
        try {
            return count(call);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable MemorySegment awaitReadable() throws IOException {
        long untilNs = HostAccess.FOREVER;
        while (true) {
            ensureOpen();
            if (inputShut) {
                return null;
            }
            MemorySegment ring = tcb.readable();
            if (ring != null) {
                return ring;
            }
            // Nothing to read: is it the end, an error, or not yet?
            if (atEnd()) {
                return null;
            }
            if (untilNs == HostAccess.FOREVER) {
                untilNs = deadline(readTimeoutMs);
            } else if (access.nowNs() >= untilNs) {
                throw new SocketTimeoutException("Read timed out");
            }
            block(waiters.read, Pollable.READABLE, untilNs);
        }
    }

    private boolean atEnd() {
        if (wasReset) {
            throw new ErrnoException(Errno.ECONNRESET, "read");
        }
        try {
            return tcb.receive(PROBE, 0, 1, 0, access.nowNs()) < 0;
        } catch (ErrnoException e) {
            wasReset = e.errno() == Errno.ECONNRESET;
            throw e;
        }
    }

    /** Writes all of it, waiting for room. */
    void write(byte[] b, int offset, int length) throws IOException {
        writeAll(length,
                (ring, done, n) -> MemorySegment.copy(b, offset + (int) done, ring, ValueLayout.JAVA_BYTE, 0, n));
    }

    /** Writes all of it, waiting for room. */
    void write(MemorySegment from, long offset, long length) throws IOException {
        writeAll(length, (ring, done, n) -> MemorySegment.copy(from, offset + done, ring, 0, n));
    }

    /** Copies {@code n} bytes, those behind the first {@code done}, to the start of {@code ring}. */
    private interface Source {
        void copy(MemorySegment ring, long done, int n);
    }

    private void writeAll(long length, Source source) throws IOException {
        writeLock.lock();
        try {
            for (long done = 0; done < length;) {
                long from = done;
                int want = (int) Math.min(length - done, CHUNK);
                done += count(() -> writeChunk(source, from, want));
            }
        } finally {
            writeLock.unlock();
        }
    }

    private int writeChunk(Source source, long from, int want) throws IOException {
        int done = 0;
        for (MemorySegment ring = awaitWritable(want); ring != null; ring = done < want ? tcb.writable(want - done)
                : null) {
            int n = (int) Math.min(want - done, ring.byteSize());
            source.copy(ring, from + done, n);
            tcb.commit(n, 0, access.nowNs());
            done += n;
        }
        return done;
    }

    private MemorySegment awaitWritable(int wanted) throws IOException {
        while (true) {
            ensureOpen();
            if (outputShut) {
                throw new SocketException("Socket output is shutdown");
            }
            MemorySegment ring = tcb.writable(wanted);
            if (ring != null) {
                return ring;
            }
            if (!tcb.maySend() || (tcb.readiness() & Pollable.ERROR) != 0) {
                tcb.send(PROBE, 0, 1, 0, access.nowNs()); // throws, and says why
            }
            block(waiters.write, Pollable.WRITABLE, HostAccess.FOREVER);
        }
    }

    int available() throws IOException {
        return count(() -> closed || inputShut ? 0 : tcb.available());
    }

    void shutdownOutput() throws IOException {
        whileOpen(() -> {
            outputShut = true;
            tcb.shutdownWrite(access.nowNs());
            access.wake(waiters.write);
        });
    }

    void shutdownInput() throws IOException {
        whileOpen(() -> {
            inputShut = true;
            tcb.shutdownRead(access.nowNs());
            access.wake(waiters.read);
        });
    }

    void configure(Consumer<SocketOptions> change) throws IOException {
        whileOpen(() -> tcb.change(change, access.nowNs()));
    }

    /** Closes; with linger, waits for the peer. Idempotent. */
    void close() throws IOException {
        finishWithUnreadData();
        if (!enterToClose()) {
            return;
        }
        try {
            int lingerSeconds = closed ? 0 : tcb.options().lingerSeconds;
            closeInside();
            if (lingerSeconds > 0) {
                linger(lingerSeconds);
            }
        } finally {
            access.exit();
        }
    }

    /**
     * Closing with data that nobody has read resets the connection (RFC 2525 section 2.17). The JDK shuts its output
     * before it closes, unless SO_LINGER is 0, so that the peer has the end of the stream first; so do we, and leave
     * the shard between the two for the FIN to go.
     */
    private void finishWithUnreadData() {
        if (!enterToClose()) {
            return;
        }
        try {
            if (!closed && tcb.available() > 0 && tcb.options().lingerSeconds != 0 && tcb.state().maySend()) {
                outputShut = true;
                tcb.shutdownWrite(access.nowNs());
            }
        } catch (ErrnoException e) {
            LOG.log(Level.DEBUG, "close of a connection that was gone", e);
        } finally {
            access.exit();
        }
    }

    /** Resets the connection. */
    void abort() {
        if (!enterToClose()) {
            return;
        }
        try {
            if (!closed) {
                tcb.abort(access.nowNs());
                ended();
            }
        } finally {
            access.exit();
        }
    }

    @Override
    void end() {
        try {
            tcb.close(access.nowNs());
        } catch (ErrnoException e) {
            LOG.log(Level.DEBUG, "close of a connection that was gone", e);
        }
    }

    private void linger(int seconds) throws IOException {
        long untilNs = access.nowNs() + seconds * 1_000_000_000L;
        while (isSending()) {
            if (access.nowNs() >= untilNs) {
                tcb.abort(access.nowNs());
                return;
            }
            try {
                access.block(waiters.close, 0, Math.min(untilNs, access.nowNs() + LINGER_LOOK_NS));
            } catch (ShardStoppedException e) {
                return;
            }
            if (Thread.currentThread().isVirtual() && Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while closing");
            }
        }
    }

    private boolean isSending() {
        return switch (tcb.state()) {
            case ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT, CLOSING, LAST_ACK -> true;
            default -> false;
        };
    }

    /** The cleaner's call: the program lost the socket without closing it. */
    @Override
    public void run() {
        if (enterToClose()) {
            LOG.log(Level.WARNING,
                    () -> "a socket was lost without being closed: " + tcb.localAddress() + ":" + tcb.localPort()
                            + " to " + tcb.remoteAddress()
                            + ":" + tcb.remotePort());
            try {
                closeInside();
            } finally {
                access.exit();
            }
        }
    }
}

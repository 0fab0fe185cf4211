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
import sluice.core.tcp.SocketOptions;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpState;
import sluice.engine.Shard;
import sluice.engine.ShardStoppedException;
import sluice.engine.Waiters;

/**
 * Our side of one connection, without the {@link SluiceSocket} in front of it: what is left to close when a program forgot the socket.
 *
 * <p>One thread reads and one writes at a time; others wait for them. Bytes of arrays are copied straight from and to the connection's rings inside the shard.
 */
final class TcpEnd implements Runnable {
    private static final System.Logger LOG = System.getLogger(TcpEnd.class.getName());
    /** Bytes copied in one stay inside the shard, so that others get in and segments leave while a long write goes on. */
    private static final int CHUNK = 256 * 1024;
    /** Between two looks at a lingering connection, should no event tell of its end. */
    private static final long LINGER_LOOK_NS = 50_000_000;
    /** Stands for a buffer when only the connection's condition is asked for. */
    private static final MemorySegment PROBE = Arena.global().allocate(8);

    final Shard shard;
    final Tcb tcb;
    private final Waiters waiters = new Waiters();
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    volatile int readTimeoutMs;
    /** Written inside the shard. */
    volatile boolean closed;
    volatile boolean inputShut;
    volatile boolean outputShut;

    /** Takes over {@code tcb}; inside the shard. */
    TcpEnd(Shard shard, Tcb tcb) {
        this.shard = shard;
        this.tcb = tcb;
        tcb.attachment = waiters;
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
                if (shard.nowNs() >= untilNs) {
                    throw new SocketTimeoutException("Connect timed out");
                }
                block(Direction.WRITE, untilNs);
                if (closed) {
                    throw Errors.closed();
                }
            }
            open = true;
        } finally {
            if (!open && !closed) {
                closed = true;
                tcb.abort(shard.nowNs());
            }
        }
    }

    /** Reads at least one byte into {@code b}; -1 at the end of the stream. */
    int read(byte[] b, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        readLock.lock();
        try {
            enter();
            try {
                MemorySegment ring = awaitReadable();
                if (ring == null) {
                    return -1;
                }
                int n = (int) Math.min(length, ring.byteSize());
                MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, 0, b, offset, n);
                tcb.consume(n, shard.nowNs());
                return n;
            } catch (ErrnoException e) {
                throw Errors.io(e);
            } catch (RuntimeException e) {
                throw Errors.unexpected(shard, e);
            } finally {
                shard.exit();
            }
        } finally {
            readLock.unlock();
        }
    }

    /** Reads at least one byte into {@code [offset, offset + length)} of {@code to}; -1 at the end of the stream. */
    int read(MemorySegment to, long offset, long length) throws IOException {
        if (length == 0) {
            return 0;
        }
        readLock.lock();
        try {
            enter();
            try {
                int done = 0;
                while (true) {
                    MemorySegment ring = done == 0 ? awaitReadable() : tcb.readable();
                    if (ring == null) {
                        return done > 0 ? done : -1;
                    }
                    int n = (int) Math.min(length - done, ring.byteSize());
                    MemorySegment.copy(ring, 0, to, offset + done, n);
                    tcb.consume(n, shard.nowNs());
                    done += n;
                    if (done == length) {
                        return done;
                    }
                }
            } catch (ErrnoException e) {
                throw Errors.io(e);
            } catch (RuntimeException e) {
                throw Errors.unexpected(shard, e);
            } finally {
                shard.exit();
            }
        } finally {
            readLock.unlock();
        }
    }

    private @Nullable MemorySegment awaitReadable() throws IOException {
        long untilNs = Shard.FOREVER;
        while (true) {
            if (closed) {
                throw Errors.closed();
            }
            if (inputShut) {
                return null;
            }
            MemorySegment ring = tcb.readable();
            if (ring != null) {
                return ring;
            }
            // Nothing to read: is it the end, an error, or not yet?
            if (tcb.receive(PROBE, 0, 1, 0, shard.nowNs()) < 0) {
                return null;
            }
            if (untilNs == Shard.FOREVER && readTimeoutMs > 0) {
                untilNs = shard.nowNs() + readTimeoutMs * 1_000_000L;
            } else if (shard.nowNs() >= untilNs) {
                throw new SocketTimeoutException("Read timed out");
            }
            block(Direction.READ, untilNs);
        }
    }

    /** Writes all of it, waiting for room. (Arrays and memory have a copy statement each: one that meets both is three times slower.) */
    void write(byte[] b, int offset, int length) throws IOException {
        writeLock.lock();
        try {
            int done = 0;
            while (done < length) {
                enter();
                try {
                    int want = Math.min(length - done, CHUNK);
                    MemorySegment ring = awaitWritable(want);
                    while (ring != null) {
                        int n = (int) Math.min(want, ring.byteSize());
                        MemorySegment.copy(b, offset + done, ring, ValueLayout.JAVA_BYTE, 0, n);
                        tcb.commit(n, 0, shard.nowNs());
                        done += n;
                        want -= n;
                        ring = want > 0 ? tcb.writable(want) : null;
                    }
                } catch (ErrnoException e) {
                    throw Errors.io(e);
                } catch (RuntimeException e) {
                    throw Errors.unexpected(shard, e);
                } finally {
                    shard.exit();
                }
            }
        } finally {
            writeLock.unlock();
        }
    }

    /** Writes all of it, waiting for room. */
    void write(MemorySegment from, long offset, long length) throws IOException {
        writeLock.lock();
        try {
            long done = 0;
            while (done < length) {
                enter();
                try {
                    int want = (int) Math.min(length - done, CHUNK);
                    MemorySegment ring = awaitWritable(want);
                    while (ring != null) {
                        int n = (int) Math.min(want, ring.byteSize());
                        MemorySegment.copy(from, offset + done, ring, 0, n);
                        tcb.commit(n, 0, shard.nowNs());
                        done += n;
                        want -= n;
                        ring = want > 0 ? tcb.writable(want) : null;
                    }
                } catch (ErrnoException e) {
                    throw Errors.io(e);
                } catch (RuntimeException e) {
                    throw Errors.unexpected(shard, e);
                } finally {
                    shard.exit();
                }
            }
        } finally {
            writeLock.unlock();
        }
    }

    private MemorySegment awaitWritable(int wanted) throws IOException {
        while (true) {
            if (closed) {
                throw Errors.closed();
            }
            if (outputShut) {
                throw new SocketException("Socket output is shutdown");
            }
            MemorySegment ring = tcb.writable(wanted);
            if (ring != null) {
                return ring;
            }
            if (!tcb.maySend() || (tcb.readiness() & Pollable.ERROR) != 0) {
                tcb.send(PROBE, 0, 1, 0, shard.nowNs()); // throws, and says why
            }
            block(Direction.WRITE, Shard.FOREVER);
        }
    }

    private enum Direction {
        READ, WRITE
    }

    private void block(Direction direction, long untilNs) throws IOException {
        try {
            if (direction == Direction.READ) {
                shard.block(waiters.read, Pollable.READABLE, untilNs);
            } else {
                shard.block(waiters.write, Pollable.WRITABLE, untilNs);
            }
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
        Thread me = Thread.currentThread();
        if (me.isVirtual() && me.isInterrupted() && !closed) {
            closeInside();
            throw new SocketException("Closed by interrupt");
        }
    }

    private void enter() throws SocketException {
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            throw Errors.stopped(e);
        }
    }

    int available() throws IOException {
        enter();
        try {
            return closed || inputShut ? 0 : tcb.available();
        } finally {
            shard.exit();
        }
    }

    void shutdownOutput() throws IOException {
        enter();
        try {
            ensureOpen();
            outputShut = true;
            tcb.shutdownWrite(shard.nowNs());
            shard.wake(waiters.write);
        } catch (ErrnoException e) {
            throw Errors.io(e);
        } finally {
            shard.exit();
        }
    }

    void shutdownInput() throws IOException {
        enter();
        try {
            ensureOpen();
            inputShut = true;
            tcb.shutdownRead(shard.nowNs());
            shard.wake(waiters.read);
        } catch (ErrnoException e) {
            throw Errors.io(e);
        } finally {
            shard.exit();
        }
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw Errors.closed();
        }
    }

    void configure(Consumer<SocketOptions> change) throws IOException {
        enter();
        try {
            ensureOpen();
            change.accept(tcb.options());
            tcb.optionsChanged(shard.nowNs());
        } catch (ErrnoException e) {
            throw Errors.io(e);
        } finally {
            shard.exit();
        }
    }

    /** Closes; with linger, waits for the peer. Idempotent. */
    void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            closed = true; // the stack has ended the connection already
            return;
        }
        try {
            int lingerSeconds = closed ? 0 : tcb.options().lingerSeconds;
            closeInside();
            if (lingerSeconds > 0) {
                linger(lingerSeconds);
            }
        } finally {
            shard.exit();
        }
    }

    /** Resets the connection. */
    void abort() {
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            closed = true;
            return;
        }
        try {
            if (!closed) {
                closed = true;
                tcb.abort(shard.nowNs());
                wakeAll();
            }
        } finally {
            shard.exit();
        }
    }

    private void closeInside() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            tcb.close(shard.nowNs());
        } catch (ErrnoException e) {
            LOG.log(Level.DEBUG, "close of a connection that was gone", e);
        }
        wakeAll();
    }

    private void wakeAll() {
        shard.wake(waiters.read);
        shard.wake(waiters.write);
    }

    private void linger(int seconds) throws IOException {
        long untilNs = shard.nowNs() + seconds * 1_000_000_000L;
        while (isSending()) {
            if (shard.nowNs() >= untilNs) {
                tcb.abort(shard.nowNs());
                return;
            }
            try {
                shard.block(waiters.close, 0, Math.min(untilNs, shard.nowNs() + LINGER_LOOK_NS));
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
        if (closed) {
            return;
        }
        try {
            shard.enter();
        } catch (ShardStoppedException e) {
            return; // the whole stack has ended, and this connection with it
        }
        LOG.log(Level.WARNING,
                () -> "a socket was lost without being closed: " + tcb.localAddress() + ":" + tcb.localPort() + " to " + tcb.remoteAddress() + ":"
                        + tcb.remotePort());
        try {
            closeInside();
        } finally {
            shard.exit();
        }
    }
}

package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Time;
import sluice.core.Pollable;

/**
 * Reading calls on a stream: into the host, as much as there is, and waiting. From outside, by one thread at a time.
 *
 * <p>They return the number of bytes, {@link ChannelEnd#EOF}, or {@link ChannelEnd#UNAVAILABLE} when nothing is there:
 * for a call that waits, because a close or an interrupt ended the wait.
 */
final class StreamReader {
    /** Buffers of one call that are looked at (IOV_MAX). */
    static final int MAX_BUFFERS = 1024;

    private final StreamEnd end;
    private final boolean interruptible;
    /** The peer reset the connection, which every later call says again. */
    private boolean reset;

    StreamReader(StreamEnd end, boolean interruptible) {
        this.end = end;
        this.interruptible = interruptible;
    }

    int read(ByteBuffer to, boolean wait) throws IOException {
        SocketEvents.Call event = SocketEvents.read();
        int n = implRead(to, wait);
        SocketEvents.end(event, n, end);
        return n;
    }

    private int implRead(ByteBuffer to, boolean wait) throws IOException {
        if (isOver()) {
            return ChannelEnd.EOF;
        }
        checkWritable(to);
        if (!to.hasRemaining()) {
            return 0;
        }
        end.enter();
        try {
            long untilNs = wait ? patience() : 0;
            while (!end.closed) {
                int n = end.read(to);
                if (n != ChannelEnd.UNAVAILABLE || !wait || !awaitData(untilNs)) {
                    return n;
                }
            }
            return ChannelEnd.UNAVAILABLE;
        } catch (ErrnoException e) {
            throw failure(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(end.access, e);
        } finally {
            end.access.exit();
        }
    }

    long read(ByteBuffer[] to, int offset, int length, boolean wait) throws IOException {
        SocketEvents.Call event = SocketEvents.read();
        long n = implRead(to, offset, length, wait);
        SocketEvents.end(event, n, end);
        return n;
    }

    private long implRead(ByteBuffer[] to, int offset, int length, boolean wait) throws IOException {
        if (isOver()) {
            return ChannelEnd.EOF;
        }
        int stop = offset + Math.min(length, MAX_BUFFERS);
        boolean room = false;
        for (int i = offset; i < stop; i++) {
            checkWritable(to[i]);
            room |= to[i].hasRemaining();
        }
        if (!room) {
            return 0;
        }
        end.enter();
        try {
            long untilNs = wait ? patience() : 0;
            while (!end.closed) {
                long n = fill(to, offset, stop);
                if (n != ChannelEnd.UNAVAILABLE || !wait || !awaitData(untilNs)) {
                    return n;
                }
            }
            return ChannelEnd.UNAVAILABLE;
        } catch (ErrnoException e) {
            throw failure(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(end.access, e);
        } finally {
            end.access.exit();
        }
    }

    /** Into an array, of which {@code length} is not 0; {@code nanos} is the longest wait. */
    int read(byte[] to, int offset, int length, long nanos) throws IOException {
        SocketEvents.Call event = SocketEvents.read();
        int n = implRead(to, offset, length, nanos);
        SocketEvents.end(event, n, end);
        return n;
    }

    private int implRead(byte[] to, int offset, int length, long nanos) throws IOException {
        if (isOver()) {
            return ChannelEnd.EOF;
        }
        end.enter();
        try {
            long untilNs = end.deadline(nanos);
            while (!end.closed) {
                int n = end.read(to, offset, length);
                if (n != ChannelEnd.UNAVAILABLE) {
                    return n;
                }
                if (!awaitData(untilNs)) {
                    break;
                }
            }
            return ChannelEnd.UNAVAILABLE;
        } catch (ErrnoException e) {
            throw failure(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(end.access, e);
        } finally {
            end.access.exit();
        }
    }

    private long fill(ByteBuffer[] to, int offset, int stop) {
        long done = 0;
        for (int i = offset; i < stop; i++) {
            if (!to[i].hasRemaining()) {
                continue;
            }
            if (done > 0 && end.available() == 0) {
                break; // an end or an error is the next call's
            }
            int n = end.read(to[i]);
            if (n < 0) {
                return done > 0 ? done : n;
            }
            done += n;
            if (to[i].hasRemaining()) {
                break;
            }
        }
        return done;
    }

    /** Whether input is shut, or says that the connection was reset. */
    private boolean isOver() throws SocketException {
        if (reset) {
            throw new SocketException("Connection reset");
        }
        return end.inputShut;
    }

    private static void checkWritable(ByteBuffer to) {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    /** When a wait that begins now ends by SO_RCVTIMEO. */
    private long patience() {
        int ms = end.receiveTimeoutMs;
        return ms > 0 ? end.deadline(ms * 1_000_000L) : Time.NEVER;
    }

    private boolean awaitData(long untilNs) throws IOException {
        if (end.access.nowNs() >= untilNs) {
            throw new SocketTimeoutException("Read timed out");
        }
        return end.await(end.waiters.read, Pollable.READABLE, untilNs, interruptible) && !end.inputShut;
    }

    private IOException failure(ErrnoException e) {
        if (e.errno() != Errno.ECONNRESET) {
            return Failures.transfer(e);
        }
        reset = true;
        SocketException s = new SocketException("Connection reset");
        s.initCause(e);
        return s;
    }
}

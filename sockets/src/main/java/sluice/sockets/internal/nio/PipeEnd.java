package sluice.sockets.internal.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Time;
import sluice.core.Pollable;
import sluice.engine.Waiter;

/**
 * One end of a pipe, which is a buffer inside the host: so its channels go into the selectors of the host and wait as
 * its sockets do. Sizes are those of Linux's pipes. Inside the host, except where a method says otherwise.
 */
final class PipeEnd extends ChannelEnd {
    private static final int CAPACITY = 65_536;
    /** PIPE_BUF: what is not longer is written in one piece or not at all, and there is room for it when writable. */
    private static final int ATOMIC = 4_096;

    private final boolean reads;
    /** From position to limit is what can be read. Of the reading end. */
    private final ByteBuffer bytes;
    private @Nullable PipeEnd other;

    private PipeEnd(Site site, boolean reads, ByteBuffer bytes) {
        super(site);
        this.reads = reads;
        this.bytes = bytes;
    }

    /** A pipe's reading end; {@link #other} is its writing end. From outside. */
    static PipeEnd pair(Site site) {
        ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).limit(0);
        PipeEnd source = new PipeEnd(site, true, bytes);
        PipeEnd sink = new PipeEnd(site, false, bytes);
        source.other = sink;
        sink.other = source;
        return source;
    }

    /** The other end. From anywhere. */
    PipeEnd other() {
        PipeEnd o = other;
        if (o == null) {
            throw new IllegalStateException("half a pipe");
        }
        return o;
    }

    private int room() {
        return CAPACITY - bytes.remaining();
    }

    @Override
    int poll() {
        if (closed) {
            return 0;
        }
        boolean alone = other().closed;
        if (reads) {
            return (bytes.hasRemaining() ? Pollable.READABLE : 0) | (alone ? Pollable.HANGUP : 0);
        }
        return (room() >= ATOMIC ? Pollable.WRITABLE : 0) | (alone ? Pollable.ERROR : 0);
    }

    @Override
    void release() {
        tell(other());
    }

    /** Something changed for {@code end}. */
    private void tell(PipeEnd end) {
        access.wake(end.reads ? end.waiters.read : end.waiters.write);
        end.changed();
    }

    /** A transfer between the pipe and a program's buffers. */
    interface Transfer {
        long run() throws IOException;
    }

    /** Transfers, waiting until that moves something; {@link #UNAVAILABLE} when it did not. From outside. */
    long run(boolean wait, Transfer transfer) throws IOException {
        Waiter waiter = reads ? waiters.read : waiters.write;
        enter();
        try {
            while (!closed) {
                long n = transfer.run();
                if (n != UNAVAILABLE || !wait || !await(waiter, 0, Time.NEVER, true)) {
                    return n;
                }
            }
            return UNAVAILABLE;
        } catch (ErrnoException e) {
            throw Failures.transfer(e);
        } finally {
            access.exit();
        }
    }

    /** Takes what fits into the buffers. */
    long read(ByteBuffer[] to, int offset, int stop) {
        long done = 0;
        for (int i = offset; i < stop; i++) {
            int n = Math.min(to[i].remaining(), bytes.remaining());
            to[i].put(to[i].position(), bytes, bytes.position(), n);
            to[i].position(to[i].position() + n);
            bytes.position(bytes.position() + n);
            done += n;
        }
        if (done > 0) {
            tell(other());
            return done;
        }
        return other().closed ? EOF : UNAVAILABLE;
    }

    /** Puts in what there is room for. */
    long write(ByteBuffer[] from, int offset, int stop) {
        if (other().closed) {
            throw new ErrnoException(Errno.EPIPE, "write to a pipe");
        }
        long length = 0;
        for (int i = offset; i < stop; i++) {
            length += from[i].remaining();
        }
        if (room() == 0 || length <= ATOMIC && room() < length) {
            return UNAVAILABLE;
        }
        bytes.compact();
        long done = 0;
        for (int i = offset; i < stop; i++) {
            int n = Math.min(from[i].remaining(), bytes.remaining());
            bytes.put(bytes.position(), from[i], from[i].position(), n);
            bytes.position(bytes.position() + n);
            from[i].position(from[i].position() + n);
            done += n;
        }
        bytes.flip();
        tell(other());
        return done;
    }
}

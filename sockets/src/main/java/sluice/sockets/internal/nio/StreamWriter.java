package sluice.sockets.internal.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import sluice.base.ErrnoException;
import sluice.base.Time;
import sluice.core.Pollable;

/**
 * Writing calls on a stream: into the host, as much as there is room for, and waiting for more. From outside, by one
 * thread at a time.
 *
 * <p>A call that waits returns when all is written. When the stream ends or a close or an interrupt comes meanwhile, it
 * returns the number of bytes so far, as write(2) does, and the next call says why; {@link ChannelEnd#UNAVAILABLE} when
 * there were none, as for a call that does not wait.
 */
final class StreamWriter {
    private final StreamEnd end;
    private final boolean interruptible;

    StreamWriter(StreamEnd end, boolean interruptible) {
        this.end = end;
        this.interruptible = interruptible;
    }

    int write(ByteBuffer from, boolean wait) throws IOException {
        SocketEvents.Call event = SocketEvents.write();
        int n = implWrite(from, wait);
        SocketEvents.end(event, n, end);
        return n;
    }

    private int implWrite(ByteBuffer from, boolean wait) throws IOException {
        int length = from.remaining();
        if (length == 0) {
            return 0;
        }
        int before = from.position();
        boolean going = true;
        while (going && from.hasRemaining()) {
            end.enter();
            try {
                going = step(from, from.position() > before, wait);
            } catch (ErrnoException e) {
                throw Failures.transfer(e);
            } catch (RuntimeException e) {
                throw Failures.unexpected(end.access, e);
            } finally {
                end.access.exit();
            }
        }
        int n = from.position() - before;
        return n == 0 ? ChannelEnd.UNAVAILABLE : n;
    }

    /** One stay inside; false when the call is over. */
    private boolean step(ByteBuffer from, boolean some, boolean wait) throws IOException {
        if (end.closed || some && end.hasNews()) {
            return false;
        }
        return end.write(from, false) != ChannelEnd.UNAVAILABLE || wait && awaitRoom();
    }

    long write(ByteBuffer[] from, int offset, int length, boolean wait) throws IOException {
        SocketEvents.Call event = SocketEvents.write();
        long n = implWrite(from, offset, length, wait);
        SocketEvents.end(event, n, end);
        return n;
    }

    private long implWrite(ByteBuffer[] from, int offset, int length, boolean wait) throws IOException {
        int stop = offset + Math.min(length, StreamReader.MAX_BUFFERS);
        int last = stop - 1;
        while (last >= offset && !from[last].hasRemaining()) {
            last--;
        }
        if (last < offset) {
            return 0;
        }
        long done = 0;
        for (int i = offset; i <= last;) {
            end.enter();
            try {
                if (end.closed || done > 0 && end.hasNews()) {
                    break;
                }
                long n = gather(from, i, last);
                done += n;
                while (i <= last && !from[i].hasRemaining()) {
                    i++;
                }
                if (i <= last && n < StreamEnd.CHUNK && !(wait && awaitRoom())) {
                    break;
                }
            } catch (ErrnoException e) {
                throw Failures.transfer(e);
            } catch (RuntimeException e) {
                throw Failures.unexpected(end.access, e);
            } finally {
                end.access.exit();
            }
        }
        return done == 0 ? ChannelEnd.UNAVAILABLE : done;
    }

    /** About a chunk of the buffers, as far as there is room. */
    private long gather(ByteBuffer[] from, int first, int last) {
        long done = 0;
        for (int i = first; i <= last && done < StreamEnd.CHUNK; i++) {
            if (from[i].hasRemaining()) {
                int n = end.write(from[i], i < last);
                done += Math.max(n, 0);
                if (from[i].hasRemaining()) {
                    break;
                }
            }
        }
        return done;
    }

    /** Of an array; {@code length} is not 0. */
    int write(byte[] from, int offset, int length) throws IOException {
        SocketEvents.Call event = SocketEvents.write();
        int n = implWrite(from, offset, length);
        SocketEvents.end(event, n, end);
        return n;
    }

    private int implWrite(byte[] from, int offset, int length) throws IOException {
        int done = 0;
        boolean going = true;
        while (going && done < length) {
            end.enter();
            try {
                going = !end.closed && !(done > 0 && end.hasNews());
                if (going) {
                    int n = end.write(from, offset + done, Math.min(length - done, StreamEnd.CHUNK), false);
                    done += n;
                    going = n > 0 || awaitRoom();
                }
            } catch (ErrnoException e) {
                throw Failures.transfer(e);
            } catch (RuntimeException e) {
                throw Failures.unexpected(end.access, e);
            } finally {
                end.access.exit();
            }
        }
        return done == 0 ? ChannelEnd.UNAVAILABLE : done;
    }

    private boolean awaitRoom() throws IOException {
        return end.await(end.waiters.write, Pollable.WRITABLE, Time.NEVER, interruptible) && !end.outputShut;
    }
}

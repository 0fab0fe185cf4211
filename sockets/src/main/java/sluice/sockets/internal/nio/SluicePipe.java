package sluice.sockets.internal.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import sluice.core.Pollable;

/** A pipe whose channels go into the selectors of a host. */
final class SluicePipe extends Pipe {
    private final Source source;
    private final Sink sink;

    SluicePipe(SelectorProvider provider, Site site) {
        PipeEnd end = PipeEnd.pair(site);
        source = new Source(provider, end);
        sink = new Sink(provider, end.other());
    }

    @Override
    public SourceChannel source() {
        return source;
    }

    @Override
    public SinkChannel sink() {
        return sink;
    }

    private static void ensureOpen(boolean open) throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    private static final class Source extends SourceChannel implements SelectableEnd {
        private final PipeEnd end;
        private final ReentrantLock lock = new ReentrantLock();

        Source(SelectorProvider provider, PipeEnd end) {
            super(provider);
            this.end = end;
        }

        @Override
        public PipeEnd end() {
            return end;
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            return (int) read(new ByteBuffer[]{Objects.requireNonNull(to)}, 0, 1);
        }

        @Override
        public long read(ByteBuffer[] to) throws IOException {
            return read(to, 0, to.length);
        }

        @Override
        public long read(ByteBuffer[] to, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, to.length);
            int stop = offset + Math.min(length, StreamReader.MAX_BUFFERS);
            lock.lock();
            try {
                ensureOpen(isOpen());
                boolean blocking = isBlocking();
                long n = ChannelEnd.UNAVAILABLE;
                try {
                    if (blocking) {
                        begin();
                        ensureOpen(isOpen());
                    }
                    n = room(to, offset, stop) ? end.run(blocking, () -> end.read(to, offset, stop)) : 0;
                } finally {
                    end(blocking, n > 0);
                }
                return n == ChannelEnd.UNAVAILABLE ? 0 : n;
            } finally {
                lock.unlock();
            }
        }

        private static boolean room(ByteBuffer[] to, int offset, int stop) {
            boolean room = false;
            for (int i = offset; i < stop; i++) {
                if (to[i].isReadOnly()) {
                    throw new IllegalArgumentException("Read-only buffer");
                }
                room |= to[i].hasRemaining();
            }
            return room;
        }

        private void end(boolean blocking, boolean completed) throws AsynchronousCloseException {
            if (blocking) {
                end(completed);
            }
        }

        @Override
        public int readyOps(int bits, int interest) {
            return (bits & (Pollable.READABLE | ChannelEnd.EXCEPTIONAL)) != 0 ? interest & SelectionKey.OP_READ : 0;
        }

        @Override
        protected void implCloseSelectableChannel() {
            end.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            lock.lock(); // waits for those who block
            try {
                ensureOpen(isOpen());
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class Sink extends SinkChannel implements SelectableEnd {
        private final PipeEnd end;
        private final ReentrantLock lock = new ReentrantLock();

        Sink(SelectorProvider provider, PipeEnd end) {
            super(provider);
            this.end = end;
        }

        @Override
        public PipeEnd end() {
            return end;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return (int) write(new ByteBuffer[]{Objects.requireNonNull(from)}, 0, 1);
        }

        @Override
        public long write(ByteBuffer[] from) throws IOException {
            return write(from, 0, from.length);
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, from.length);
            int stop = offset + Math.min(length, StreamReader.MAX_BUFFERS);
            lock.lock();
            try {
                ensureOpen(isOpen());
                boolean blocking = isBlocking();
                long done = 0;
                try {
                    if (blocking) {
                        begin();
                        ensureOpen(isOpen());
                    }
                    done = writeAll(from, offset, stop, blocking);
                } finally {
                    end(blocking, done > 0);
                }
                return done;
            } finally {
                lock.unlock();
            }
        }

        private long writeAll(ByteBuffer[] from, int offset, int stop, boolean blocking) throws IOException {
            long done = 0;
            while (remaining(from, offset, stop) && isOpen()) {
                long n = end.run(blocking, () -> end.write(from, offset, stop));
                if (n == ChannelEnd.UNAVAILABLE) {
                    break;
                }
                done += n;
                if (!blocking) {
                    break;
                }
            }
            return done;
        }

        private static boolean remaining(ByteBuffer[] from, int offset, int stop) {
            for (int i = offset; i < stop; i++) {
                if (from[i].hasRemaining()) {
                    return true;
                }
            }
            return false;
        }

        private void end(boolean blocking, boolean completed) throws AsynchronousCloseException {
            if (blocking) {
                end(completed);
            }
        }

        @Override
        public int readyOps(int bits, int interest) {
            return (bits & (Pollable.WRITABLE | ChannelEnd.EXCEPTIONAL)) != 0 ? interest & SelectionKey.OP_WRITE : 0;
        }

        @Override
        protected void implCloseSelectableChannel() {
            end.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            lock.lock(); // waits for those who block
            try {
                ensureOpen(isOpen());
            } finally {
                lock.unlock();
            }
        }
    }
}

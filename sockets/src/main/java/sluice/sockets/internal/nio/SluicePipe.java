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

    /** A channel of a pipe, as {@link Turns} sees it. */
    private interface Half extends SelectableEnd {
        boolean isBlocking();

        void beginBlocked();

        void endBlocked(boolean completed) throws AsynchronousCloseException;
    }

    /** A transfer of a channel that waits or does not: a number of bytes, or what {@link ChannelEnd} says. */
    private interface Transfer {
        long run(boolean blocking) throws IOException;
    }

    /** One transfer of a channel at a time. */
    private static final class Turns {
        private final ReentrantLock lock = new ReentrantLock();
        private final Half half;

        Turns(Half half) {
            this.half = half;
        }

        private void ensureOpen() throws ClosedChannelException {
            if (!half.isOpen()) {
                throw new ClosedChannelException();
            }
        }

        /** What was moved, 0 for nothing. */
        long take(Transfer transfer) throws IOException {
            lock.lock();
            try {
                ensureOpen();
                boolean blocking = half.isBlocking();
                long n = ChannelEnd.UNAVAILABLE;
                try {
                    if (blocking) {
                        half.beginBlocked();
                        ensureOpen();
                    }
                    n = transfer.run(blocking);
                } finally {
                    if (blocking) {
                        half.endBlocked(n > 0);
                    }
                }
                return n == ChannelEnd.UNAVAILABLE ? 0 : n;
            } finally {
                lock.unlock();
            }
        }

        /** Waits for whoever is blocked. */
        void await() throws IOException {
            lock.lock();
            try {
                ensureOpen();
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class Source extends SourceChannel implements Half {
        private final PipeEnd end;
        private final Turns turns = new Turns(this);

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
            return turns.take(blocking -> room(to, offset, stop)
                    ? end.run(blocking, () -> end.read(to, offset, stop)) : 0);
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

        @Override
        public void beginBlocked() {
            begin();
        }

        @Override
        public void endBlocked(boolean completed) throws AsynchronousCloseException {
            end(completed);
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
            turns.await();
        }
    }

    private static final class Sink extends SinkChannel implements Half {
        private final PipeEnd end;
        private final Turns turns = new Turns(this);

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
            return turns.take(blocking -> writeAll(from, offset, stop, blocking));
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

        @Override
        public void beginBlocked() {
            begin();
        }

        @Override
        public void endBlocked(boolean completed) throws AsynchronousCloseException {
            end(completed);
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
            turns.await();
        }
    }
}

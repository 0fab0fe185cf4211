package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;

/** What one call of a datagram channel does inside the host: a length, or {@link ChannelEnd#UNAVAILABLE}. */
interface DatagramTransfer {
    long run() throws IOException;

    /** The call is over. */
    default void forget() {
        // nothing is kept
    }

    static void checkWritable(ByteBuffer to) {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    /** Into one buffer: an object for all calls of a channel, one after the other, so that a call makes none. */
    final class Receiving implements DatagramTransfer {
        private final DatagramEnd end;
        private @Nullable ByteBuffer buffer;

        Receiving(DatagramEnd end) {
            this.end = end;
        }

        Receiving into(ByteBuffer to) {
            buffer = to;
            return this;
        }

        @Override
        public long run() {
            ByteBuffer to = Objects.requireNonNull(buffer);
            checkWritable(to);
            return end.receive(to);
        }

        @Override
        public void forget() {
            buffer = null;
        }
    }

    /** Of one buffer, as {@link Receiving}. */
    final class Sending implements DatagramTransfer {
        private final DatagramEnd end;
        private @Nullable ByteBuffer buffer;
        private @Nullable InetSocketAddress target;
        private @Nullable InetSocketAddress peer;

        Sending(DatagramEnd end) {
            this.end = end;
        }

        /**
         * The next call's.
         *
         * @param to null for the peer
         * @param connected the peer; null when there is none
         */
        Sending of(ByteBuffer from, @Nullable InetSocketAddress to, @Nullable InetSocketAddress connected) {
            buffer = from;
            target = to;
            peer = connected;
            return this;
        }

        @Override
        public long run() throws IOException {
            ByteBuffer from = Objects.requireNonNull(buffer);
            InetSocketAddress to = target;
            if (to == null || peer != null) {
                if (to != null && !to.equals(peer)) {
                    throw new AlreadyConnectedException();
                }
                return end.send(from, null);
            }
            if (to.getPort() == 0) {
                throw new SocketException("Can't send to port 0");
            }
            try {
                return end.send(from, to);
            } catch (ErrnoException e) {
                throw Failures.call(e);
            }
        }

        @Override
        public void forget() {
            buffer = null;
            target = null;
            peer = null;
        }
    }
}

package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/** What a {@link SocketAdaptor} needs of its channel beside that it is one. */
abstract class AdaptedSocketChannel extends SocketChannel {
    AdaptedSocketChannel(SelectorProvider provider) {
        super(provider);
    }

    /** Connects, blocking, at most so long. */
    abstract void blockingConnect(SocketAddress address, long nanos) throws IOException;

    /** Reads, blocking, at most so long. */
    abstract int blockingRead(byte[] to, int offset, int length, long nanos) throws IOException;

    /** Writes all of it, blocking. */
    abstract void blockingWriteFully(byte[] from, int offset, int length) throws IOException;

    /** Sends an urgent byte; 0 when there is no room. */
    abstract int sendUrgent(byte octet) throws IOException;

    /** Bytes that can be read at once. */
    abstract int available() throws IOException;

    /** Our address, open or not; null while it is not bound. */
    abstract @Nullable InetSocketAddress local();

    /** The peer's address, open or not; null while there is none. */
    abstract @Nullable InetSocketAddress remote();

    /** Nothing more is read. */
    abstract boolean isInputShut();

    /** Nothing more is written. */
    abstract boolean isOutputShut();
}

package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/** What a {@link ServerSocketAdaptor} needs of its channel beside that it is one. */
abstract class AdaptedServerSocketChannel extends ServerSocketChannel {
    AdaptedServerSocketChannel(SelectorProvider provider) {
        super(provider);
    }

    /** Accepts, blocking, at most so long. */
    abstract SocketChannel blockingAccept(long nanos) throws IOException;

    /** Where it listens, open or not; null before bind. */
    abstract @Nullable InetSocketAddress local();
}

package sluice.sockets.internal.async;

import java.io.IOException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;

/** Makes asynchronous channels of blocking ones. */
public final class AsyncChannels {
    private AsyncChannels() {}

    /** A channel of the group; closes {@code blocking} when the group takes no more. */
    public static AsynchronousSocketChannel of(AsynchronousChannelProvider provider, SocketChannel blocking,
            AsyncGroup group) throws IOException {
        try {
            return new AsyncSocketChannel(provider, blocking, group);
        } catch (RuntimeException e) {
            blocking.close();
            throw e;
        }
    }

    /** The same. */
    public static AsynchronousServerSocketChannel of(AsynchronousChannelProvider provider,
            ServerSocketChannel blocking, AsyncGroup group) throws IOException {
        try {
            return new AsyncServerSocketChannel(provider, blocking, group);
        } catch (RuntimeException e) {
            blocking.close();
            throw e;
        }
    }
}

package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a {@link DatagramSocketAdaptor} needs of its channel beside that it is one. */
abstract class AdaptedDatagramChannel extends DatagramChannel {
    AdaptedDatagramChannel(SelectorProvider provider) {
        super(provider);
    }

    /** Connects; {@code once} refuses to do it again. */
    abstract DatagramChannel connect(SocketAddress address, boolean once) throws IOException;

    /** Receives, blocking, at most so long; the length. */
    abstract int blockingReceive(byte[] to, int offset, int room, long nanos) throws IOException;

    /** Held by the adaptor from {@link #blockingReceive} until it has read {@link #source}. */
    abstract ReentrantLock readLock();

    /** Who sent what was received last. */
    abstract @Nullable InetSocketAddress source();

    /** Our address, open or not; null while it is not bound. */
    abstract @Nullable InetSocketAddress local();

    /** The peer, open or not; null while there is none. */
    abstract @Nullable InetSocketAddress remote();

    /** The key of a group that was joined, or null. */
    abstract @Nullable MembershipKey membership(InetAddress group, NetworkInterface on);

    final void ensureBlocking() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }
}

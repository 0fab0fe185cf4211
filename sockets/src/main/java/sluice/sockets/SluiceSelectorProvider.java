package sluice.sockets;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.sockets.internal.nio.Channels;
import sluice.sockets.internal.nio.Site;

/**
 * The JDK's channels on a stack: {@code SluiceSelectorProvider.of(stack).openSocketChannel()} gives a {@link
 * SocketChannel} like any other. Programs and libraries that take a {@link SelectorProvider} (Netty's {@code
 * NioIoHandler}) run on the stack by being handed this one.
 *
 * <p>Channels and selectors behave as the JDK's own on Linux, to class and message of what they throw; {@code
 * docs/jdk-differences.md} lists what differs. Channels register with selectors of the same stack. What stack options
 * they have beyond the JDK's is in {@link SluiceSocketOptions}.
 *
 * <p><b>Thread rules.</b> As {@code java.nio.channels} says: any thread; a blocked call of a platform or virtual thread
 * ends when the channel is closed or the thread interrupted, with the exceptions of the JDK. Not for use inside a
 * {@link sluice.core.ReadinessListener}.
 */
public final class SluiceSelectorProvider extends SelectorProvider {
    private final Site site;

    private SluiceSelectorProvider(HostAccess access) {
        site = new Site(access);
    }

    /** The provider of a stack. */
    public static SluiceSelectorProvider of(Stack stack) {
        return new SluiceSelectorProvider(stack.access());
    }

    /** The same, wherever the host runs. */
    public static SluiceSelectorProvider of(HostAccess access) {
        return new SluiceSelectorProvider(access);
    }

    /** A channel for both families. */
    @Override
    public SocketChannel openSocketChannel() {
        return openSocketChannel(StandardProtocolFamily.INET6);
    }

    /** A channel for IPv4 alone (INET) or for both (INET6). */
    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) {
        return Channels.socketChannel(this, site, family);
    }

    /** A channel for both families. */
    @Override
    public ServerSocketChannel openServerSocketChannel() {
        return openServerSocketChannel(StandardProtocolFamily.INET6);
    }

    /** A channel for IPv4 alone (INET) or for both (INET6). */
    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) {
        return Channels.serverSocketChannel(this, site, family);
    }

    /** A channel for both families. */
    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return openDatagramChannel(StandardProtocolFamily.INET6);
    }

    /** A channel for IPv4 alone (INET) or for both (INET6). */
    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return Channels.datagramChannel(this, site, family);
    }

    /** A pipe inside the stack, for its selectors. */
    @Override
    public Pipe openPipe() {
        return Channels.pipe(this, site);
    }

    /** A selector for channels of this stack. */
    @Override
    public AbstractSelector openSelector() {
        return Channels.selector(this, site);
    }
}

package sluice.sockets;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;
import sluice.engine.ThreadHost;
import sluice.sockets.internal.nio.Channels;
import sluice.sockets.internal.nio.PlatformProvider;
import sluice.sockets.internal.nio.Site;

/**
 * The JVM's default provider, for programs that name no stack: {@code
 * -Djava.nio.channels.spi.SelectorProvider=sluice.sockets.JvmSelectorProvider}, and {@code
 * --add-exports=java.base/sun.nio.ch=sluice.sockets} (ALL-UNNAMED on the class path), by which it reaches the
 * platform's own channels.
 *
 * <p>A channel belongs to the stack of the thread that opens it ({@link ThreadHost#current}), or is the platform's
 * where there is none. A stack's channel decides by the first address that it is given: one to go to is the stack's if
 * that has a route to it, one to be bound to if that has the address; others make it the platform's own, with the
 * options that were set. Loopback addresses and the wildcard are the stack's. Selectors take channels of all stacks and
 * of the platform. Decision 12 has the details.
 *
 * <p><b>Thread rules.</b> As {@link SluiceSelectorProvider}'s.
 */
public final class JvmSelectorProvider extends SelectorProvider {
    /** For the JVM. */
    public JvmSelectorProvider() {}

    private static boolean isInternet(ProtocolFamily family) {
        return family == StandardProtocolFamily.INET || family == StandardProtocolFamily.INET6;
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return Channels.eitherSocketChannel(this, Site.ofThread(), null);
    }

    /** Others than INET and INET6 are the platform's. */
    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return isInternet(family) ? Channels.eitherSocketChannel(this, Site.ofThread(), family)
                : PlatformProvider.get().openSocketChannel(family);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return Channels.eitherServerSocketChannel(this, Site.ofThread(), null);
    }

    /** Others than INET and INET6 are the platform's. */
    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return isInternet(family) ? Channels.eitherServerSocketChannel(this, Site.ofThread(), family)
                : PlatformProvider.get().openServerSocketChannel(family);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return Channels.eitherDatagramChannel(this, Site.ofThread(), null);
    }

    /** Others than INET and INET6 are the platform's. */
    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return isInternet(family) ? Channels.eitherDatagramChannel(this, Site.ofThread(), family)
                : PlatformProvider.get().openDatagramChannel(family);
    }

    /** Inside the stack, so that an event loop which wakes itself up by it still waits there. */
    @Override
    public Pipe openPipe() throws IOException {
        Site site = Site.ofThread();
        return site != null ? Channels.pipe(this, site) : PlatformProvider.get().openPipe();
    }

    /** A selector for channels of all stacks and of the platform. */
    @Override
    public AbstractSelector openSelector() {
        return Channels.selector(this, Site.ofThread());
    }

    /** The platform's. */
    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return PlatformProvider.get().inheritedChannel();
    }
}

package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;
import sluice.engine.ShardStoppedException;

/** Makes channels and selectors of a host for a provider. */
public final class Channels {
    private Channels() {}

    /** An unconnected channel. */
    public static SocketChannel socketChannel(SelectorProvider provider, Site site, ProtocolFamily family) {
        return new SluiceSocketChannel(provider, site, family);
    }

    /** An unbound channel. */
    public static ServerSocketChannel serverSocketChannel(SelectorProvider provider, Site site,
            ProtocolFamily family) {
        return new SluiceServerSocketChannel(provider, site, family);
    }

    /**
     * An unbound channel.
     *
     * @throws IOException the stack has stopped, or has too many sockets
     */
    public static DatagramChannel datagramChannel(SelectorProvider provider, Site site, ProtocolFamily family)
            throws IOException {
        return datagramChannel(provider, site, family, true);
    }

    /** A {@link DatagramSocket} of its own: as the JDK's, an interrupt does not close it. */
    public static DatagramSocket datagramSocket(SelectorProvider provider, Site site) throws IOException {
        SluiceDatagramChannel c = datagramChannel(provider, site, StandardProtocolFamily.INET6, false);
        c.setOption(StandardSocketOptions.SO_BROADCAST, true);
        return c.socket();
    }

    private static SluiceDatagramChannel datagramChannel(SelectorProvider provider, Site site,
            ProtocolFamily family, boolean interruptible) throws IOException {
        InetAddresses.checkFamily(family);
        try {
            DatagramEnd end = site.access.execute(host -> new DatagramEnd(site));
            return new SluiceDatagramChannel(provider, end, family, interruptible);
        } catch (ErrnoException e) {
            throw Failures.call(e);
        } catch (ShardStoppedException e) {
            throw Failures.stopped(e);
        }
    }

    /** A pipe whose channels go into the selectors of the host. */
    public static Pipe pipe(SelectorProvider provider, Site site) {
        return new SluicePipe(provider, site);
    }

    /** A selector without keys; with a site, it waits there while it has none. */
    public static AbstractSelector selector(SelectorProvider provider, @Nullable Site site) {
        return new SluiceSelector(provider, site == null ? null : site.access);
    }

    /** The family of a channel that was asked for without one. */
    static ProtocolFamily both(@Nullable ProtocolFamily family) {
        return family == null ? StandardProtocolFamily.INET6 : family;
    }

    /**
     * An unconnected channel that will be the host's or the platform's; the latter at once without a site.
     *
     * @param family null for both
     */
    public static SocketChannel eitherSocketChannel(SelectorProvider provider, @Nullable Site site,
            @Nullable ProtocolFamily family) throws IOException {
        if (site != null) {
            return new EitherSocketChannel(provider, site, family);
        }
        SelectorProvider p = PlatformProvider.get();
        return new EitherSocketChannel(provider, family == null ? p.openSocketChannel() : p.openSocketChannel(family));
    }

    /** An unbound channel in the same way. */
    public static ServerSocketChannel eitherServerSocketChannel(SelectorProvider provider, @Nullable Site site,
            @Nullable ProtocolFamily family) throws IOException {
        if (site != null) {
            return new EitherServerSocketChannel(provider, site, family);
        }
        SelectorProvider p = PlatformProvider.get();
        return new EitherServerSocketChannel(provider,
                family == null ? p.openServerSocketChannel() : p.openServerSocketChannel(family));
    }

    /** An unbound channel in the same way. */
    public static DatagramChannel eitherDatagramChannel(SelectorProvider provider, @Nullable Site site,
            @Nullable ProtocolFamily family) throws IOException {
        Choice.Opener<DatagramChannel> opener = p -> family == null ? p.openDatagramChannel()
                : p.openDatagramChannel(family);
        return site == null ? new EitherDatagramChannel(provider, opener.open(PlatformProvider.get()))
                : new EitherDatagramChannel(provider, datagramChannel(provider, site, both(family), true), opener);
    }

    /** A {@link DatagramSocket} of its own in the same way: an interrupt does not close it. */
    public static DatagramSocket eitherDatagramSocket(SelectorProvider provider, @Nullable Site site)
            throws IOException {
        Choice.Opener<DatagramChannel> opener = PlatformProvider::uninterruptibleDatagramChannel;
        if (site == null) {
            return new EitherDatagramChannel(provider, opener.open(PlatformProvider.get())).socket();
        }
        SluiceDatagramChannel ours = datagramChannel(provider, site, StandardProtocolFamily.INET6, false);
        return new EitherDatagramChannel(provider, ours, opener).socket();
    }
}

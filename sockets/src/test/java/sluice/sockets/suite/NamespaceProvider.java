package sluice.sockets.suite;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/** The platform's channels, opened in a network namespace, where they stay. */
final class NamespaceProvider extends SelectorProvider {
    private static final SelectorProvider PLATFORM = SelectorProvider.provider();

    private final Tun tun;

    NamespaceProvider(Tun tun) {
        this.tun = tun;
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return tun.inside(PLATFORM::openSocketChannel);
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return tun.inside(() -> PLATFORM.openSocketChannel(family));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return tun.inside(PLATFORM::openServerSocketChannel);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return tun.inside(() -> PLATFORM.openServerSocketChannel(family));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return tun.inside(PLATFORM::openDatagramChannel);
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return tun.inside(() -> PLATFORM.openDatagramChannel(family));
    }

    @Override
    public Pipe openPipe() throws IOException {
        return PLATFORM.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return PLATFORM.openSelector();
    }
}

package sluice.sockets.suite;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;
import sluice.sockets.internal.nio.Channels;
import sluice.sockets.internal.nio.Site;
import sluice.sockets.internal.nio.StackDatagramSocketImpl;

/** Another backend, whose channels are those of the default provider: the host's or the platform's. */
final class EitherBackend implements Backend {
    private final Backend real;
    private final SelectorProvider client;
    private final SelectorProvider server;
    private final @Nullable Site clientSite;

    /** With the hosts that the channels belong to at first; null for the platform. */
    EitherBackend(Backend real, @Nullable HostAccess client, @Nullable HostAccess server) {
        this.real = real;
        this.client = new Provider(real.client(), client);
        clientSite = client == null ? null : new Site(client);
        this.server = new Provider(real.server(), server);
    }

    private static final class Provider extends SelectorProvider {
        private final SelectorProvider real;
        private final @Nullable Site site;

        Provider(SelectorProvider real, @Nullable HostAccess host) {
            this.real = real;
            site = host == null ? null : new Site(host);
        }

        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            return Channels.eitherDatagramChannel(this, site, null);
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return Channels.eitherDatagramChannel(this, site,
                    Objects.requireNonNull(family, "'family' is null"));
        }

        @Override
        public Pipe openPipe() throws IOException {
            return real.openPipe();
        }

        @Override
        public AbstractSelector openSelector() {
            return Channels.selector(this, site);
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return Channels.eitherServerSocketChannel(this, site, null);
        }

        @Override
        public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
            return Channels.eitherServerSocketChannel(this, site,
                    Objects.requireNonNull(family, "'family' is null"));
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return Channels.eitherSocketChannel(this, site, null);
        }

        @Override
        public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
            return Channels.eitherSocketChannel(this, site,
                    Objects.requireNonNull(family, "'family' is null"));
        }
    }

    @Override
    public SelectorProvider client() {
        return client;
    }

    @Override
    public SelectorProvider server() {
        return server;
    }

    @Override
    public Socket newSocket(boolean onServer) throws IOException {
        return real.newSocket(onServer);
    }

    @Override
    public ServerSocket newServerSocket() throws IOException {
        return real.newServerSocket();
    }

    @Override
    public DatagramSocket newDatagramSocket() throws IOException {
        return new FactorySocket(new StackDatagramSocketImpl(() -> Channels.eitherDatagramSocket(client, clientSite)));
    }

    @Override
    public InetAddress clientAddress() {
        return real.clientAddress();
    }

    @Override
    public InetAddress serverAddress() {
        return real.serverAddress();
    }

    @Override
    public void awaitNothingLeft() {
        real.awaitNothingLeft();
    }

    @Override
    public boolean isOracle() {
        return real.isOracle();
    }

    @Override
    public void close() {
        real.close();
    }
}

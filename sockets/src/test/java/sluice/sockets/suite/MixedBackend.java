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

/** Channels of another backend in selectors that wait in the platform's: of no host, or of one host too many. */
final class MixedBackend implements Backend {
    private final Backend channels;
    private final SelectorProvider client;
    private final SelectorProvider server;

    /** Makes selectors for a provider. */
    interface Selectors {
        AbstractSelector open(SelectorProvider provider) throws IOException;
    }

    MixedBackend(Backend channels, Selectors selectors) {
        this.channels = channels;
        client = new Provider(channels.client(), selectors);
        server = new Provider(channels.server(), selectors);
    }

    private static final class Provider extends SelectorProvider {
        private final SelectorProvider channels;
        private final Selectors selectors;

        Provider(SelectorProvider channels, Selectors selectors) {
            this.channels = channels;
            this.selectors = selectors;
        }

        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            return channels.openDatagramChannel();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return channels.openDatagramChannel(family);
        }

        @Override
        public Pipe openPipe() throws IOException {
            return channels.openPipe();
        }

        @Override
        public AbstractSelector openSelector() throws IOException {
            return selectors.open(this);
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return channels.openServerSocketChannel();
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return channels.openSocketChannel();
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
        return channels.newSocket(onServer);
    }

    @Override
    public ServerSocket newServerSocket() throws IOException {
        return channels.newServerSocket();
    }

    @Override
    public DatagramSocket newDatagramSocket() throws IOException {
        return channels.newDatagramSocket();
    }

    @Override
    public InetAddress clientAddress() {
        return channels.clientAddress();
    }

    @Override
    public InetAddress serverAddress() {
        return channels.serverAddress();
    }

    @Override
    public void awaitNothingLeft() {
        channels.awaitNothingLeft();
    }

    @Override
    public boolean isOracle() {
        return channels.isOracle();
    }

    @Override
    public void close() {
        channels.close();
    }
}

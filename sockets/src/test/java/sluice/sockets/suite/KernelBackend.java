package sluice.sockets.suite;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import sluice.sockets.SluiceAsynchronousProvider;

/** The JDK's channels of the kernel, over its loopback. */
class KernelBackend implements Backend {
    private final InetAddress address;

    /** The platform's own: with the clock's agent the usual one is ours. */
    private static final class Asynchronous {
        static final AsynchronousChannelProvider PROVIDER = platforms(AsynchronousChannelProvider.provider());

        private static AsynchronousChannelProvider platforms(AsynchronousChannelProvider usual) {
            if (!(usual instanceof SluiceAsynchronousProvider)) {
                return usual;
            }
            try {
                return (AsynchronousChannelProvider) Class.forName("sun.nio.ch.DefaultAsynchronousChannelProvider")
                        .getMethod("create").invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    KernelBackend() {
        this(Backend.address("127.0.0.1"));
    }

    /** Over one of the kernel's addresses. */
    KernelBackend(InetAddress address) {
        this.address = address;
    }

    @Override
    public SelectorProvider client() {
        return SelectorProvider.provider();
    }

    @Override
    public SelectorProvider server() {
        return SelectorProvider.provider();
    }

    @Override
    public AsynchronousChannelProvider async(boolean onServer) {
        return Asynchronous.PROVIDER;
    }

    @Override
    public Socket newSocket(boolean onServer) {
        return new Socket();
    }

    @Override
    public ServerSocket newServerSocket() throws IOException {
        return new ServerSocket();
    }

    @Override
    public DatagramSocket newDatagramSocket() throws IOException {
        return new DatagramSocket(null);
    }

    @Override
    public InetAddress clientAddress() {
        return address;
    }

    @Override
    public InetAddress serverAddress() {
        return address;
    }

    @Override
    public boolean isOracle() {
        return true;
    }

    @Override
    public void close() {
        // the kernel stays
    }
}

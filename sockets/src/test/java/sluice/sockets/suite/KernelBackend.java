package sluice.sockets.suite;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.spi.SelectorProvider;

/** The JDK's channels over the kernel's loopback. */
final class KernelBackend implements Backend {
    @Override
    public SelectorProvider client() {
        return SelectorProvider.provider();
    }

    @Override
    public SelectorProvider server() {
        return SelectorProvider.provider();
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
        return Backend.address("127.0.0.1");
    }

    @Override
    public InetAddress serverAddress() {
        return Backend.address("127.0.0.1");
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

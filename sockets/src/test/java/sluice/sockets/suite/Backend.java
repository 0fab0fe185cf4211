package sluice.sockets.suite;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Callable;

/** Where the suite's cases run: a client's and a server's host, and how sockets are made on them. */
interface Backend extends AutoCloseable {
    /** Channels of the client's host. */
    SelectorProvider client();

    /** Channels of the server's host. */
    SelectorProvider server();

    /** Asynchronous channels of the client's host, or of the server's. */
    default AsynchronousChannelProvider async(boolean onServer) {
        throw new UnsupportedOperationException("no asynchronous channels");
    }

    /** A new socket of the client's host, or of the server's. */
    Socket newSocket(boolean onServer) throws IOException;

    /** A new server socket of the server's host. */
    ServerSocket newServerSocket() throws IOException;

    /** A new datagram socket of the client's host, not bound. */
    DatagramSocket newDatagramSocket() throws IOException;

    /** An address of the client's host that the server can reach. */
    InetAddress clientAddress();

    /** An address of the server's host that the client can reach. */
    InetAddress serverAddress();

    /** As {@link #serverAddress} and {@link #clientAddress}, of IPv6. */
    default InetAddress address6(boolean ofServer) {
        throw new UnsupportedOperationException("no addresses of IPv6");
    }

    /** An address that belongs to neither, for binding in vain. */
    default InetAddress foreignAddress() {
        return address("203.0.113.7");
    }

    /** What the client's channels say is their provider. */
    default SelectorProvider clientProvider() {
        return client();
    }

    /** Where the server's multicasts come to the client. */
    default NetworkInterface groupInterface() throws IOException {
        return NetworkInterface.getByInetAddress(address("127.0.0.1"));
    }

    /** Asks where the client's interfaces are to be seen, by which the JDK finds the one of a number. */
    default <T> T onClient(Callable<T> question) throws Exception {
        return question.call();
    }

    /** Whether it is the JDK's own sockets on the kernel's stack: the oracle. */
    boolean isOracle();

    /** Waits until no connection and no socket is left on either host, where that can be seen. */
    default void awaitNothingLeft() {
        // the kernel has others' too
    }

    @Override
    void close();

    /** A literal address. */
    static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    /** A port of the server's host where nobody listens. */
    default InetSocketAddress nobody() throws Exception {
        try (var s = server().openServerSocketChannel()) {
            s.bind(new InetSocketAddress(serverAddress(), 0));
            return (InetSocketAddress) s.getLocalAddress();
        }
    }
}

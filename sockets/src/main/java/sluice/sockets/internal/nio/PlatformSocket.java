package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;

/**
 * A socket of the platform's, while the JVM's factories make ours: what the platform would have put behind a {@link
 * Socket} or a {@link ServerSocket}, and one of these around it, since only they may call it.
 */
final class PlatformSocket {
    /** What has the options by number. */
    final SocketImpl impl;
    /** Of a stream; a listener's is not used. */
    final Socket stream;
    private final Listener listener;

    private PlatformSocket(SocketImpl impl, boolean server) throws SocketException {
        this.impl = impl;
        stream = new Stream(impl);
        listener = new Listener(impl);
        if (server) {
            listener.getReuseAddress(); // makes its descriptor
        } else {
            stream.getReuseAddress();
        }
    }

    private PlatformSocket(SocketImpl impl, Listener from) throws IOException {
        this.impl = impl;
        stream = new Stream(impl);
        listener = from;
        from.acceptInto(stream);
    }

    /** A new one. */
    static PlatformSocket open(boolean server) throws IOException {
        try {
            return new PlatformSocket(PlatformProvider.socketImpl(server), server);
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static final class Stream extends Socket {
        Stream(SocketImpl impl) throws SocketException {
            super(impl);
        }
    }

    private static final class Listener extends ServerSocket {
        Listener(SocketImpl impl) {
            super(impl);
        }

        void acceptInto(Socket s) throws IOException {
            implAccept(s);
        }
    }

    void listen(InetSocketAddress at, int backlog) throws IOException {
        listener.bind(at, backlog);
    }

    PlatformSocket accept() throws IOException {
        return new PlatformSocket(PlatformProvider.socketImpl(false), listener);
    }

    ServerSocket listener() {
        return listener;
    }

    void close(boolean server) throws IOException {
        if (server) {
            listener.close();
        } else {
            stream.close();
        }
    }
}

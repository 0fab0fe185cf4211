package sluice.sockets;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.DatagramSocketImplFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImplFactory;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;
import sluice.engine.Stack;
import sluice.sockets.internal.nio.Channels;
import sluice.sockets.internal.nio.Site;
import sluice.sockets.internal.nio.StackDatagramSocketImpl;
import sluice.sockets.internal.nio.StackSocketImpl;

/**
 * The JDK's {@code java.net} sockets on a stack. They are {@link Socket}, {@link ServerSocket} and {@link
 * DatagramSocket} like any other; timeouts, closing and interrupts are as with the JDK's own.
 *
 * <p><b>Thread rules.</b> Any thread. A blocked call of a platform thread ends when the socket is closed, not by an
 * interrupt; one of a virtual thread parks without its carrier, and an interrupt closes the socket.
 */
public final class SluiceSockets {
    private final HostAccess access;
    private final Site site;

    private SluiceSockets(HostAccess access) {
        this.access = access;
        site = new Site(access);
    }

    /** The sockets of a stack. */
    public static SluiceSockets of(Stack stack) {
        return new SluiceSockets(stack.access());
    }

    /** The same, wherever the host runs. */
    public static SluiceSockets of(HostAccess access) {
        return new SluiceSockets(access);
    }

    /** A socket that is not connected. */
    public Socket socket() throws SocketException {
        return new StackSocket(new StackSocketImpl(site, false));
    }

    /** A server socket that is not bound. */
    public ServerSocket serverSocket() {
        return new StackServerSocket(site);
    }

    /**
     * A datagram socket that is not bound.
     *
     * @throws IOException the stack has stopped, or has too many sockets
     */
    public DatagramSocket datagramSocket() throws IOException {
        return Channels.datagramSocket(SluiceSelectorProvider.of(access), site);
    }

    /** What makes connected and unconnected sockets of this stack. */
    public SocketFactory socketFactory() {
        return new Factory(this);
    }

    /** What makes bound and unbound server sockets of this stack. */
    public ServerSocketFactory serverSocketFactory() {
        return new ServerFactory(this);
    }

    /**
     * For {@link Socket#setSocketImplFactory}: every {@code new Socket()} of the JVM is on this stack then. The
     * connections that {@link ServerSocket}s of a factory accept are made by it too.
     */
    public SocketImplFactory socketImplFactory() {
        return () -> new StackSocketImpl(site, false);
    }

    /** For {@link ServerSocket#setSocketFactory}: every {@code new ServerSocket()} of the JVM is on this stack then. */
    public SocketImplFactory serverSocketImplFactory() {
        return () -> new StackSocketImpl(site, true);
    }

    /**
     * For {@link DatagramSocket#setDatagramSocketImplFactory}: every {@code new DatagramSocket()} and {@code new
     * MulticastSocket()} of the JVM is on this stack then.
     */
    public DatagramSocketImplFactory datagramSocketImplFactory() {
        return () -> new StackDatagramSocketImpl(this::datagramSocket);
    }

    private static final class StackSocket extends Socket {
        StackSocket(StackSocketImpl impl) throws SocketException {
            super(impl);
        }
    }

    private static final class StackServerSocket extends ServerSocket {
        private final Site site;

        StackServerSocket(Site site) {
            super(new StackSocketImpl(site, true));
            this.site = site;
        }

        @Override
        public Socket accept() throws IOException {
            if (isClosed()) {
                throw new SocketException("Socket is closed");
            }
            if (!isBound()) {
                throw new SocketException("Socket is not bound yet");
            }
            Socket s = new StackSocket(new StackSocketImpl(site, false));
            implAccept(s);
            return s;
        }
    }

    private static final class Factory extends SocketFactory {
        private final SluiceSockets sockets;

        Factory(SluiceSockets sockets) {
            this.sockets = sockets;
        }

        @Override
        public Socket createSocket() throws SocketException {
            return sockets.socket();
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return connect(new InetSocketAddress(host, port), null);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return connect(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return connect(new InetSocketAddress(host, port), null);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return connect(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
        }

        private Socket connect(InetSocketAddress to, @Nullable InetSocketAddress from) throws IOException {
            Socket s = sockets.socket();
            try {
                if (from != null) {
                    s.bind(from);
                }
                s.connect(to);
                return s;
            } catch (IOException | RuntimeException e) {
                s.close();
                throw e;
            }
        }
    }

    private static final class ServerFactory extends ServerSocketFactory {
        private static final int DEFAULT_BACKLOG = 50;
        private final SluiceSockets sockets;

        ServerFactory(SluiceSockets sockets) {
            this.sockets = sockets;
        }

        @Override
        public ServerSocket createServerSocket() {
            return sockets.serverSocket();
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, DEFAULT_BACKLOG);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return bind(new InetSocketAddress(port), backlog);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return bind(new InetSocketAddress(address, port), backlog);
        }

        private ServerSocket bind(InetSocketAddress to, int backlog) throws IOException {
            ServerSocket s = sockets.serverSocket();
            try {
                s.bind(to, backlog);
                return s;
            } catch (IOException | RuntimeException e) {
                s.close();
                throw e;
            }
        }
    }
}

package sluice.cli.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import sluice.cli.service.Places;
import sluice.engine.Stack;
import sluice.sockets.SluiceSelectorProvider;
import sluice.sockets.SluiceSocketOptions;

/** A file server: GET and HEAD with ranges, PUT and POST to upload, a virtual thread for each connection. */
public final class HttpServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
    private static final int BACKLOG = 4096;
    private static final int MAX_KERNEL_CONNECTIONS = 20_000;
    /** How long accepting rests after an error of the JVM's: there is no memory for a connection, say. */
    private static final long REST_NS = 20_000_000;
    /** So long must a connection have stood still before a newcomer can have its place; newcomers wait in the queue. */
    private static final long GRACE_NS = 1_000_000_000;

    private final FileStore files;
    private final boolean uploads;
    private final ServerSocketChannel listener;
    private final Places<ByteConnection> places;
    private volatile boolean closed;

    private HttpServer(Path root, boolean uploads, ServerSocketChannel listener, Places<ByteConnection> places)
            throws IOException {
        this.files = new FileStore(root);
        this.uploads = uploads;
        this.listener = listener;
        this.places = places;
    }

    /** Serves a directory on our stack, on all addresses; {@code uploads}: and lets everybody write into it. */
    public static HttpServer start(Stack stack, Path root, int port, boolean uploads) throws IOException {
        return start(stack, root, port, uploads, 0);
    }

    /** The same; {@code userTimeoutMs} is the TCP_USER_TIMEOUT of its connections, 0 for the host's. */
    public static HttpServer start(Stack stack, Path root, int port, boolean uploads, int userTimeoutMs)
            throws IOException {
        ServerSocketChannel server = SluiceSelectorProvider.of(stack).openServerSocketChannel();
        server.setOption(SluiceSocketOptions.USER_TIMEOUT, userTimeoutMs);
        server.bind(new InetSocketAddress(port), BACKLOG);
        return new HttpServer(root, uploads, server, stack.execute(host -> Places.<ByteConnection>of(host))).begin();
    }

    /** Serves a directory on the kernel's stack, and lets everybody write into it. */
    public static HttpServer start(ServerSocketChannel server, Path root) throws IOException {
        return new HttpServer(root, true, server, new Places<>(() -> MAX_KERNEL_CONNECTIONS)).begin();
    }

    private HttpServer begin() {
        Thread.ofPlatform().daemon().name("http-accept").start(this::acceptAll);
        return this;
    }

    private void acceptAll() {
        while (!closed) {
            try {
                while (places.isCrowded(GRACE_NS) && !closed) {
                    LockSupport.parkNanos(REST_NS);
                }
                admit(new ChannelConnection(listener.accept()));
            } catch (IOException | RuntimeException e) {
                if (closed || e instanceof java.net.SocketException
                        || e instanceof java.nio.channels.ClosedChannelException) {
                    return;
                }
            } catch (Error e) {
                notAccepted(e);
            }
        }
    }

    /** An error costs one connection, and accepting goes on. */
    private static void notAccepted(Error e) {
        try {
            LOG.log(Level.WARNING, "http: a connection could not be served: " + e);
        } catch (OutOfMemoryError again) {
            // not even the message
        }
        LockSupport.parkNanos(REST_NS);
    }

    private void admit(ByteConnection connection) {
        try {
            ByteConnection slowest = places.enter(connection);
            if (slowest != null) {
                abort(slowest);
            }
            Thread.ofVirtual().name("http").start(() -> serve(connection));
        } catch (RuntimeException | Error e) {
            places.leave(connection);
            abort(connection);
            throw e;
        }
    }

    private static void abort(ByteConnection connection) {
        try {
            connection.abort();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "http", e);
        }
    }

    private void serve(ByteConnection connection) {
        try {
            new HttpServerConnection(new WatchedConnection(connection, places), files, uploads).run();
        } finally {
            places.leave(connection);
        }
    }

    /** Connections now. */
    public int connections() {
        return places.taken();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
    }
}

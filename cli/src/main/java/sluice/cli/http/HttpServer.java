package sluice.cli.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import sluice.engine.Stack;
import sluice.sockets.SluiceServerSocket;

/** A file server: GET and HEAD with ranges, PUT and POST to upload, a virtual thread for each connection. */
public final class HttpServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 20_000;

    /** Where connections come from. */
    private interface Acceptor extends Callable<ByteConnection> {}

    private final FileStore files;
    private final boolean uploads;
    private final Acceptor acceptor;
    private final AutoCloseable listener;
    private final Semaphore slots = new Semaphore(MAX_CONNECTIONS);
    private final Set<ByteConnection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private HttpServer(Path root, boolean uploads, Acceptor acceptor, AutoCloseable listener) throws IOException {
        this.files = new FileStore(root);
        this.uploads = uploads;
        this.acceptor = acceptor;
        this.listener = listener;
    }

    /** Serves a directory on our stack, on all addresses; {@code uploads}: and lets everybody write into it. */
    public static HttpServer start(Stack stack, Path root, int port, boolean uploads) throws IOException {
        SluiceServerSocket server = new SluiceServerSocket(stack, port);
        return new HttpServer(root, uploads, () -> new SluiceConnection(server.accept()), server).begin();
    }

    /** Serves a directory on the kernel's stack, and lets everybody write into it. */
    public static HttpServer start(java.nio.channels.ServerSocketChannel server, Path root) throws IOException {
        return new HttpServer(root, true, () -> new KernelConnection(server.accept()), server).begin();
    }

    private HttpServer begin() {
        Thread.ofPlatform().daemon().name("http-accept").start(this::acceptAll);
        return this;
    }

    private void acceptAll() {
        while (!closed) {
            try {
                slots.acquire();
                ByteConnection connection = acceptor.call();
                open.add(connection);
                Thread.ofVirtual().name("http").start(() -> serve(connection));
            } catch (Exception e) {
                slots.release();
                if (closed || e instanceof java.net.SocketException
                        || e instanceof java.nio.channels.ClosedChannelException) {
                    return;
                }
            }
        }
    }

    private void serve(ByteConnection connection) {
        try {
            new HttpServerConnection(connection, files, uploads).run();
        } finally {
            open.remove(connection);
            slots.release();
        }
    }

    /** Connections now. */
    public int connections() {
        return open.size();
    }

    @Override
    public void close() throws Exception {
        closed = true;
        listener.close();
    }
}

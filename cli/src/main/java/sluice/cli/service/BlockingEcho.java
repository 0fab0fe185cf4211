package sluice.cli.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import sluice.engine.Stack;
import sluice.sockets.SluiceSockets;

/** The echo service as an ordinary program would write it: blocking sockets and a thread for each connection. */
public final class BlockingEcho implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    /** Most connections: each has a thread and a buffer, all together a quarter of the heap. */
    private static final int PLACES = Math.clamp(Runtime.getRuntime().maxMemory() / 4 / BUFFER, 16, 4096);
    private static final int BACKLOG = 4096;
    private static final long REST_NS = 20_000_000;

    private final ServerSocket server;
    private final Thread accepter;
    private final Semaphore places = new Semaphore(PLACES);

    private BlockingEcho(ServerSocket server) {
        this.server = server;
        accepter = Thread.ofPlatform().daemon().name("blocking-echo").unstarted(this::acceptAll);
    }

    /** Listens and starts. */
    public static BlockingEcho start(Stack stack, int port) throws IOException {
        ServerSocket server = SluiceSockets.of(stack).serverSocket();
        server.bind(new InetSocketAddress(port), BACKLOG);
        BlockingEcho echo = new BlockingEcho(server);
        echo.accepter.start();
        return echo;
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            Socket socket;
            try {
                socket = server.accept();
            } catch (IOException e) {
                return;
            } catch (Error e) {
                LockSupport.parkNanos(REST_NS); // no memory for a connection: the next one perhaps
                continue;
            }
            if (!places.tryAcquire() || !start(socket)) {
                abort(socket);
            }
        }
    }

    private boolean start(Socket socket) {
        try {
            Thread.ofPlatform().daemon().name("blocking-echo-connection").start(() -> {
                try {
                    echo(socket);
                } finally {
                    places.release();
                }
            });
            return true;
        } catch (Error e) { // the system gives no thread
            places.release();
            return false;
        }
    }

    private static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // a reset
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    private static void echo(Socket socket) {
        byte[] buffer = new byte[BUFFER];
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // The peer went away: that is its right.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

package sluice.cli.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
    private final Places<Socket> places;

    private BlockingEcho(ServerSocket server, int places) {
        this.server = server;
        this.places = new Places<>(() -> places);
        accepter = Thread.ofPlatform().daemon().name("blocking-echo").unstarted(this::acceptAll);
    }

    /** Listens and starts. */
    public static BlockingEcho start(Stack stack, int port) throws IOException {
        return start(stack, port, PLACES);
    }

    /** The same for so many connections at a time. */
    static BlockingEcho start(Stack stack, int port, int places) throws IOException {
        ServerSocket server = SluiceSockets.of(stack).serverSocket();
        server.bind(new InetSocketAddress(port), BACKLOG);
        BlockingEcho echo = new BlockingEcho(server, places);
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
            Socket slowest = places.enter(socket);
            if (slowest != null) {
                abort(slowest); // its thread is told
            }
            if (!start(socket)) {
                places.leave(socket);
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
                    places.leave(socket);
                }
            });
            return true;
        } catch (Error e) { // the system gives no thread
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

    private void echo(Socket socket) {
        byte[] buffer = new byte[BUFFER];
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                places.progressed(socket);
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

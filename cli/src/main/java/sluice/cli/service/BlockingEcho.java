package sluice.cli.service;

import java.io.IOException;
import sluice.engine.Stack;
import sluice.sockets.SluiceServerSocket;
import sluice.sockets.SluiceSocket;

/** The echo service as an ordinary program would write it: blocking sockets and a thread for each connection. */
public final class BlockingEcho implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final SluiceServerSocket server;
    private final Thread accepter;

    private BlockingEcho(SluiceServerSocket server) {
        this.server = server;
        accepter = Thread.ofPlatform().daemon().name("blocking-echo").unstarted(this::acceptAll);
    }

    /** Listens and starts. */
    public static BlockingEcho start(Stack stack, int port) throws IOException {
        BlockingEcho echo = new BlockingEcho(new SluiceServerSocket(stack, port));
        echo.accepter.start();
        return echo;
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            SluiceSocket socket;
            try {
                socket = server.accept();
            } catch (IOException e) {
                return;
            }
            Thread.ofPlatform().daemon().name("blocking-echo-connection").start(() -> echo(socket));
        }
    }

    private static void echo(SluiceSocket socket) {
        byte[] buffer = new byte[BUFFER];
        try (socket) {
            for (int n = socket.read(buffer, 0, BUFFER); n >= 0; n = socket.read(buffer, 0, BUFFER)) {
                socket.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // The peer went away: that is its right.
        }
    }

    @Override
    public void close() {
        server.close();
    }
}

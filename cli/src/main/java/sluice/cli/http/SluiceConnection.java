package sluice.cli.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import sluice.sockets.SluiceSocket;

/**
 * A connection of our stack.
 *
 * @param socket connected
 */
public record SluiceConnection(SluiceSocket socket) implements ByteConnection {
    @Override
    public int read(ByteBuffer into) throws IOException {
        return socket.read(into);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            socket.write(from);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void setReadTimeout(int milliseconds) {
        socket.setSoTimeout(milliseconds);
    }

    @Override
    public String peer() {
        try {
            return String.valueOf(socket.getRemoteSocketAddress());
        } catch (IOException e) {
            return "?";
        }
    }

    @Override
    public void abort() throws IOException {
        socket.abort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

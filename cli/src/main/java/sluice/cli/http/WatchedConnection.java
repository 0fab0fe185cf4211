package sluice.cli.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import sluice.cli.service.Places;

/**
 * A connection that says when it gets on.
 *
 * @param connection the connection
 * @param places where it has a place
 */
record WatchedConnection(ByteConnection connection, Places<ByteConnection> places) implements ByteConnection {
    /** Bytes after which a long write has got on. */
    private static final int PIECE = 16 * 1024;

    @Override
    public int read(ByteBuffer into) throws IOException {
        int n = connection.read(into);
        places.progressed(connection);
        return n;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        int end = from.limit();
        while (from.position() < end) {
            from.limit(Math.min(end, from.position() + PIECE));
            connection.write(from);
            places.progressed(connection);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        connection.shutdownOutput();
    }

    @Override
    public void setReadTimeout(int milliseconds) throws IOException {
        connection.setReadTimeout(milliseconds);
    }

    @Override
    public String peer() {
        return connection.peer();
    }

    @Override
    public void abort() throws IOException {
        connection.abort();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

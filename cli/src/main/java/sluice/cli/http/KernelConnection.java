package sluice.cli.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connection of the kernel's stack.
 *
 * @param channel connected, blocking
 */
public record KernelConnection(SocketChannel channel) implements ByteConnection {
    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            channel.write(from);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void setReadTimeout(int milliseconds) {
        // A channel's reads have none.
    }

    @Override
    public String peer() {
        return String.valueOf(channel.socket().getRemoteSocketAddress());
    }

    @Override
    public void abort() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

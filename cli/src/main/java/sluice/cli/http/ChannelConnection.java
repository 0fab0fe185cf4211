package sluice.cli.http;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import sluice.engine.Stack;
import sluice.sockets.Addresses;
import sluice.sockets.SluiceSelectorProvider;
import sluice.sockets.SluiceSocketOptions;
import sluice.wire.IpAddress;

/**
 * A connection of our stack or the kernel's.
 *
 * @param channel connected, blocking
 */
public record ChannelConnection(SocketChannel channel) implements ByteConnection {
    /** A new connection of our stack. */
    public static ChannelConnection open(Stack stack, IpAddress to, int port) throws IOException {
        SocketChannel channel = SluiceSelectorProvider.of(stack).openSocketChannel();
        channel.connect(Addresses.toInet(to, port)); // closes the channel when it fails
        return new ChannelConnection(channel);
    }

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
    public void setReadTimeout(int milliseconds) throws IOException {
        if (channel.supportedOptions().contains(SluiceSocketOptions.RECEIVE_TIMEOUT)) { // the kernel's have none
            channel.setOption(SluiceSocketOptions.RECEIVE_TIMEOUT, milliseconds);
        }
    }

    @Override
    public String peer() {
        return String.valueOf(channel.socket().getRemoteSocketAddress());
    }

    @Override
    public void abort() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

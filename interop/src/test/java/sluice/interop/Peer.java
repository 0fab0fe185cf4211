package sluice.interop;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One end of a connection, the kernel's or ours, with the same blocking calls. */
interface Peer extends AutoCloseable {
    /** Reads at least one byte; -1 at the end. */
    int read(byte[] to, int offset, int length) throws IOException;

    /** Writes all. */
    void write(byte[] from, int offset, int length) throws IOException;

    /** Half-close. */
    void shutdownOutput() throws IOException;

    @Override
    void close() throws IOException;

    /** Reads so many bytes or fails. */
    default byte[] readFully(int length) throws IOException {
        byte[] got = new byte[length];
        for (int n = 0; n < length;) {
            int k = read(got, n, length - n);
            if (k < 0) {
                throw new IOException("end of stream after " + n + " of " + length + " bytes");
            }
            n += k;
        }
        return got;
    }

    /** Writes all of it. */
    default void write(byte[] from) throws IOException {
        write(from, 0, from.length);
    }

    /** A socket of the kernel. */
    static Peer of(SocketChannel channel) {
        return new Peer() {
            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return channel.read(ByteBuffer.wrap(to, offset, length));
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                ByteBuffer b = ByteBuffer.wrap(from, offset, length);
                while (b.hasRemaining()) {
                    channel.write(b);
                }
            }

            @Override
            public void shutdownOutput() throws IOException {
                channel.shutdownOutput();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }

            @Override
            public String toString() {
                return "kernel";
            }
        };
    }

    /** A socket of ours. */
    static Peer of(Socket socket) {
        return new Peer() {
            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return socket.getInputStream().read(to, offset, length);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                socket.getOutputStream().write(from, offset, length);
            }

            @Override
            public void shutdownOutput() throws IOException {
                socket.shutdownOutput();
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }

            @Override
            public String toString() {
                return "sluice";
            }
        };
    }
}

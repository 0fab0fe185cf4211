package sluice.sockets.internal.nio;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A socket's calls as streams. */
final class Streams {
    private Streams() {}

    /** Reads into an array: at least one byte, or -1 at the end. */
    interface Read {
        int read(byte[] to, int offset, int length) throws IOException;
    }

    /** Bytes that can be read without waiting. */
    interface Available {
        int count() throws IOException;
    }

    /** Writes all of it. */
    interface Write {
        void write(byte[] from, int offset, int length) throws IOException;
    }

    static InputStream input(Read read, Available available, Closeable socket) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) > 0 ? one[0] & 0xff : -1;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return read.read(to, offset, length);
            }

            @Override
            public int available() throws IOException {
                return available.count();
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    static OutputStream output(Write write, Closeable socket) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[]{(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                write.write(from, offset, length);
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }
}

package sluice.cli.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A connection with blocking reads and writes, on our stack or the kernel's, so that the same HTTP works on both. */
public interface ByteConnection extends AutoCloseable {
    /** Reads at least one byte; -1 at the end of the stream. */
    int read(ByteBuffer into) throws IOException;

    /** Writes all that remains. */
    void write(ByteBuffer from) throws IOException;

    /** Half-closes. */
    void shutdownOutput() throws IOException;

    /** Longest wait of a read, milliseconds, 0 for none; a hint where it cannot be done. */
    void setReadTimeout(int milliseconds) throws IOException;

    /** The peer, for messages. */
    String peer();

    /** Resets it: whoever waits for the peer gets an exception. */
    void abort() throws IOException;

    @Override
    void close() throws IOException;
}

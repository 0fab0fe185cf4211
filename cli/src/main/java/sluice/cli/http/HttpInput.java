package sluice.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The incoming side of an HTTP connection: lines, header fields, and bodies by length or in chunks. */
final class HttpInput {
    static final int MAX_LINE = 16_384;
    /** Of the heap, for each connection: a header comes in a few pieces at most, a body goes past it. */
    private static final int BUFFER_BYTES = 1024;
    private static final int MAX_FIELDS = 100;
    private static final int MAX_CHUNK_LINE = 4096;

    private enum Framing {
        NONE, LENGTH, CHUNKED, UNTIL_CLOSE
    }

    private final ByteConnection connection;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private Framing framing = Framing.NONE;
    private long remaining;
    private boolean chunkOpen;

    HttpInput(ByteConnection connection) {
        this.connection = connection;
    }

    private boolean fill() throws IOException {
        buffer.clear();
        int n;
        try {
            n = connection.read(buffer);
        } catch (IOException e) {
            buffer.limit(0);
            throw e;
        }
        buffer.flip();
        return n >= 0;
    }

    /**
     * A line without its end; null at the end of the stream before its first byte. A bare LF ends it too (RFC 9112
     * section 2.2).
     */
    @Nullable String line(int max, int statusWhenLonger) throws IOException, HttpException {
        StringBuilder line = new StringBuilder(80);
        while (true) {
            if (!buffer.hasRemaining() && !fill()) {
                if (line.isEmpty()) {
                    return null;
                }
                throw new EOFException("the peer closed in the middle of a line");
            }
            int b = buffer.get() & 0xff;
            if (b == '\n') {
                int end = line.length();
                if (end > 0 && line.charAt(end - 1) == '\r') {
                    line.setLength(end - 1);
                }
                if (line.indexOf("\r") >= 0 || line.indexOf("\0") >= 0) {
                    throw new HttpException(400, "a control character in the header");
                }
                return line.toString();
            }
            if (line.length() >= max) {
                throw new HttpException(statusWhenLonger, "a line longer than " + max + " bytes");
            }
            line.append((char) b);
        }
    }

    /** Whether bytes wait that were read already. */
    boolean hasBuffered() {
        return buffer.hasRemaining();
    }

    HttpHeaders headers() throws IOException, HttpException {
        HttpHeaders headers = new HttpHeaders();
        int bytes = 0;
        while (true) {
            String line = line(MAX_LINE, 431);
            if (line == null) {
                throw new EOFException("the peer closed in the middle of the header");
            }
            if (line.isEmpty()) {
                return headers;
            }
            bytes += line.length();
            if (headers.size() >= MAX_FIELDS || bytes > 4 * MAX_LINE) {
                throw new HttpException(431, "the header is too large");
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || !isToken(line.substring(0, colon))) {
                // folded lines too (RFC 9112 section 5.2)
                throw new HttpException(400, "a header line without a proper name");
            }
            headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
    }

    static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    /** Prepares to read a body of {@code length} bytes. */
    void beginLength(long length) {
        framing = Framing.LENGTH;
        remaining = length;
    }

    /** Prepares to read a body in chunks. */
    void beginChunked() {
        framing = Framing.CHUNKED;
        remaining = 0;
        chunkOpen = false;
    }

    /** Prepares to read a body that ends with the connection. */
    void beginUntilClose() {
        framing = Framing.UNTIL_CLOSE;
    }

    /** Whether a body has not been read to its end. */
    boolean bodyOpen() {
        return framing != Framing.NONE && !(framing == Framing.LENGTH && remaining == 0);
    }

    /** Reads body bytes, at least one; -1 at its end. An {@link EOFException} says that the peer closed too early. */
    int body(ByteBuffer into) throws IOException, HttpException {
        if (framing == Framing.CHUNKED && remaining == 0 && !nextChunk() || !bodyOpen()) {
            framing = Framing.NONE;
            return -1;
        }
        int limit = into.limit();
        if (framing != Framing.UNTIL_CLOSE && into.remaining() > remaining) {
            into.limit(into.position() + (int) remaining);
        }
        int n;
        try {
            n = raw(into);
        } finally {
            into.limit(limit);
        }
        if (n < 0) {
            if (framing == Framing.UNTIL_CLOSE) {
                framing = Framing.NONE;
                return -1;
            }
            throw new EOFException("the peer closed " + remaining + " bytes before the end of the body");
        }
        if (framing != Framing.UNTIL_CLOSE) {
            remaining -= n;
        }
        return n;
    }

    private int raw(ByteBuffer into) throws IOException {
        if (!buffer.hasRemaining()) {
            return connection.read(into);
        }
        int n = Math.min(buffer.remaining(), into.remaining());
        into.put(buffer.slice().limit(n));
        buffer.position(buffer.position() + n);
        return n;
    }

    /** Reads the line between two chunks; false after the last one and the trailer. */
    private boolean nextChunk() throws IOException, HttpException {
        if (chunkOpen && !"".equals(line(MAX_CHUNK_LINE, 400))) {
            throw new HttpException(400, "a chunk that does not end where it says");
        }
        String line = line(MAX_CHUNK_LINE, 400);
        if (line == null) {
            throw new EOFException("the peer closed between two chunks");
        }
        int semicolon = line.indexOf(';');
        String size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (size.isEmpty() || size.length() > 15
                || !size.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
            throw new HttpException(400, "\"" + size + "\" is not the size of a chunk");
        }
        remaining = Long.parseLong(size, 16);
        chunkOpen = true;
        if (remaining == 0) {
            headers();
            return false;
        }
        return true;
    }
}

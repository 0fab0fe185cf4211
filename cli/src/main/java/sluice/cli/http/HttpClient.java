package sluice.cli.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A client for one request on one connection. */
public final class HttpClient {
    private final ByteConnection connection;
    private final HttpInput in;
    private int status;
    private HttpHeaders headers = new HttpHeaders();

    /** Takes a connection that is open; the caller closes it. */
    public HttpClient(ByteConnection connection) {
        this.connection = connection;
        this.in = new HttpInput(connection);
    }

    /** Takes a piece of a body. */
    @FunctionalInterface
    public interface Sink {
        /** Takes all that remains in {@code bytes}. */
        void accept(ByteBuffer bytes) throws IOException;
    }

    /** Asks for a file and reads the answer's head; the status. */
    public int get(String host, String target) throws IOException {
        send("GET " + target + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: sluice\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        return readHead();
    }

    /** Uploads a file and reads the answer's head; the status. */
    public int put(String host, String target, Path file, LongConsumer progress) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            send("PUT " + target + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: sluice\r\nContent-Length: " + size
                    + "\r\nConnection: close\r\n\r\n");
            ByteBuffer buffer = TransferBuffers.borrow();
            try {
                for (long done = 0; done < size;) {
                    int n = channel.read(buffer.clear(), done);
                    if (n <= 0) {
                        throw new IOException(file + " became shorter while it was sent");
                    }
                    connection.write(buffer.flip().limit((int) Math.min(n, size - done)));
                    done += n;
                    progress.accept(Math.min(done, size));
                }
            } finally {
                TransferBuffers.giveBack(buffer);
            }
        }
        return readHead();
    }

    private void send(String head) throws IOException {
        connection.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
    }

    private int readHead() throws IOException {
        try {
            do {
                String line = in.line(HttpInput.MAX_LINE, 400);
                if (line == null) {
                    throw new EOFException("the server closed without an answer");
                }
                if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
                    throw new IOException("not an HTTP answer: \""
                            + (line.length() > 60 ? line.substring(0, 60) + "…" : line) + "\"");
                }
                status = Integer.parseInt(line.substring(9, 12));
                headers = in.headers();
            } while (status >= 100 && status < 200);
            frame();
            return status;
        } catch (HttpException e) {
            throw new IOException("a broken answer: " + e.getMessage(), e);
        }
    }

    private void frame() throws IOException {
        String length = headers.get("content-length");
        if (status == 204 || status == 304) {
            in.beginLength(0);
        } else if (headers.has("transfer-encoding", "chunked")) {
            in.beginChunked();
        } else if (length == null) {
            in.beginUntilClose();
        } else {
            if (!length.matches("[0-9]{1,18}")) {
                throw new IOException("a broken answer: Content-Length \"" + length + "\"");
            }
            in.beginLength(Long.parseLong(length));
        }
    }

    /** Length of the body if it is known, else -1. */
    public long contentLength() {
        String length = headers.get("content-length");
        return length == null ? -1 : Long.parseLong(length);
    }

    /** A field of the answer. */
    public @Nullable String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    /** Reads the body to its end; its length. */
    public long body(Sink sink) throws IOException {
        ByteBuffer buffer = TransferBuffers.borrow();
        try {
            long total = 0;
            for (int n = in.body(buffer.clear()); n >= 0; n = in.body(buffer.clear())) {
                sink.accept(buffer.flip());
                total += n;
            }
            return total;
        } catch (HttpException e) {
            throw new IOException("a broken answer: " + e.getMessage(), e);
        } finally {
            TransferBuffers.giveBack(buffer);
        }
    }
}

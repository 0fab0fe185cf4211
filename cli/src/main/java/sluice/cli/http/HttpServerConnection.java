package sluice.cli.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the file server: requests one after the other until either side has enough. Runs on a thread of its
 * own.
 */
final class HttpServerConnection implements Runnable {
    private static final System.Logger LOG = System.getLogger(HttpServerConnection.class.getName());
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'",
            Locale.ENGLISH);
    private static final int IDLE_MS = 60_000;
    /**
     * What is read and thrown away of a body that nobody wanted, so that its sender sees our answer rather than a
     * reset.
     */
    private static final long DRAIN_BYTES = 8 << 20;

    private final ByteConnection connection;
    private final FileStore files;
    private final boolean uploads;
    private final HttpInput in;

    HttpServerConnection(ByteConnection connection, FileStore files, boolean uploads) {
        this.connection = connection;
        this.files = files;
        this.uploads = uploads;
        this.in = new HttpInput(connection);
    }

    @Override
    public void run() {
        try (connection) {
            connection.setReadTimeout(IDLE_MS);
            boolean again = true;
            while (again) {
                again = serveOne();
            }
            connection.shutdownOutput();
            drain();
        } catch (SocketTimeoutException e) {
            // idle: closed without a word
        } catch (IOException | RuntimeException | Error e) {
            LOG.log(Level.DEBUG, () -> "http " + connection.peer() + ": " + e);
        }
    }

    private boolean serveOne() throws IOException {
        HttpRequest request;
        try {
            request = HttpRequest.read(in);
        } catch (HttpException e) {
            respondText(e.status(), e.getMessage(), false, false, "");
            return false;
        }
        if (request == null) {
            return false;
        }
        try {
            serve(request);
        } catch (HttpException e) {
            boolean keep = request.keepAlive() && !in.bodyOpen();
            respondText(e.status(), e.getMessage(), keep, request.method().equals("HEAD"),
                    e.status() == 405 ? allow() : "");
            return keep;
        }
        return request.keepAlive() && !in.bodyOpen();
    }

    private void serve(HttpRequest request) throws IOException, HttpException {
        switch (request.method()) {
            case "GET", "HEAD" -> {
                if (request.hasBody()) {
                    skipBody();
                }
                get(request);
            }
            case "PUT", "POST" -> upload(request);
            default -> respond(204, allow(), -1, request.keepAlive());
        }
    }

    /** What cannot be opened (there is no file descriptor left, say) is so told: nothing has been answered by then. */
    private void get(HttpRequest request) throws IOException, HttpException {
        Path file = files.find(request.path());
        try {
            if (Files.isDirectory(file)) {
                directory(request, file);
            } else {
                file(request, file);
            }
        } catch (FileSystemException e) {
            String reason = e.getReason();
            throw new HttpException(503, "cannot be read now" + (reason == null ? "" : ": " + reason));
        }
    }

    private String allow() {
        return uploads ? "Allow: GET, HEAD, PUT, POST, OPTIONS\r\n" : "Allow: GET, HEAD, OPTIONS\r\n";
    }

    /** RFC 9110 section 13.1.3: seconds are all that the field can tell; a date that is none says nothing. */
    private static boolean isUnchangedSince(HttpHeaders headers, Instant modified) {
        String since = headers.get("if-none-match") == null ? headers.get("if-modified-since") : null;
        if (since == null) {
            return false;
        }
        try {
            Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(since));
            return modified.getEpochSecond() <= then.getEpochSecond();
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void file(HttpRequest request, Path file) throws IOException, HttpException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new HttpException(403, "not a file that can be read");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Instant modified = attributes.lastModifiedTime().toInstant();
            String tag = "\"" + Long.toHexString(size) + "-"
                    + Long.toHexString(attributes.lastModifiedTime().toMillis()) + "\"";
            String common = "ETag: " + tag + "\r\nLast-Modified: " + date(modified) + "\r\nAccept-Ranges: bytes\r\n";
            HttpHeaders headers = request.headers();
            if (headers.has("if-none-match", tag) || headers.has("if-none-match", "*")
                    || isUnchangedSince(headers, modified)) {
                respond(304, common, -1, request.keepAlive());
                return;
            }
            String ifRange = headers.get("if-range");
            boolean whole = ifRange != null && !ifRange.equals(tag) || request.method().equals("HEAD");
            HttpRange range;
            try {
                range = whole ? null : HttpRange.parse(headers.get("range"), size);
            } catch (HttpException e) {
                respondText(416, e.getMessage(), request.keepAlive(), false, "Content-Range: bytes */" + size + "\r\n");
                return;
            }
            String type = URLConnection.guessContentTypeFromName(file.getFileName().toString());
            common += "Content-Type: " + (type == null ? "application/octet-stream" : type) + "\r\n";
            long first = 0;
            long length = size;
            if (range != null) {
                first = range.first();
                length = range.length();
                common += "Content-Range: bytes " + first + "-" + range.last() + "/" + size + "\r\n";
            }
            respond(range == null ? 200 : 206, common, length, request.keepAlive());
            if (request.method().equals("GET")) {
                send(channel, first, length);
            }
        }
    }

    private void send(FileChannel channel, long first, long length) throws IOException {
        ByteBuffer buffer = TransferBuffers.borrow();
        try {
            for (long done = 0; done < length;) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), length - done));
                int n = channel.read(buffer, first + done);
                if (n <= 0) {
                    throw new IOException("the file became shorter while it was sent"); // the close tells the peer
                }
                connection.write(buffer.flip());
                done += n;
            }
        } finally {
            TransferBuffers.giveBack(buffer);
        }
    }

    private void directory(HttpRequest request, Path directory) throws IOException, HttpException {
        if (!request.path().endsWith("/")) {
            String to = request.path().chars().allMatch(c -> c > ' ' && c < 127 && c != '%') ? request.path() + "/"
                    : "/";
            respondText(301, "see " + to, request.keepAlive(), request.method().equals("HEAD"),
                    "Location: " + to + "\r\n");
            return;
        }
        Path index = directory.resolve("index.html");
        if (Files.isRegularFile(index)) {
            file(request, files.find(request.path() + "index.html"));
            return;
        }
        StringBuilder page = new StringBuilder(
                "<!DOCTYPE html>\n<title>" + escape(request.path()) + "</title>\n<ul>\n");
        try (Stream<Path> list = Files.list(directory)) {
            list.sorted().limit(10_000).forEach(file -> {
                String name = file.getFileName() + (Files.isDirectory(file) ? "/" : "");
                page.append("<li><a href=\"").append(encode(name)).append("\">").append(escape(name)).append("</a>\n");
            });
        }
        byte[] bytes = page.append("</ul>\n").toString().getBytes(UTF_8);
        respond(200, "Content-Type: text/html; charset=utf-8\r\n", bytes.length, request.keepAlive());
        if (request.method().equals("GET")) {
            connection.write(ByteBuffer.wrap(bytes));
        }
    }

    private void upload(HttpRequest request) throws IOException, HttpException {
        if (!uploads) {
            throw new HttpException(405, "this directory is to be read only");
        }
        if (!request.hasBody()) {
            throw new HttpException(411, "an upload needs Content-Length or Transfer-Encoding: chunked");
        }
        Path target = files.target(request.path());
        if (request.continueExpected() && !in.hasBuffered()) {
            connection.write(ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(UTF_8)));
        }
        boolean created;
        try {
            created = files.store(target, in);
        } catch (EOFException | SocketTimeoutException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new HttpException(507, "cannot store it: " + e.getClass().getSimpleName());
        }
        String at = "/" + files.root().relativize(target).toString().replace('\\', '/');
        respondText(created ? 201 : 200, "stored " + at, request.keepAlive(), false,
                "Location: " + encode(at) + "\r\n");
    }

    private void skipBody() throws IOException, HttpException {
        ByteBuffer buffer = TransferBuffers.borrow();
        try {
            long skipped = 0;
            for (int n = in.body(buffer.clear()); n >= 0; n = in.body(buffer.clear())) {
                skipped += n;
                if (skipped > DRAIN_BYTES) {
                    throw new HttpException(413, "too long a body for nothing");
                }
            }
        } finally {
            TransferBuffers.giveBack(buffer);
        }
    }

    private void drain() throws IOException {
        connection.setReadTimeout(2_000);
        ByteBuffer buffer = TransferBuffers.borrow();
        try {
            long drained = 0;
            for (int n = connection.read(buffer.clear()); n >= 0
                    && drained < DRAIN_BYTES; n = connection.read(buffer.clear())) {
                drained += n;
            }
        } finally {
            TransferBuffers.giveBack(buffer);
        }
    }

    private void respondText(int status, @Nullable String text, boolean keep, boolean head, String fields)
            throws IOException {
        byte[] body = (text + "\n").getBytes(UTF_8);
        respond(status, fields + "Content-Type: text/plain; charset=utf-8\r\n", body.length, keep);
        if (!head) {
            connection.write(ByteBuffer.wrap(body));
        }
    }

    private void respond(int status, String fields, long length, boolean keep) throws IOException {
        String head = "HTTP/1.1 " + status + " " + HttpException.reason(status) + "\r\nDate: " + date(Instant.now())
                + "\r\nServer: sluice\r\n" + fields
                + (length >= 0 ? "Content-Length: " + length + "\r\n" : "")
                + (keep ? "Connection: keep-alive\r\n" : "Connection: close\r\n") + "\r\n";
        connection.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
    }

    private static String date(Instant when) {
        return DATE.format(when.atZone(ZoneOffset.UTC));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static String encode(String name) {
        StringBuilder out = new StringBuilder();
        for (byte b : name.getBytes(UTF_8)) {
            if (b > ' ' && b < 127 && "\"<>%#?\\^`{|}".indexOf(b) < 0) {
                out.append((char) b);
            } else {
                out.append(String.format("%%%02X", b));
            }
        }
        return out.toString();
    }
}

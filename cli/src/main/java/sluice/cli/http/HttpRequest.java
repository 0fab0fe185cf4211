package sluice.cli.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request's head, checked.
 *
 * @param method in capitals
 * @param path decoded, beginning with a slash, without query
 * @param keepAlive whether the connection may be used again
 * @param continueExpected whether the client waits for "100 Continue"
 * @param hasBody whether a body follows, as {@link HttpInput} is prepared for
 */
record HttpRequest(String method, String path, HttpHeaders headers, boolean keepAlive, boolean continueExpected,
        boolean hasBody) {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "OPTIONS");

    /** Reads the next request; null when the peer has closed between two. */
    static @Nullable HttpRequest read(HttpInput in) throws IOException, HttpException {
        String line = in.line(HttpInput.MAX_LINE, 414);
        if (line != null && line.isEmpty()) {
            // an empty line before a request is forgiven (RFC 9112 section 2.2)
            line = in.line(HttpInput.MAX_LINE, 414);
        }
        if (line == null) {
            return null;
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !HttpInput.isToken(parts[0])) {
            throw new HttpException(400, "not a request line");
        }
        boolean version11 = parts[2].equals("HTTP/1.1");
        if (!version11 && !parts[2].equals("HTTP/1.0")) {
            throw parts[2].matches("HTTP/[0-9]\\.[0-9]") && !parts[2].startsWith("HTTP/1.")
                    ? new HttpException(505, "this server speaks HTTP/1.1")
                    : new HttpException(400, "not a request line");
        }
        HttpHeaders headers = in.headers();
        if (version11 && headers.count("host") != 1) {
            throw new HttpException(400, "a request needs one Host field");
        }
        if (!METHODS.contains(parts[0])) {
            throw new HttpException(501, "method " + parts[0] + " is not implemented");
        }
        boolean body = frameBody(in, headers, version11);
        boolean expects = expectation(headers, version11);
        boolean keep = version11 ? !headers.has("connection", "close") : headers.has("connection", "keep-alive");
        return new HttpRequest(parts[0], path(parts[1]), headers, keep, expects, body);
    }

    private static boolean expectation(HttpHeaders headers, boolean version11) throws HttpException {
        String expect = headers.get("expect");
        if (expect == null || !version11) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new HttpException(417, "only 100-continue can be expected");
        }
        return true;
    }

    private static boolean frameBody(HttpInput in, HttpHeaders headers, boolean version11) throws HttpException {
        String encoding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        if (encoding != null) {
            if (length != null || !version11) {
                // RFC 9112 section 6.3: a smuggler
                throw new HttpException(400, "both Transfer-Encoding and Content-Length");
            }
            if (!encoding.equalsIgnoreCase("chunked")) {
                throw new HttpException(501, "only chunked is implemented");
            }
            in.beginChunked();
            return true;
        }
        if (length == null) {
            in.beginLength(0);
            return false;
        }
        if (length.isEmpty() || length.length() > 18 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new HttpException(400, "\"" + length + "\" is not a Content-Length");
        }
        in.beginLength(Long.parseLong(length));
        return true;
    }

    private static String path(String target) throws HttpException {
        String path = target;
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            int slash = target.indexOf('/', 7);
            path = slash < 0 ? "/" : target.substring(slash);
        } else if (target.equals("*")) {
            path = "/";
        }
        int query = path.indexOf('?');
        path = query < 0 ? path : path.substring(0, query);
        if (!path.startsWith("/")) {
            throw new HttpException(400, "the target must begin with a slash");
        }
        byte[] out = new byte[path.length()];
        int n = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                int high = i + 2 < path.length() ? hex(path.charAt(i + 1)) : -1;
                int low = high >= 0 ? hex(path.charAt(i + 2)) : -1;
                if (low < 0) {
                    throw new HttpException(400, "a broken escape in the target");
                }
                out[n++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[n++] = (byte) c;
            }
        }
        return new String(out, 0, n, StandardCharsets.UTF_8);
    }

    private static int hex(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}

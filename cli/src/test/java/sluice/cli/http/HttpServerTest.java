package sluice.cli.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.cli.TwoStacks;

/** The file server over two hosts in memory, with requests byte by byte as a client may send them. */
class HttpServerTest {
    @TempDir
    Path directory;

    private TwoStacks stacks;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        stacks = new TwoStacks();
        server = HttpServer.start(stacks.b, directory, 80, true);
        Files.writeString(directory.resolve("abc.txt"), "abcdefghij");
        Files.writeString(directory.getParent().resolve("secret-" + directory.getFileName()), "secret");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        stacks.close();
        Files.delete(directory.getParent().resolve("secret-" + directory.getFileName()));
    }

    /** Sends a text and reads until the server closes. */
    private String talk(String request) throws IOException {
        return talk(80, request);
    }

    private String talk(int port, String request) throws IOException {
        try (Socket socket = stacks.connect(port)) {
            byte[] bytes = request.getBytes(ISO_8859_1);
            socket.getOutputStream().write(bytes);
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private String get(String target, String fields) throws IOException {
        return talk("GET " + target + " HTTP/1.1\r\nHost: b\r\nConnection: close\r\n" + fields + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({"PUT /abc.txt", "PUT /new", "POST /"})
    void nobodyWritesUnlessLetIn(String request) throws Exception {
        try (HttpServer readOnly = HttpServer.start(stacks.b, directory, 81, false)) {
            assertThat(talk(81, request + " HTTP/1.1\r\nHost: b\r\nConnection: close\r\nContent-Length: 3\r\n\r\nxyz"))
                    .startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD, OPTIONS\r\n");
            assertThat(talk(81, "OPTIONS / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"))
                    .contains("Allow: GET, HEAD, OPTIONS\r\n");
            assertThat(talk(81, "GET /abc.txt HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"))
                    .endsWith("abcdefghij");
        }
        assertThat(Files.readString(directory.resolve("abc.txt"))).isEqualTo("abcdefghij");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Sun, 06 Nov 1994 08:49:37 GMT|304", "Sun, 06 Nov 1994 08:49:38 GMT|304",
        "Sun, 06 Nov 1994 08:49:36 GMT|200", "yesterday|200"})
    void whatDidNotChangeSinceIsNotSentAgain(String date, int status) throws IOException {
        Files.setLastModifiedTime(directory.resolve("abc.txt"),
                FileTime.from(Instant.parse("1994-11-06T08:49:37.500Z")));
        assertThat(get("/abc.txt", "If-Modified-Since: " + date + "\r\n")).startsWith("HTTP/1.1 " + status);
        assertThat(get("/abc.txt", "If-None-Match: \"other\"\r\nIf-Modified-Since: " + date + "\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void servesAFile() throws IOException {
        assertThat(get("/abc.txt", "")).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Length: 10\r\n")
                .endsWith("\r\n\r\nabcdefghij");
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-2,206,abc", "bytes=7-,206,hij", "bytes=-2,206,ij", "bytes=5-100,206,fghij",
        "bytes=-11,206,abcdefghij",
        "bytes=10-,416,the file has 10 bytes",
        "bytes=4-2,200,abcdefghij",
        "bytes=a-b,200,abcdefghij", "lines=1-2,200,abcdefghij", "bytes=-0,416,the file has 10 bytes"})
    void servesRanges(String range, int status, String body) throws IOException {
        assertThat(get("/abc.txt", "Range: " + range + "\r\n")).startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\n\r\n" + body);
    }

    @Test
    void keepsTheConnectionForPipelinedRequests() throws IOException {
        String one = "GET /abc.txt HTTP/1.1\r\nHost: b\r\n\r\n";
        String answer = talk(
                one + "HEAD /abc.txt HTTP/1.1\r\nHost: b\r\n\r\n" + one.replace("Host", "Connection: close\r\nHost"));
        assertThat(answer.split("HTTP/1.1 200 OK", -1)).hasSize(4);
        assertThat(answer.split("abcdefghij", -1)).hasSize(3);
    }

    @Test
    void storesUploadsOfBothFramings() throws IOException {
        byte[] data = new byte[3_000_000];
        new Random(1).nextBytes(data);
        String text = new String(data, ISO_8859_1);
        assertThat(talk("PUT /one HTTP/1.1\r\nHost: b\r\nConnection: close\r\nContent-Length: " + data.length
                + "\r\n\r\n" + text)).startsWith("HTTP/1.1 201");
        StringBuilder chunks = new StringBuilder(
                "POST /two HTTP/1.1\r\nHost: b\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < data.length; at += 70_000) {
            String piece = text.substring(at, Math.min(data.length, at + 70_000));
            chunks.append(Integer.toHexString(piece.length())).append(";x=y\r\n").append(piece).append("\r\n");
        }
        assertThat(talk(chunks + "0\r\nTrailer: t\r\n\r\n")).startsWith("HTTP/1.1 201");
        assertThat(directory.resolve("one")).hasBinaryContent(data);
        assertThat(directory.resolve("two")).hasBinaryContent(data);
        assertThat(directory)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith(".sluice-part"));
    }

    @Test
    void anUnfinishedUploadLeavesNothing() throws IOException, InterruptedException {
        try (Socket socket = stacks.connect(80)) {
            byte[] bytes = "PUT /half HTTP/1.1\r\nHost: b\r\nContent-Length: 100\r\n\r\nhalf".getBytes(ISO_8859_1);
            socket.getOutputStream().write(bytes);
        }
        for (int i = 0; i < 100 && server.connections() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(server.connections()).isZero();
        assertThat(directory.toFile().list()).containsExactly("abc.txt");
    }

    @ParameterizedTest
    @CsvSource({"GET /../secret HTTP/1.1,403", "GET /%2e%2e/secret HTTP/1.1,403", "GET /x%00y HTTP/1.1,403",
        "GET /nope HTTP/1.1,404", "GET abc HTTP/1.1,400",
        "GET / HTTP/2.0,505", "GET / HTTP/1.x,400", "GET /,400", "BREW / HTTP/1.1,501", "GET /%zz HTTP/1.1,400",
        "PUT /x HTTP/1.1,411",
        "PUT /no/dir HTTP/1.1,411"})
    void refuses(String line, int status) throws IOException {
        assertThat(talk(line + "\r\nHost: b\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 " + status + " ");
    }

    /** RFC 9112 section 3.2: a request of HTTP/1.1 names its host once; one of 1.0 need not. */
    @ParameterizedTest
    @CsvSource({"GET /abc.txt HTTP/1.1,'',400", "GET /abc.txt HTTP/1.1,'Host: b\\r\\nHost: c\\r\\n',400",
        "GET /abc.txt HTTP/1.0,'',200", "GET /abc.txt HTTP/1.1,'Host: b\\r\\n',200"})
    void theHostIsNamedOnce(String line, String hosts, int status) throws IOException {
        assertThat(talk(line + "\r\n" + hosts.replace("\\r\\n", "\r\n") + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void linksDoNotLeadOut() throws IOException {
        Path secret = directory.getParent().resolve("secret-" + directory.getFileName());
        Files.createSymbolicLink(directory.resolve("link"), secret);
        Files.createSymbolicLink(directory.resolve("up"), directory.getParent());
        Files.createSymbolicLink(directory.resolve("inside"), directory.resolve("abc.txt"));
        assertThat(get("/link", "")).startsWith("HTTP/1.1 403 ");
        assertThat(get("/up/" + secret.getFileName(), "")).startsWith("HTTP/1.1 403 ");
        assertThat(talk("PUT /up/new HTTP/1.1\r\nHost: b\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(get("/inside", "")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 1\\r\\nTransfer-Encoding: chunked,400", "Content-Length: -1,400",
        "Content-Length: 1\\r\\nContent-Length: 2,400",
        "' folded: x',400",
        "No colon,400", "Expect: miracles,417", "Transfer-Encoding: gzip,501"})
    void refusesHeaders(String fields, int status) throws IOException {
        assertThat(talk(
                "PUT /x HTTP/1.1\r\nHost: b\r\nConnection: close\r\n" + fields.replace("\\r\\n", "\r\n") + "\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void limitsTheHeader() throws IOException {
        assertThat(talk("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n")).startsWith("HTTP/1.1 414");
        assertThat(talk("GET / HTTP/1.1\r\nHost: b\r\n" + "X: y\r\n".repeat(200))).startsWith("HTTP/1.1 431");
    }

    @Test
    void asksForTheBodyThatIsHeldBack() throws IOException {
        try (Socket socket = stacks.connect(80)) {
            byte[] head = ("PUT /e HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\nContent-Length: 4\r\n"
                    + "Connection: close\r\n\r\n").getBytes(ISO_8859_1);
            socket.getOutputStream().write(head);
            byte[] buffer = new byte[100];
            int n = socket.getInputStream().read(buffer);
            assertThat(new String(buffer, 0, n, ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write("body".getBytes(ISO_8859_1));
            n = socket.getInputStream().read(buffer);
            assertThat(new String(buffer, 0, n, ISO_8859_1)).startsWith("HTTP/1.1 201 Created");
        }
        assertThat(directory.resolve("e")).hasContent("body");
    }

    @Test
    void theClientFetchesAndUploads() throws IOException {
        try (ChannelConnection connection = ChannelConnection.open(stacks.a, TwoStacks.B, 80)) {
            HttpClient client = new HttpClient(connection);
            assertThat(client.put("b", "/up", directory.resolve("abc.txt"), done -> {
            })).isEqualTo(201);
            client.body(bytes -> bytes.position(bytes.limit()));
        }
        try (ChannelConnection connection = ChannelConnection.open(stacks.a, TwoStacks.B, 80)) {
            HttpClient client = new HttpClient(connection);
            assertThat(client.get("b", "/up")).isEqualTo(200);
            assertThat(client.contentLength()).isEqualTo(10);
            assertThat(client.body(bytes -> bytes.position(bytes.limit()))).isEqualTo(10);
        }
    }
}

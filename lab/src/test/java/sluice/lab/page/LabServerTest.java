package sluice.lab.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonReader;

/** The server behind the live page: what it answers to good, wrong and hostile requests. */
class LabServerTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static LabServer server;

    @BeforeAll
    static void start() throws IOException {
        server = LabServer.start(0);
    }

    @AfterAll
    static void stop() {
        server.close();
        CLIENT.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(server.address().resolve(path)).build(), BodyHandlers.ofString());
    }

    private static JsonObject run(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonReader.readObject(answer.body()).objects("experiments").getFirst();
    }

    @Test
    void pagesAndTheirParts() throws Exception {
        for (String path : List.of("", "index.html", "handshake.html", "page/lab.css", "page/words.js", "data/list.js",
                "vendor/uPlot.iife.min.js", "data/handshake.js")) {
            HttpResponse<String> answer = get("/" + path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
        }
        assertThat(get("/").body()).contains("data-live=\"true\"");
        assertThat(get("/data/handshake.js").body()).startsWith("window.LAB_RUN = {");
    }

    @Test
    void runsUnderOtherConditions() throws Exception {
        assertThat(run(get("/run/handshake.json")).flag("passed")).isTrue();
        JsonObject changed = run(get("/run/handshake.json?seed=7&netem=delay+20ms&set=client:tcp_sack%3D0"));
        assertThat(changed.number("seed", 0)).isEqualTo(7);
        assertThat(changed.flag("asWritten")).isFalse();
        assertThat(changed.text("netem")).isEqualTo("delay 20ms");
        assertThat(changed.objects("stages").getFirst().object("settings").texts("client")).contains("tcp_sack=0");
    }

    @Test
    void capturesAreThoseOfTheSameRun() throws Exception {
        JsonObject changed = run(get("/run/syn-flood.json?seed=3"));
        List<String> files = changed.texts("files");
        assertThat(files).hasSize(3);
        for (String file : List.of(files.getLast(), "capture/flow-200.pcapng")) {
            HttpResponse<byte[]> capture = CLIENT.send(HttpRequest.newBuilder(server.address().resolve(file)).build(),
                    BodyHandlers.ofByteArray());
            assertThat(capture.statusCode()).isEqualTo(200);
            assertThat(capture.body()).as("a pcapng section").hasSizeGreaterThan(200).startsWith(0x0a, 0x0d, 0x0d,
                    0x0a);
        }
        assertThat(get("/capture/syn-flood-4.pcapng").statusCode()).isEqualTo(404);
    }

    /** One clear line, which the page shows as text. */
    @ParameterizedTest
    @ValueSource(
            strings = {"netem=loss+nonsense", "netem=delay", "set=nosuch%3D1", "set=tcp_sack", "set=tcp_sack%3Dmany",
                "set=%3D", "seed=many", "seed=99999999999999999999", "set=tcp_congestion_control%3Dnosuch", "color=red",
                "seed=%zz",
                "set=%3Cscript%3Ealert(1)%3C/script%3E%3D1", "set=a%0Ab%3D1"})
    void aWrongSettingIsOneLine(String query) throws Exception {
        HttpResponse<String> answer = get0("/run/handshake.json?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(JsonReader.readObject(answer.body()).text("error")).isNotBlank().doesNotContain("\n")
                .doesNotContain("Exception").hasSizeLessThan(300);
    }

    /** Queries that java.net.URI refuses are sent by hand. */
    private static HttpResponse<String> get0(String path) throws Exception {
        try {
            return get(path);
        } catch (IllegalArgumentException e) {
            return get(path.replace("%zz", "%25zz"));
        }
    }

    @Test
    void tooMuchIsRefused() throws Exception {
        assertThat(get("/run/handshake.json?set=" + "x".repeat(5000)).statusCode()).isEqualTo(400);
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            many.append("&set=h").append(i).append(":tcp_sack%3D0");
        }
        assertThat(get("/run/handshake.json?" + many).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/page/../../../etc/passwd", "//etc/passwd",
        "/page/%2e%2e/lab.css", "/data/../index.js", "/run/..%2f.json", "/capture/nosuch.pcapng", "/run/nosuch.json",
        "/page/", "/experiment.html", "/%00"})
    void nothingElseIsServed(String path) throws Exception {
        assertThat(raw("GET", path, "127.0.0.1")).as(path).matches("(?s)HTTP/1\\.1 (404|400) .*")
                .doesNotContain("root:");
    }

    /** A page elsewhere whose name was made to resolve to this machine. */
    @Test
    void anotherNameIsRefused() throws Exception {
        assertThat(raw("GET", "/", "evil.example")).startsWith("HTTP/1.1 403 ");
        assertThat(raw("GET", "/", "localhost:1")).startsWith("HTTP/1.1 200 ");
        assertThat(raw("POST", "/run/handshake.json", "127.0.0.1")).startsWith("HTTP/1.1 405 ");
    }

    private static String raw(String method, String path, String host) throws IOException {
        String request = String.join("\r\n", method + " " + path + " HTTP/1.1", "Host: " + host, "Content-Length: 0",
                "Connection: close", "", "");
        URI at = server.address();
        try (Socket s = new Socket(at.getHost(), at.getPort())) {
            s.setSoTimeout(10_000);
            OutputStream out = s.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = s.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Whoever asks at the same time gets his own run, the same as alone. */
    @Test
    void manyAtOnce() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            URI at = server.address()
                    .resolve("/run/" + (i % 2 == 0 ? "handshake" : "flow-200") + ".json?seed=" + i % 4);
            all.add(CLIENT.sendAsync(HttpRequest.newBuilder(at).build(), BodyHandlers.ofString()));
        }
        for (int i = 0; i < all.size(); i++) {
            JsonObject alone = run(all.get(i).get());
            assertThat(alone.flag("passed")).isTrue();
            assertThat(all.get(i).get().body()).isEqualTo(all.get(i % 4).get().body());
        }
    }

    @Test
    void aLongRunIsEnded() throws Exception {
        try (LabServer impatient = LabServer.start(0, Duration.ofMillis(1))) {
            HttpResponse<String> answer = CLIENT.send(
                    HttpRequest.newBuilder(impatient.address().resolve("/run/cwnd-story.json")).build(),
                    BodyHandlers.ofString());
            assertThat(run(answer).text("ended")).contains("it took longer than");
        }
    }
}

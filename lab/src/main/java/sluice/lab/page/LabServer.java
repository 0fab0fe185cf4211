package sluice.lab.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.lab.Experiment;
import sluice.lab.JsonReport;
import sluice.lab.Lab;
import sluice.lab.LabFiles;
import sluice.lab.Result;
import sluice.lab.TimeLimit;
import sluice.lab.Variation;
import sluice.lab.experiments.Experiments;
import sluice.observe.json.JsonWriter;

/**
 * The pages with their controls alive, for browsers on this machine: {@code /run/ID.json?seed=…&netem=…&set=…} runs an
 * experiment, {@code /capture/ID.pcapng?…} gives its packets. A setting that is none is answered by status 400 and one
 * line. Runs are one at a time and end after a time limit; any number of requests may wait for them, each for so long
 * at most. Whoever asks under another name than this machine's is refused (a page elsewhere whose name resolves to
 * here). Thread-safe.
 */
public final class LabServer implements AutoCloseable {
    /** Real time that a run may take. */
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern RUN = Pattern.compile("run/([a-z0-9-]+)\\.json");
    private static final Pattern DATA = Pattern.compile("data/([a-z0-9-]+)\\.js");
    private static final Pattern CAPTURE = Pattern.compile("capture/([a-z0-9-]+?)(?:-(\\d{1,3}))?\\.pcapng");
    private static final Pattern HERE = Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d+)?");

    private record Answer(int status, String type, byte[] body) {}

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> files = new PageParts(true).files();
    private final Semaphore running = new Semaphore(1, true);
    private final Duration limit;

    private LabServer(HttpServer http, Duration limit) {
        this.http = http;
        this.limit = limit;
    }

    /** Serves on 127.0.0.1, port 0 for any that is free. */
    public static LabServer start(int port) throws IOException {
        return start(port, LIMIT);
    }

    static LabServer start(int port, Duration limit) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
        LabServer server = new LabServer(http, limit);
        http.createContext("/", server::handle);
        http.setExecutor(server.threads);
        http.start();
        return server;
    }

    /** Where the index is. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer a = answer(exchange);
            exchange.getResponseHeaders().set("Content-Type", a.type);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Content-Security-Policy",
                    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(a.status, head || a.body.length == 0 ? -1 : a.body.length);
            if (!head && a.body.length > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(a.body);
                }
            }
        }
    }

    private Answer answer(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host == null || !HERE.matcher(host).matches()) {
            return wrong(403, "this server answers to 127.0.0.1 only");
        }
        if (!exchange.getRequestMethod().equals("GET") && !exchange.getRequestMethod().equals("HEAD")) {
            return wrong(405, "GET and HEAD only");
        }
        String path = exchange.getRequestURI().getPath();
        String name = path == null || path.equals("/") ? "index.html" : path.substring(1);
        byte[] file = files.get(name);
        if (file != null) {
            return new Answer(200, PageParts.type(name), file);
        }
        try {
            return ofRun(name, exchange.getRequestURI().getRawQuery());
        } catch (IllegalArgumentException e) {
            return wrong(400, RunRequest.oneLine(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            return wrong(500, RunRequest.oneLine(e.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return wrong(503, "the server ends");
        }
    }

    private static Answer wrong(int status, String line) {
        String json = new JsonWriter().beginObject().field("error", line).endObject().toString();
        return new Answer(status, "application/json; charset=utf-8", json.getBytes(UTF_8));
    }

    private Answer ofRun(String name, @Nullable String query) throws IOException, InterruptedException {
        Matcher run = RUN.matcher(name);
        Matcher data = DATA.matcher(name);
        Matcher capture = CAPTURE.matcher(name);
        if (run.matches()) {
            Experiment e = Experiments.find(run.group(1));
            return e == null ? notThere() : json(run(e, RunRequest.parse(query)), false);
        }
        if (data.matches()) {
            Experiment e = Experiments.find(data.group(1));
            return e == null ? notThere() : json(run(e, Variation.NONE), true);
        }
        return capture.matches() ? capture(capture, query) : notThere();
    }

    private static Answer notThere() {
        return wrong(404, "there is no such page");
    }

    private @Nullable Result run(Experiment e, Variation v) throws InterruptedException {
        if (!running.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return null;
        }
        try {
            return Lab.run(e, v, TimeLimit.of(limit));
        } finally {
            running.release();
        }
    }

    private static Answer json(@Nullable Result r, boolean asScript) {
        if (r == null) {
            return busy();
        }
        String query = RunRequest.query(r.variation());
        List<String> captures = IntStream.range(0, r.stages().size())
                .mapToObj(i -> "capture/" + LabFiles.captureName(r, i) + "?" + query).toList();
        String json = JsonReport.of(List.of(r), List.of(captures));
        return asScript ? new Answer(200, PageParts.type("x.js"), PageParts.script("LAB_RUN", json))
                : new Answer(200, "application/json; charset=utf-8", json.getBytes(UTF_8));
    }

    private static Answer busy() {
        return wrong(503, "other runs go on: try again");
    }

    private Answer capture(Matcher name, @Nullable String query) throws IOException, InterruptedException {
        Experiment whole = Experiments.find(name.group(1) + (name.group(2) == null ? "" : "-" + name.group(2)));
        Experiment e = whole != null ? whole : Experiments.find(name.group(1));
        if (e == null) {
            return notThere();
        }
        Result r = run(e, RunRequest.parse(query));
        if (r == null) {
            return busy();
        }
        int stage = whole != null ? 0 : Integer.parseInt(name.group(2)) - 1;
        if (stage < 0 || stage >= r.stages().size()) {
            return notThere();
        }
        Path file = Files.createTempFile("sluice-lab-", ".pcapng");
        try {
            r.stages().get(stage).world().log().pcapng(file);
            return new Answer(200, "application/octet-stream", Files.readAllBytes(file));
        } finally {
            Files.delete(file);
        }
    }
}

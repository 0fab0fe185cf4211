package sluice.virtual;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static sluice.virtual.assertj.VirtualAssertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.Seeds;
import sluice.virtual.junit.VirtualNetwork;

/** The JDK's HTTP server and client, unmodified. */
@VirtualNetwork
@Link(between = {"client", "server"}, netem = "delay 25ms loss 2%")
class HttpTest {
    private static final int REQUESTS = 100;

    static void serve() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(80), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", exchange -> {
            byte[] body = ("you asked for " + exchange.getRequestURI()).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/slow", exchange -> {
            sleep(Duration.ofMinutes(5));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String get(HttpClient http, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://server" + path)).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void aHundredRequestsOverALossyPath(Network net) throws Exception {
        net.host("server").start(HttpTest::serve);
        net.host("client").run(() -> {
            HttpClient http = HttpClient.newHttpClient();
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(get(http, "/" + i)).isEqualTo("you asked for /" + i);
            }
        });
        assertThat(net.elapsed()).isBetween(Duration.ofMillis(50 * REQUESTS), Duration.ofSeconds(60));
        assertThat(net.host("client").retransmissions()).isNotEmpty();
    }

    /** On threads of its pool, which inherit nothing from their makers. */
    @Test
    void requestsWithoutWaiting(Network net) throws Exception {
        net.host("server").start(HttpTest::serve);
        net.host("client").run(() -> {
            HttpClient http = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://server/" + i)).build();
                all.add(http.sendAsync(request, BodyHandlers.ofString()));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(all.get(i).join().body()).isEqualTo("you asked for /" + i);
            }
        });
    }

    @Seeds(20)
    void aConnectIntoABlackHoleTakesItsTimeLimit(Network net) throws Exception {
        net.link("client", "server").cut();
        net.host("client").run(() -> {
            HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
            assertThatExceptionOfType(HttpConnectTimeoutException.class).isThrownBy(() -> get(http, "/"));
        });
        assertThat(net.elapsed().toNanos() / 1e6).isCloseTo(10_000, within(1.0));
    }

    @Test
    void aRequestHasATimeLimit(Network net) throws Exception {
        net.host("server").start(HttpTest::serve);
        net.host("client").run(() -> {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://server/slow"))
                    .timeout(Duration.ofMinutes(1)).build();
            assertThatExceptionOfType(HttpTimeoutException.class)
                    .isThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.discarding()))
                    .withMessage("request timed out");
        });
        assertThat(net.elapsed().toMillis()).isBetween(60_000L, 60_010L);
    }

    @Test
    void urlConnectionsToo(Network net) throws Exception {
        net.host("server").start(HttpTest::serve);
        String said = net.host("client").call(() -> {
            try (var in = URI.create("http://server/file").toURL().openStream()) {
                return new String(in.readAllBytes(), UTF_8);
            }
        });
        assertThat(said).isEqualTo("you asked for /file");
    }
}

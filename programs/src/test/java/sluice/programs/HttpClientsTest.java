package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.engine.Stack;
import sluice.link.linux.NetworkNamespace;
import sluice.sockets.SluiceSockets;

/** OkHttp and Apache's HttpClient over a TUN device, with the JDK's HTTP server on the kernel's sockets. */
class HttpClientsTest {
    private static final int PORT = 8080;
    private static final int NOBODY_LISTENS = 8081;
    private static final int WORKERS = 16;
    private static final int REQUESTS = 20;
    private static final CountDownLatch END = new CountDownLatch(1);
    private static NetworkNamespace namespace;
    private static HttpServer server;
    private static ExecutorService handlers;

    @BeforeAll
    static void start() throws Exception {
        Machine.requireDevices();
        namespace = NetworkNamespace.createPrivate();
        server = namespace.call(() -> HttpServer.create(new InetSocketAddress("0.0.0.0", PORT), 100));
        handlers = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(handlers);
        server.createContext("/echo", HttpClientsTest::echo);
        server.createContext("/never", HttpClientsTest::waitForTheEnd);
        server.start();
    }

    @AfterAll
    static void end() {
        END.countDown();
        if (server != null) {
            server.stop(0);
            handlers.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    /** In chunks. */
    private static void echo(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : 0);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void waitForTheEnd(HttpExchange exchange) {
        try {
            END.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static String url(int port, String path) {
        return "http://" + OverTun.KERNEL + ":" + port + path;
    }

    private static String body(int i) {
        return ("request " + i + " ").repeat(i * 1000 + 1);
    }

    /** Sends a body, answers with the body of the response. */
    private interface Client {
        String post(String url, String body) throws IOException;
    }

    private static void manyAtATime(Client client) throws Exception {
        List<Future<Boolean>> all = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < WORKERS; w++) {
                all.add(workers.submit(() -> {
                    for (int i = 0; i < REQUESTS; i++) {
                        String answer = client.post(url(PORT, "/echo"), body(i));
                        assertThat(answer.equals(body(i))).as("request " + i).isTrue();
                    }
                    return true;
                }));
            }
            for (Future<Boolean> f : all) {
                assertThat(f.get()).isTrue();
            }
        }
    }

    private static void failuresAreTheUsualOnes(Client client) {
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> client.post(url(NOBODY_LISTENS, "/"), "x")).withStackTraceContaining("refused");
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> client.post(url(PORT, "/never"), "x")).withMessage("timeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "delay 1ms loss 2%"})
    void okHttp(String path) throws Exception {
        try (OverTun over = new OverTun(namespace, path)) {
            OkHttpClient http = new OkHttpClient.Builder()
                    .socketFactory(SluiceSockets.of(over.stack).socketFactory()).build();
            manyAtATime((url, body) -> okHttp(http, url, body));
            OkHttpClient impatient = http.newBuilder().readTimeout(Duration.ofMillis(300)).build();
            failuresAreTheUsualOnes((url, body) -> okHttp(impatient, url, body));
            http.connectionPool().evictAll();
        }
    }

    private static String okHttp(OkHttpClient http, String url, String body) throws IOException {
        Request request = new Request.Builder().url(url)
                .post(RequestBody.create(body.getBytes(UTF_8), MediaType.get("text/plain"))).build();
        try (Response response = http.newCall(request).execute()) {
            return response.body().string();
        }
    }

    /** The one place where it takes sockets from others. */
    private static final class OnStack extends PoolingHttpClientConnectionManagerBuilder {
        private final SluiceSockets sockets;

        OnStack(Stack stack) {
            sockets = SluiceSockets.of(stack);
        }

        @Override
        protected HttpClientConnectionOperator createConnectionOperator(SchemePortResolver ports, DnsResolver names,
                TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(proxy -> sockets.socket(), ports, names,
                    RegistryBuilder.<TlsSocketStrategy>create().register("https", tls).build());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "delay 1ms loss 2%"})
    void apache(String path) throws Exception {
        try (OverTun over = new OverTun(namespace, path);
                CloseableHttpClient http = HttpClients.custom().disableAutomaticRetries().setConnectionManager(
                        new OnStack(over.stack).setMaxConnPerRoute(WORKERS).build()).build()) {
            manyAtATime((url, body) -> apache(http, url, body));
        }
    }

    private static String apache(CloseableHttpClient http, String url, String body) throws IOException {
        HttpPost post = new HttpPost(url);
        post.setEntity(new StringEntity(body));
        return http.execute(post, response -> EntityUtils.toString(response.getEntity()));
    }
}

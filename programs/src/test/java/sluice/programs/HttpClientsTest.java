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
import org.junit.jupiter.params.provider.CsvSource;
import sluice.engine.Stack;
import sluice.link.linux.NetworkNamespace;
import sluice.sockets.SluiceSockets;

/**
 * OkHttp and Apache's HttpClient, with the JDK's HTTP server on the kernel's sockets at the other end of a TUN device,
 * and on another stack in memory.
 */
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
        handlers = Executors.newVirtualThreadPerTaskExecutor();
        server = namespace.call(HttpClientsTest::serve);
    }

    /** On the sockets that the calling thread belongs to. */
    private static HttpServer serve() throws IOException {
        HttpServer s = HttpServer.create(new InetSocketAddress("0.0.0.0", PORT), 100);
        s.setExecutor(handlers);
        s.createContext("/echo", HttpClientsTest::echo);
        s.createContext("/never", HttpClientsTest::waitForTheEnd);
        s.start();
        return s;
    }

    /** A client's stack, and the address of a server. */
    private record Place(Stack client, String host, AutoCloseable end) implements AutoCloseable {
        static Place open(boolean memory, String path) throws Exception {
            if (!memory) {
                OverTun over = new OverTun(namespace, path);
                return new Place(over.stack, OverTun.KERNEL, over);
            }
            TwoStacks stacks = new TwoStacks(path);
            HttpServer s = stacks.server.call(HttpClientsTest::serve);
            return new Place(stacks.client, TwoStacks.at(0).getHostString(), () -> {
                s.stop(0);
                stacks.close();
            });
        }

        String url(int port, String path) {
            return "http://" + host + ":" + port + path;
        }

        @Override
        public void close() throws Exception {
            end.close();
        }
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

    private static String body(int i) {
        return ("request " + i + " ").repeat(i * 1000 + 1);
    }

    /** Sends a body, answers with the body of the response. */
    private interface Client {
        String post(String url, String body) throws IOException;
    }

    private static void manyAtATime(Place at, Client client) throws Exception {
        List<Future<Boolean>> all = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < WORKERS; w++) {
                all.add(workers.submit(() -> {
                    for (int i = 0; i < REQUESTS; i++) {
                        String answer = client.post(at.url(PORT, "/echo"), body(i));
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

    private static void failuresAreTheUsualOnes(Place at, Client client) {
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> client.post(at.url(NOBODY_LISTENS, "/"), "x")).withStackTraceContaining("refused");
        // OkHttp's own watch and the socket's timeout run out together; whichever is first throws
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> client.post(at.url(PORT, "/never"), "x"))
                .satisfies(e -> assertThat(e.getMessage()).isIn("timeout", "Read timed out"));
    }

    @ParameterizedTest
    @CsvSource({"false, ''", "false, delay 1ms loss 2%", "true, ''", "true, delay 1ms loss 2%"})
    void okHttp(boolean memory, String path) throws Exception {
        try (Place at = Place.open(memory, path)) {
            OkHttpClient http = new OkHttpClient.Builder()
                    .socketFactory(SluiceSockets.of(at.client).socketFactory()).build();
            manyAtATime(at, (url, body) -> okHttp(http, url, body));
            OkHttpClient impatient = http.newBuilder().readTimeout(Duration.ofMillis(300)).build();
            if (!memory) {
                failuresAreTheUsualOnes(at, (url, body) -> okHttp(impatient, url, body));
            }
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
    @CsvSource({"false, ''", "false, delay 1ms loss 2%", "true, ''", "true, delay 1ms loss 2%"})
    void apache(boolean memory, String path) throws Exception {
        try (Place at = Place.open(memory, path);
                CloseableHttpClient http = HttpClients.custom().disableAutomaticRetries().setConnectionManager(
                        new OnStack(at.client).setMaxConnPerRoute(WORKERS).build()).build()) {
            manyAtATime(at, (url, body) -> apache(http, url, body));
        }
    }

    private static String apache(CloseableHttpClient http, String url, String body) throws IOException {
        HttpPost post = new HttpPost(url);
        post.setEntity(new StringEntity(body));
        return http.execute(post, response -> EntityUtils.toString(response.getEntity()));
    }
}
